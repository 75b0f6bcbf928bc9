"""What is told of a call, as text and for programs."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from connector.cli.change import change_of_held, held_text
from connector.cli.drafts import value_json
from connector.cli.explained_in_words import person_words, sentence, standing_words
from connector.cli.findings import as_json as finding_json
from connector.cli.printing import say, table
from connector.model import Person
from connector.source_model import Turn
from connector.sync.explain import Standing

if TYPE_CHECKING:
    from connector.cli.words import Worded
    from connector.model import Failure, Unlinked
    from connector.sync.explain import ActivityTold, CallTold, FieldTold

_MINUTE = "%Y-%m-%d %H:%M UTC"
_LONGEST = 100
_NOT_KEPT = (
    "Values are those of now. What Apten said, and what was written, at earlier times is not kept anywhere by this "
    "program."
)


def show(told: CallTold, worded: Worded) -> None:
    """One sentence for each activity, then everything."""
    for activity in told.activities:
        say(sentence(told, activity, worded))
    say()
    say(table(_of_the_call(told)))
    for activity in told.activities:
        _show_activity(activity, worded)
    say(f"\n{_NOT_KEPT}")


def show_line(told: CallTold, worded: Worded) -> None:
    """The call on a line, with what became of it."""
    call = told.call
    what = f"{call.created_at:{_MINUTE}}  {call.direction}, {call.duration_seconds} s" if call else "not in Apten"
    say(f"  {told.call_id}  {what}")
    for activity in told.activities:
        say(f"      {sentence(told, activity, worded)}")


def as_json(told: CallTold, worded: Worded) -> dict[str, Any]:
    """All of it for a program."""
    return {
        "call": told.call_id,
        "lead": told.call.lead_id if told.call else None,
        "created": told.call.created_at if told.call else None,
        "in_apten": told.call is not None,
        "next_look": told.state.due_at if told.state else None,
        "activities": [_activity_json(told, each, worded) for each in told.activities],
    }


def _of_the_call(told: CallTold) -> list[tuple[str, object]]:
    call, state = told.call, told.state
    rows: list[tuple[str, object]] = [("call", told.call_id)]
    if call:
        rows += [
            ("began", f"{call.created_at:{_MINUTE}}, {call.direction}, {call.call_status}, {call.duration_seconds} s"),
            ("changed at Apten", f"{call.updated_at:{_MINUTE}}"),
            ("lead", call.lead_id or "none (webchat)"),
        ]
    elif told.unreadable:
        rows.append(("Apten", f"its record of the call cannot be read ({told.unreadable})"))
    else:
        rows.append(("Apten", "no longer has the call"))
    if state is None:
        rows.append(("ledger", "does not know the call"))
    else:
        rows.append(("looked at next", f"{state.due_at:{_MINUTE}}" if state.due_at else "when Apten shows a change"))
    return rows


def _show_activity(told: ActivityTold, worded: Worded) -> None:
    look = told.look
    by = f", by the mapping {look.by.name!r}" if look.by else ""
    say(f"\n{look.route.target.name}{by}")
    rows: list[tuple[str, object]] = []
    if told.record:
        rows.append(("record", told.record.id + (f"  {told.link}" if told.link else "")))
    known = look.known
    if known:
        why = f": {worded(known.reason)}" if known.reason else ""
        rows.append(("ledger", f"{known.state.value}{why}" + (f", {known.at:{_MINUTE}}" if known.at else "")))
    rows += [("person", words) for words in person_words(told)]
    rows += [("failed", _failure(each, worded)) for each in told.failures]
    say(table(rows))
    for field in told.fields:
        _show_field(field)


def _failure(failure: Failure, worded: Worded) -> str:
    return f"{failure.at:{_MINUTE}}, {worded(failure.code, failure.fields)} ({failure.verdict})"


def _show_field(told: FieldTold) -> None:
    place = told.said.place
    say(f"\n  {told.said.name}  ({place.file.name}:{place.line})")
    rows: list[tuple[str, object]] = [("Apten", _held(name, value)) for name, value in told.sources]
    rows.append(("mapping", told.said.form))
    if told.standing is Standing.LEFT_ALONE:
        rows.append(("makes", "nothing: the field is left alone"))
    else:
        rows.append(("makes", _indented(held_text(told.made))))
    rows.append(("CRM", _in_crm(told)))
    say(table(rows, indent="    "))


def _held(name: str, value: object) -> str:
    shown = " ".join(held_text(_source_json(value)).split())
    return f"{name} = {shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + '…'}"


def _in_crm(told: FieldTold) -> str:
    words = standing_words(told.standing)
    if told.standing is Standing.NEW or told.standing is Standing.SAME:
        return words
    if told.standing is Standing.LEFT_ALONE:
        held = _indented(held_text(told.held))
        return f"{held}: {words}" if words else held
    return f"{words}\n        {change_of_held(told.held, told.made)}"


def _indented(text: str) -> str:
    return textwrap.indent(text, " " * 8).join(("\n", "")) if "\n" in text else text


def _source_json(value: object) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], Turn):
        return f"{len(value)} turn{'s' if len(value) > 1 else ''}"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else value


def _activity_json(told: CallTold, activity: ActivityTold, worded: Worded) -> dict[str, Any]:
    look, known = activity.look, activity.look.known
    return {
        "target": look.route.target.name,
        "mapping": look.by.name if look.by else None,
        "sentence": sentence(told, activity, worded),
        "record": activity.record.id if activity.record else None,
        "link": activity.link,
        "ledger": known
        and {"state": known.state, "reason": known.reason, "at": known.at, "failing_since": known.since},
        "findings": [finding_json(each) for each in activity.findings],
        "person": _person_json(activity.person),
        "clues": [
            {"by": each.clue.by, "value": each.clue.value, **_person_json(each.found)} for each in activity.clues
        ],
        "fields": {each.said.name: _field_json(each) for each in activity.fields},
        "failures": [{"at": each.at, "code": each.code, "fields": each.fields} for each in activity.failures],
    }


def _person_json(person: Person | Unlinked | None) -> dict[str, Any]:
    if person is None:
        return {}
    if isinstance(person, Person):
        return {"found": person.id, "object": person.object}
    return {"found": None, "why": person.reason}


def _field_json(told: FieldTold) -> dict[str, Any]:
    return {
        "line": f"{told.said.place.file.name}:{told.said.place.line}",
        "sources": {name: _source_json(value) for name, value in told.sources},
        "mapping": told.said.form,
        "write": told.said.policy,
        "made": value_json(told.made),
        "crm": value_json(told.held),
        "standing": told.standing,
    }
