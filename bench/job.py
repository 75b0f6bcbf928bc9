"""The job that a mapping is measured at: a call becomes the twelve fields of a task.

The shipped mapping for Salesforce and two fields more, and a function written by hand that makes the same drafts of the
same calls: the practical upper bound in Python.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connector.canonical import canonical_text
from connector.crm_schema import Counted, length_of
from connector.diagnostics import SourceFile
from connector.mapping.cutting import cut
from connector.mapping.snapshot import load_schema
from connector.model import Clue, Draft, PersonRef, PersonSearch
from connector.shipped import shipped
from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.model import DraftValue

_MORE_FIELDS = "  IsReminderSet: {from: hasVoicemail}\n  CallObject: {from: leadId, cut: {keep: start}}\n"
"""What the shipped mapping for Salesforce lacks of twelve fields."""

_NEW_YORK = ZoneInfo("America/New_York")
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


def twelve_fields() -> SourceFile:
    """The mapping. Taking card numbers out is a step of its own, whose cost says nothing of the language."""
    text = shipped("mappings/salesforce.yaml").read_text(encoding="utf-8")
    return file(text.replace("redact: [card_numbers]\n", "").replace("fields:\n", f"fields:\n{_MORE_FIELDS}"))


def schema() -> ObjectSchema:
    """The task that it is for."""
    return load_schema(file(shipped("mappings/salesforce.schema.yaml").read_text(encoding="utf-8")))


def file(text: str) -> SourceFile:
    """A mapping as if it had been read from a file."""
    return SourceFile("mapping.yaml", text)


def by_hand(call: Call, lead: Lead | None) -> Draft:
    """What the mapping makes of a call, without the mapping."""
    fields: dict[str, DraftValue] = {"IsReminderSet": bool(call.has_voicemail)}
    if call.lead_id and (lead_id := canonical_text(call.lead_id)):
        fields["CallObject"] = lead_id if 2 * len(lead_id) <= 255 else cut(lead_id, 255, Counted.UTF16)  # noqa: PLR2004
    fields["Status"] = "Completed"
    fields["TaskSubtype"] = "Call"
    fields["WhoId"] = PersonRef()
    status = _STATUSES.get(call.call_status) or readable(call.call_status)
    subject = canonical_text(f"Apten {'Inbound' if call.direction == 'INBOUND' else 'Outbound'} call: {status}")
    fields["Subject"] = held(subject, 255, "…")
    fields["CallType"] = _TYPES[call.direction]
    fields["CallDurationInSeconds"] = call.duration_seconds
    ended_by = canonical_text(_ENDED_BY.get(call.ended_by) or readable(call.ended_by)) if call.ended_by else ""
    fields["CallDisposition"] = held(ended_by or "Unknown", 255, "…")
    fields["ActivityDate"] = call.created_at.astimezone(_NEW_YORK).date()
    fields["Priority"] = "High" if call.is_transfer else "Normal"
    fields["Description"] = _description(call)
    clues = (Clue("lead.externalLeadId", lead.external_lead_id),) if lead and lead.external_lead_id else ()
    return Draft(call.id, call.id, fields, PersonSearch(clues, ("Contact", "Lead")), _ON_CREATE, _UNLESS_EDITED)


def _description(call: Call) -> str:
    summary = held(canonical_text(call.summary or "") or "No summary yet.", 16_000, "")
    dialogue = "\n".join(
        f"{_SPEAKERS.get(turn.role) or readable(turn.role)}: {said}"
        for turn in call.transcript
        if (said := turn.content.strip())
    )
    if not call.transcript:
        return f"{summary}\n\nApten call {call.id}"
    said = canonical_text(dialogue)
    room = 32_000 - length_of(f"{summary}\n\n\n\nApten call {call.id}\n", Counted.UTF16)
    return f"{summary}\n\n{held(said, room, _MARK)}\n\nApten call {call.id}"


def held(text: str, room: int, mark: str) -> str:
    """The text, cut to so many UTF-16 units."""
    return text if 2 * len(text) <= room else cut(text, room, Counted.UTF16, mark=mark)


def readable(value: str) -> str:
    """A value that no label is written for."""
    words = value.replace("_", " ")
    return words.capitalize() if words.isupper() or words.islower() else words


def facts(number: int, turns: int = 40) -> dict[str, Any]:
    """A call as Apten sends it.

    One in seven has no summary yet; of those with a transcript, one in fifty has more than a task holds.
    """
    dice = random.Random(number)
    turns = 250 if turns and number % 50 == 0 else turns
    return {
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


def lead() -> Lead:
    """Whose calls they are."""
    return Lead.model_validate({"id": "l1", "firstName": "Ada", "externalLeadId": "003xx000004TmiQAAS"})
