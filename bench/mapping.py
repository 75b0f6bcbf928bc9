"""How fast a mapping is checked and applied: `python -m bench.mapping`.

Applying is measured against a function written by hand that makes the same drafts of the same calls: the practical
upper bound in Python. Times are processor time, medians of rounds that take turns.
"""

from __future__ import annotations

import gc
import random
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connector.canonical import canonical_text
from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, length_of
from connector.diagnostics import SourceFile
from connector.mapping.apply import compile_mapping
from connector.mapping.check import check
from connector.mapping.cutting import cut
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Clue, Draft, PersonRef, PersonSearch
from connector.shipped import shipped
from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.mapping.apply import Mapping
    from connector.model import DraftValue

ROUNDS = 9
CALLS = 1_000
MORE_FIELDS = "  IsReminderSet: {from: hasVoicemail}\n  CallObject: {from: leadId, cut: {keep: start}}\n"
"""What the shipped mapping for Salesforce lacks of twelve fields."""

NEW_YORK = ZoneInfo("America/New_York")
_TYPES = {"INBOUND": "Inbound", "OUTBOUND": "Outbound"}
_STATUSES = {"COMPLETE": "Completed", "NO_ANSWER": "No answer", "IN_PROGRESS": "In progress"}
_ENDED_BY = {"LEAD": "Customer", "AGENT": "AI agent", "SYSTEM": "System", "UNKNOWN": "Unknown"}
_SPEAKERS = {"assistant": "Agent", "user": "Customer"}
_ON_CREATE = frozenset({"WhoId", "TaskSubtype"})
_UNLESS_EDITED = frozenset(
    (
        *("IsReminderSet", "CallObject", "Status", "Subject", "CallType", "CallDurationInSeconds"),
        *("CallDisposition", "ActivityDate", "Priority", "Description"),
    )
)
_MARK = " … [transcript cut]"
_WORDS = ("solar", "panel", "roof", "quote", "meeting", "Tuesday", "battery", "warranty", "loan", "—", "naïve", "🙂")


def main() -> None:
    """Measure, and print what was found."""
    text = shipped("mappings/salesforce.yaml").read_text(encoding="utf-8")
    schema = load_schema(_file(shipped("mappings/salesforce.schema.yaml").read_text(encoding="utf-8")))
    # Taking card numbers out is a step of its own, whose cost says nothing of the language.
    twelve = _file(text.replace("redact: [card_numbers]\n", "").replace("fields:\n", f"fields:\n{MORE_FIELDS}"))
    mapping = compile_mapping(load(twelve), schema)
    for sort, turns in (("talks of 9 KB", 40), ("calls that nobody answered", 0)):
        _measure_apply(mapping, sort, [_call(number, turns) for number in range(CALLS)])
    for fields, bar in ((12, "5 ms"), (100, ""), (250, "50 ms")):
        file, its_schema = (twelve, schema) if fields == 12 else (_wide(fields), _wide_schema(fields))  # noqa: PLR2004
        assert not check(load(file), its_schema)
        (seconds,) = _medians(lambda file=file, its_schema=its_schema: check(load(file), its_schema))  # type: ignore[misc]
        told = f"   (bar: at most {bar})" if bar else ""
        print(f"check of {fields:>3} fields  {1e3 * seconds:6.1f} ms{told}")


def _measure_apply(mapping: Mapping, sort: str, calls: list[Call]) -> None:
    lead = _lead()
    assert all(mapping.apply(call, lead) == by_hand(call, lead) for call in calls)

    def apply_all() -> None:
        for call in calls:
            mapping.apply(call, lead)

    def by_hand_all() -> None:
        for call in calls:
            by_hand(call, lead)

    ours, plain = _medians(apply_all, by_hand_all)
    print(f"{CALLS:,} {sort}, 12 fields")
    print(f"  apply     {CALLS / ours:>9,.0f} calls/s   {1e6 * ours / CALLS:6.1f} µs a call")
    print(f"  by hand   {CALLS / plain:>9,.0f} calls/s   {1e6 * plain / CALLS:6.1f} µs a call")
    print(f"  ratio     {plain / ours:>9.2f}           (bar: at least 0.5)")


def by_hand(call: Call, lead: Lead | None) -> Draft:
    """What the mapping makes of a call, without the mapping."""
    fields: dict[str, DraftValue] = {"IsReminderSet": bool(call.has_voicemail)}
    if call.lead_id and (lead_id := canonical_text(call.lead_id)):
        fields["CallObject"] = lead_id if 2 * len(lead_id) <= 255 else cut(lead_id, 255, Counted.UTF16)  # noqa: PLR2004
    fields["Status"] = "Completed"
    fields["TaskSubtype"] = "Call"
    fields["WhoId"] = PersonRef()
    status = _STATUSES.get(call.call_status) or _readable(call.call_status)
    subject = canonical_text(f"Apten {'Inbound' if call.direction == 'INBOUND' else 'Outbound'} call: {status}")
    fields["Subject"] = _held(subject, 255, "…")
    fields["CallType"] = _TYPES[call.direction]
    fields["CallDurationInSeconds"] = call.duration_seconds
    ended_by = canonical_text(_ENDED_BY.get(call.ended_by) or _readable(call.ended_by)) if call.ended_by else ""
    fields["CallDisposition"] = _held(ended_by or "Unknown", 255, "…")
    fields["ActivityDate"] = call.created_at.astimezone(NEW_YORK).date()
    fields["Priority"] = "High" if call.is_transfer else "Normal"
    fields["Description"] = _description(call)
    clues = (Clue("lead.externalLeadId", lead.external_lead_id),) if lead and lead.external_lead_id else ()
    return Draft(call.id, call.id, fields, PersonSearch(clues, ("Contact", "Lead")), _ON_CREATE, _UNLESS_EDITED)


