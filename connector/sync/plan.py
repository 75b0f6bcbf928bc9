"""A plan: what a run would write, found out by running it on a CRM that is read and never written to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.model import Receipt
from connector.sync.edits import same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

    Satisfies `ports.Crm`.
    """

    def __init__(self, crm: Crm, tell: Callable[[PlannedWrite], None]) -> None:
        self._crm = crm
        self._tell = tell
        self._schemas: dict[str, ObjectSchema] = {}
        self._asked = self._writes = self._for_the_plan = 0

    @property
    def batch_size(self) -> int:
        """As the CRM has it."""
        return self._crm.batch_size

    @property
    def usage(self) -> Usage:
        """As the CRM says, but of what a run would have sent."""
        return replace(self._crm.usage, sent=self.requests)

    @property
    def requests(self) -> int:
        """What a run would have asked: where the CRM counts its requests, by its own count, logins included."""
        return (self._crm.usage.sent or self._asked) - self._for_the_plan + self._writes

    def identity(self) -> str:
        """As the CRM says."""
        self._asked += 1
        return self._crm.identity()

    def describe(self, target: Target) -> ObjectSchema:
        """As the CRM says."""
        self._asked += 1
        self._schemas[target.object] = schema = self._crm.describe(target)
        return schema

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """As the CRM says."""
        self._asked += 1
        return self._crm.find(searches)

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """As the CRM says."""
        self._asked += 1
        return self._crm.look_up(lookups)

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """As the CRM says."""
        self._asked += 1
        return self._crm.read(target, keys, fields)

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        """As the CRM says."""
        self._asked += 1
        return self._crm.scan(target, token)

    def key_of(self, target: Target, record_id: str) -> str | None:
        """As the CRM says."""
        self._asked += 1
        return self._crm.key_of(target, record_id)

    def link(self, record_id: str) -> str | None:
        """As the CRM says."""
        return self._crm.link(record_id)

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """Nothing is written: each write is told, with what the CRM holds now."""
        held = self._held(target, activities)
        receipts = []
        for activity in activities:
            record = held.get(activity.key)
            if record is not None and activity.record_id is None:
                receipts.append(Receipt(activity.key, exists=True))
                continue
            if self._is_gone(target, activity, record):
                receipts.append(Receipt(activity.key, gone=True))
                continue
            self._tell(_planned(target, activity, record))
            created = activity.record_id is None
            receipts.append(Receipt(activity.key, record_id=activity.record_id or _NOT_MADE, created=created))
        self._writes += any(not receipt.exists for receipt in receipts)
        # An adapter makes sure, with one request for all, that what the CRM does not find is gone.
        self._writes += any(receipt.gone for receipt in receipts)
        return receipts

    def _is_gone(self, target: Target, activity: Activity, held: Record | None) -> bool:
        """Whether the record to be updated is not there; one whose key somebody has changed still is."""
        if activity.record_id is None or (held is not None and held.id == activity.record_id):
            return False
        sent = self._crm.usage.sent
        key = self._crm.key_of(target, activity.record_id)
        self._for_the_plan += self._crm.usage.sent - sent
        return key is None

    def _held(self, target: Target, activities: Sequence[Activity]) -> dict[str, Record]:
        """What the CRM holds of the activities that it may hold."""
        keys = [each.key for each in activities]
        if activities[0].record_id is not None:
            sent = self._crm.usage.sent
            names = sorted({name for activity in activities for name in activity.fields})
            held = self._crm.read(target, keys, names)
            self._for_the_plan += self._crm.usage.sent - sent
            return held
        # Where a second record would be taken, the CRM's adapter looks for every key as well before it creates any.
        schema = self._schemas[target.object]
        return {} if schema.keeps_unique(target.key_field) else self.read(target, keys, ())

    def close(self) -> None:
        """Let go of the CRM."""
        self._crm.close()


def _planned(target: Target, activity: Activity, held: Record | None) -> PlannedWrite:
    old = held.fields if held else {}
    changes = tuple(
        FieldChange(name, old.get(name), value)
        for name, value in activity.fields.items()
        if not same(old.get(name), value)
    )
    return PlannedWrite(activity.call_id, target, activity.record_id, changes)
