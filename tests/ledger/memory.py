"""A ledger as plain dictionaries: what the real one is compared with."""

from __future__ import annotations

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.model import ActivityState, CallState, LeadState, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime


@dataclass
class Contents:
    """Everything remembered."""

    leads: dict[str, LeadState] = field(default_factory=dict)
    calls: dict[str, CallState] = field(default_factory=dict)
    activities: dict[tuple[str, str], ActivityState] = field(default_factory=dict)
    marks: dict[str, datetime] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)


class Memory:
    """The changes a ledger takes, and the answers it then owes."""

    def __init__(self) -> None:
        self.contents = Contents()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = deepcopy(self.contents)
        try:
            yield
        except BaseException:
            self.contents = before
            raise

    def set_mark(self, name: str, at: datetime | None) -> None:
        self.contents.marks.pop(name, None)
        if at is not None:
            self.contents.marks[name] = at

    def save_leads(self, leads: Iterable[LeadState]) -> None:
        self.contents.leads.update((lead.lead_id, lead) for lead in leads)

    def save_calls(self, calls: Iterable[CallState]) -> None:
        self.contents.calls.update((call.call_id, call) for call in calls)

    def save_activities(self, activities: Iterable[ActivityState]) -> None:
        for activity in activities:
            self.contents.targets.add(activity.target)
            self.contents.activities[activity.call_id, activity.target] = activity

    def adopt(self, target: str, records: Mapping[str, str], at: datetime) -> None:
        self.contents.targets.add(target)
        for call_id, record_id in records.items():
            known = ActivityState(call_id, target, State.KNOWN, record_id, at=at)
            self.contents.activities.setdefault((call_id, target), known)

    def call(self, call_id: str) -> CallState:
        return self.contents.calls.get(call_id, CallState(call_id))

    def due_calls(self, now: datetime) -> list[CallState]:
        uncertain = self.calls_in(State.INTENT)
        due = sorted((call.due_at, call.call_id) for call in self.contents.calls.values() if call.due_at)
        return uncertain + [call for at, name in due if at <= now and (call := self.call(name)) not in uncertain]

    def due_leads(self, now: datetime) -> list[LeadState]:
        due = sorted((lead.due_at, lead.lead_id) for lead in self.contents.leads.values() if lead.due_at)
        return [self.contents.leads[name] for at, name in due if at <= now]

    def count(self, state: State, target: str) -> int:
        return sum(each.state is state for (_, under), each in self.contents.activities.items() if under == target)

    def calls_in(self, state: State, target: str | None = None) -> list[CallState]:
        found = {
            call_id
            for (call_id, under), activity in self.contents.activities.items()
            if activity.state is state and target in (None, under)
        }
        return [self.call(call_id) for call_id in sorted(found)]

    def calls_mapped_otherwise(self, target: str, mapping: bytes) -> list[CallState]:
        states = (State.WRITTEN, State.SKIPPED, State.INTENT)
        dealt_with = [call for state in states for call in self.calls_in(state, target)]
        others = [call for call in dealt_with if self.contents.activities[call.call_id, target].mapping != mapping]
        return sorted(others, key=lambda call: call.call_id)

    def calls_tried_otherwise(self, target: str, tried: bytes) -> list[CallState]:
        parked = self.calls_in(State.PARKED, target)
        known = {call.call_id: self.contents.activities[call.call_id, target].mapping for call in parked}
        return [call for call in parked if not (known[call.call_id] or b"none").startswith(tried)]

    def calls_where(self, **fields: object) -> list[CallState]:
        """Calls with these fields, by id."""
        return sorted(
            (call for call in self.contents.calls.values() if replace(call, **fields) == call),  # type: ignore[arg-type]  # the fields' names come as text
            key=lambda call: call.call_id,
        )
