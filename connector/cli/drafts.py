"""Calls and what becomes of them, as a reader or a program is shown them."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any

from connector.cli.printing import say, table
from connector.model import Lookup, PersonRef
from connector.sync.settle import is_running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.model import DraftValue, PersonSearch
    from connector.source_model import Call, Lead


def say_call(call: Call, lead: Lead | None, now: datetime) -> None:
    """Which call it is, and what keeps it from being logged whatever the mapping says."""
    when = f"{call.created_at:%Y-%m-%d %H:%M} UTC"
    say(f"Call {call.id}: {call.direction} {call.call_status}, {call.duration_seconds} s, {when}")
    if is_running(call, now):
        say("  still in progress: a sync holds it until it is over")
    if lead is not None and lead.deleted:
        say("  its lead is deleted in Apten: a sync leaves it out unless it was logged before")


def show_fields(fields: Mapping[str, DraftValue], person: PersonSearch | None) -> str:
    """Fields with their values, aligned; long texts on lines of their own."""
    rows = []
    for name, value in fields.items():
        text = value_text(value, person)
        rows.append((name, textwrap.indent(text, " " * 8).join(("\n", "")) if "\n" in text else text))
    return table(rows, indent="    ")


def value_text(value: DraftValue, person: PersonSearch | None) -> str:
    """A value in words; `person` says how the person is to be found."""
    match value:
        case None:
            return "(emptied)"
        case PersonRef(otherwise=otherwise) | Lookup(otherwise=otherwise):
            found = _open_text(value, person)
            return found if otherwise is None else f"{found}, else {value_text(otherwise, person)}"
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
    return str(value)


def _open_text(value: PersonRef | Lookup, person: PersonSearch | None) -> str:
    if isinstance(value, Lookup):
        return f"the {value.object} with " + " and ".join(f"{name} {held}" for name, held in value.where)
    what = "the person" if value.part == "id" else f"the {value.part} of the person"
    return clues_text(person, what)


def clues_text(person: PersonSearch | None, what: str = "the person") -> str:
    """By what the person is to be found; `what` of them is meant."""
    clues = person.clues if person else ()
    return " or ".join(f"{what} with {clue.by} {clue.value}" for clue in clues) or "nobody: no way to find a person"


def value_json(value: DraftValue) -> Any:
    """A value for a program."""
    match value:
        case PersonRef(part=part, otherwise=otherwise):
            what: dict[str, Any] = {"person": part}
        case Lookup(object=object_, where=where, otherwise=otherwise):
            what = {"find": object_, "where": dict(where)}
        case _:
            return value
    return what if otherwise is None else {**what, "default": value_json(otherwise)}
