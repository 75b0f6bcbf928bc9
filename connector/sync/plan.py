"""A plan: what a run would write, found out by running it on a CRM that is read and never written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.model import Receipt
from connector.sync.edits import same

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.model import Activity, Lookup, Page, Person, PersonSearch, Record, Target, Unlinked, Value
    from connector.ports import Crm
    from connector.usage import Usage

_NOT_MADE = "(not made)"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What a field holds, and what it would hold."""

    name: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """One activity that would be created (`record_id` None) or updated, with the fields that would change."""

    call_id: str
    target: Target
    record_id: str | None
    changes: tuple[FieldChange, ...]


class PlannedCrm:
    """The CRM as a plan sees it: reads go through, a write is told and answered as if it had been made.

    Satisfies `ports.Crm`. `requests` counts what a real run would have asked.
    """

    def __init__(self, crm: Crm, tell: Callable[[PlannedWrite], None]) -> None:
        self._crm = crm
        self._tell = tell
        self._unique: dict[Target, bool] = {}
        self.requests = 0

    @property
    def batch_size(self) -> int:
        """As the CRM has it."""
        return self._crm.batch_size

    @property
    def usage(self) -> Usage:
        """As the CRM says: of what the plan itself has cost."""
        return self._crm.usage

    def identity(self) -> str:
        """As the CRM says."""
        self.requests += 1
        return self._crm.identity()

    def describe(self, target: Target) -> ObjectSchema:
        """As the CRM says."""
        self.requests += 1
        schema = self._crm.describe(target)
        self._unique[target] = schema.keeps_unique(target.key_field)
        return schema

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """As the CRM says."""
        self.requests += 1
        return self._crm.find(searches)

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """As the CRM says."""
        self.requests += 1
        return self._crm.look_up(lookups)

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """As the CRM says."""
        self.requests += 1
        return self._crm.read(target, keys, fields)

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        """As the CRM says."""
        self.requests += 1
        return self._crm.scan(target, token)

    def key_of(self, target: Target, record_id: str) -> str | None:
        """As the CRM says."""
        self.requests += 1
        return self._crm.key_of(target, record_id)

    def link(self, record_id: str) -> str | None:
        """As the CRM says."""
        return self._crm.link(record_id)

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """Nothing is written: each write is told, with what the CRM holds now."""
        self.requests += 1
        there = self._found_first(target, activities)
        updates = [activity for activity in activities if activity.record_id is not None]
        names = sorted({name for activity in updates for name in activity.fields})
        held = self._crm.read(target, [activity.key for activity in updates], names) if updates else {}
        for activity in activities:
            if activity.key not in there:
                self._tell(_planned(target, activity, held.get(activity.key)))
        return [
            Receipt(each.key, exists=True)
            if each.key in there
            else Receipt(each.key, record_id=each.record_id or _NOT_MADE, created=each.record_id is None)
            for each in activities
        ]

    def close(self) -> None:
        """Let go of the CRM."""
        self._crm.close()

    def _found_first(self, target: Target, activities: Sequence[Activity]) -> Collection[str]:
        """The keys of new activities that are there already: where a key may be there twice, a CRM's adapter looks."""
        new = [activity.key for activity in activities if activity.record_id is None]
        if not new or self._unique.get(target, True):
            return ()
        self.requests += 1
        return self._crm.read(target, new, ())


def _planned(target: Target, activity: Activity, held: Record | None) -> PlannedWrite:
    old = held.fields if held else {}
    changes = tuple(
        FieldChange(name, old.get(name), value)
        for name, value in activity.fields.items()
        if not same(old.get(name), value)
    )
    return PlannedWrite(activity.call_id, target, activity.record_id, changes)