def _description(call: Call) -> str:
    summary = _held(canonical_text(call.summary or "") or "No summary yet.", 16_000, "")
    dialogue = "\n".join(
        f"{_SPEAKERS.get(turn.role) or _readable(turn.role)}: {said}"
        for turn in call.transcript
        if (said := turn.content.strip())
    )
    if not call.transcript:
        return canonical_text(f"{summary}\n\nApten call {call.id}")
    said = canonical_text(dialogue)
    room = 32_000 - length_of(f"{summary}\n\n\n\nApten call {call.id}\n", Counted.UTF16)
    return canonical_text(f"{summary}\n\n{_held(said, room, _MARK)}\n\nApten call {call.id}")


def _held(text: str, room: int, mark: str) -> str:
    return text if 2 * len(text) <= room else cut(text, room, Counted.UTF16, mark=mark)


def _readable(value: str) -> str:
    words = value.replace("_", " ")
    return words.capitalize() if words.isupper() or words.islower() else words


def _call(number: int, turns: int) -> Call:
    """One in seven has no summary yet; of those with a transcript, one in fifty has more than a task holds."""
    dice = random.Random(number)
    turns = 250 if turns and number % 50 == 0 else turns
    facts: dict[str, Any] = {
        "id": f"a1b2c3d4-e5f6-7890-abcd-{number:012}",
        "leadId": f"c4f23a1b-d8e5-4f67-90c1-{number:012}",
        "direction": dice.choice(("INBOUND", "OUTBOUND")),
        "callStatus": dice.choice(("COMPLETE", "NO_ANSWER", "COMPLETE", "BUSY_LINE")),
        "durationSeconds": dice.randrange(600),
        "createdAt": "2026-06-15T02:30:00.000Z",
        "updatedAt": "2026-06-15T02:32:25.000Z",
        "isTransfer": dice.choice((True, False, None)),
        "endedBy": dice.choice(("LEAD", "AGENT", "SYSTEM", None)),
        "summary": None if number % 7 == 0 else " ".join(dice.choices(_WORDS, k=60 if turns else 5)),
        "transcript": [
            {"role": ("assistant", "user")[turn % 2], "content": " ".join(dice.choices(_WORDS, k=22))}
            for turn in range(turns)
        ],
    }
    return Call.model_validate(facts)


def _lead() -> Lead:
    return Lead.model_validate({"id": "l1", "firstName": "Ada", "externalLeadId": "003xx000004TmiQAAS"})


_WIDE = (
    ("{from: endedBy, as: label, default: Unknown, cut: {keep: start, mark: …}}", FieldType.TEXT),
    ("{from: durationSeconds, as: minutes, round: up}", FieldType.INTEGER),
    ("{from: createdAt, as: date}", FieldType.DATE),
    ("{text: \"{{ direction | label }}: {{ summary | default('none') }}\", cut: {keep: start}}", FieldType.TEXT),
    ("{cases: [{when: {isTransfer: true, durationSeconds: {at_least: 30s}}, value: High}, Normal]}", FieldType.TEXT),
)


def _wide(fields: int) -> SourceFile:
    """A mapping of so many fields, of the usual sorts in turn."""
    lines = [f"  field_{number}: {_WIDE[number % len(_WIDE)][0]}\n" for number in range(fields)]
    head = "version: 1\nactivity: salesforce/Wide\nkey: call_id\ntimezone: America/New_York\nfields:\n"
    return _file(head + "".join(lines))


def _wide_schema(fields: int) -> ObjectSchema:
    key = FieldSchema("call_id", FieldType.TEXT, length=255, key=True)
    types = [_WIDE[number % len(_WIDE)][1] for number in range(fields)]
    columns = [
        FieldSchema(f"field_{number}", type_, length=255 if type_ is FieldType.TEXT else None)
        for number, type_ in enumerate(types)
    ]
    return ObjectSchema("salesforce", "Wide", Counted.UTF16, {column.name: column for column in (key, *columns)})


def _file(text: str) -> SourceFile:
    return SourceFile("mapping.yaml", text)


def _medians(*runs: Callable[[], object]) -> list[float]:
    """The median processor time of each, after a round that does not count."""
    times: list[list[float]] = [[] for _ in runs]
    for number in range(ROUNDS + 1):
        for at, run in enumerate(runs):
            gc.collect()
            begun = process_time()
            run()
            if number:
                times[at].append(process_time() - begun)
    return [median(each) for each in times]


if __name__ == "__main__":
    main()
