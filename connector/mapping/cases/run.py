"""Runs a case: what was expected against what the mapping makes of the call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connector.canonical import canonical_text
from connector.crm_kinds import EXTERNAL_ID
from connector.mapping.cases.case import Logged, Skipped, Waits
from connector.mapping.scalars import as_date, as_flag, as_number, as_time
from connector.model import Person, Skip
from connector.open_values import filled

if TYPE_CHECKING:
    from connector.mapping.apply import Mapping
    from connector.mapping.cases.case import Case
    from connector.model import Draft, Value

ABSENT, EMPTIED = "(not written)", "(emptied)"
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as expected: a field by name, or `the call`; both sides as text."""

    what: str
    expected: str
    got: str


def differences(case: Case, mapping: Mapping) -> tuple[Difference, ...]:
    """Where the mapping does not make of the call what the case expects; none if it passes.

    A call that the mapping leaves out is not waited for; one that is expected to be logged may have been waited for.
    """
    made = mapping.apply(case.call, case.lead)
    if isinstance(case.expected, Logged) and not isinstance(made, Skip):
        return tuple(_in_fields(case.expected, _filled(made, case, mapping)))
    if isinstance(made, Skip):
        got = f"skipped: {made.reason}"
    elif isinstance(case.expected, Waits):
        until = mapping.wait_until(case.call)
        got = _waits(False if until is None else until - case.call.ended_at)
        if case.expected.up_to is True and until is not None:
            return ()
    else:
        got = "logged"
    expected = _in_words(case.expected)
    return () if got == expected else (Difference("the call", expected, got),)


def _in_words(expected: Logged | Skipped | Waits) -> str:
    match expected:
        case Logged():
            return "logged"
        case Skipped(reason):
            return f"skipped: {reason}"
        case Waits(up_to):
            return _waits(up_to)


def _waits(up_to: timedelta | bool) -> str:  # noqa: FBT001  # as in Waits
    if isinstance(up_to, bool):
        return "waits" if up_to else "does not wait"
    seconds = int(up_to.total_seconds())
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds and seconds % size == 0), ("s", 1))
    return f"waits {seconds // size}{unit}"


def _filled(draft: Draft, case: Case, mapping: Mapping) -> dict[str, Value]:
    """All fields, the key and what the case finds in place; what it does not find is left out."""
    clues = draft.person.clues if draft.person else ()
    named = next((Person(clue.value) for clue in clues if clue.by == EXTERNAL_ID), None)
    person = (case.person or named) if clues else None
    found = filled(draft.fields, person, lambda lookup: case.records.get(lookup.object))
    return {mapping.target.key_field: draft.key, **found}


def _in_fields(expected: Logged, got: dict[str, Value]) -> list[Difference]:
    found = []
    for name, typed in expected.fields.items():
        if name not in got or not _same(typed, got[name]):
            found.append(Difference(name, _shown(typed), _shown(got[name]) if name in got else ABSENT))
    found += [Difference(name, ABSENT, _shown(got[name])) for name in expected.absent if name in got]
    return found


def _same(typed: str | None, got: Value) -> bool:
    """Whether what was typed, read as the kind of thing that the field holds, is this value."""
    if typed is None or got is None:
        return typed is got
    read: Any
    match got:
        case bool():
            read = as_flag(typed)
        case int() | float():
            read = as_number(typed)
        case datetime():
            read = as_time(typed)
        case date():
            read = as_date(typed)
        case _:
            read = canonical_text(typed)
    return bool(read == got)


def _shown(value: Value) -> str:
    match value:
        case None:
            return EMPTIED
        case bool():
            return str(value).lower()
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return canonical_text(str(value))
