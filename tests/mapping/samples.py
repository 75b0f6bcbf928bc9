"""The call every example speaks of, and short ways from a few lines of mapping to what it makes of a call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.diagnostics import SourceFile
from connector.mapping.apply import Mapping, compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Draft, Skip
from connector.source_model import Call, Lead

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema

HEAD = "version: 1\nactivity: salesforce/Visit\nkey: call_id\n"
LEFT_OUT = "left out"
"""What `value` gives for a field that the draft does not have."""
SHIPPED = Path(__file__).parents[2] / "mappings"

FOUNDING: dict[str, Any] = json.loads("""
{"id": "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "leadId": "c4f23a1b-d8e5-4f67-90c1-2a5b8d3e9f7c",
 "direction": "OUTBOUND", "callStatus": "COMPLETE", "durationSeconds": 145,
 "createdAt": "2026-06-15T14:30:00.000Z", "updatedAt": "2026-06-15T14:32:25.000Z",
 "summary": "Customer inquired about pricing and requested a follow-up meeting.",
 "transcript": [
  {"role": "assistant", "content": "Hi, this is Apten calling about your inquiry.",
   "startTime": "2026-06-15T14:30:01.000Z", "endTime": "2026-06-15T14:30:05.000Z"},
  {"role": "user", "content": "Yes, I had some questions about pricing.",
   "startTime": "2026-06-15T14:30:06.000Z", "endTime": "2026-06-15T14:30:10.000Z"}],
 "isTransfer": false, "endedBy": "LEAD"}
""")
"""Apten's own example of a call, word for word."""

BARE = {key: FOUNDING[key] for key in ("id", "direction", "callStatus", "durationSeconds", "createdAt", "updatedAt")}
"""The least that Apten says of a call."""

LEAD = Lead.model_validate(
    {
        "id": "c4f23a1b-d8e5-4f67-90c1-2a5b8d3e9f7c",
        "firstName": "Ada",
        "externalLeadId": "003xx000004TmiQAAS",
        "isHot": True,
        "tags": [{"id": "t1", "name": "vip"}, {"id": "t2", "name": "solar"}],
        "additionalInfo": {"region": "West", "score": 7, "note": None},
    }
)


def call(**facts: Any) -> Call:
    """A bare call with these facts of it, by Apten's names."""
    return Call.model_validate({**BARE, **facts})


def founding_call() -> Call:
    return Call.model_validate(FOUNDING)


def file(text: str, name: str = "mapping.yaml") -> SourceFile:
    return SourceFile(name, text)


def shipped(name: str) -> SourceFile:
    return file((SHIPPED / name).read_text(encoding="utf-8"), name)


def schema_of(fields: str) -> ObjectSchema:
    """A schema of salesforce/Visit with these fields and the key."""
    text = "crm: salesforce\nobject: Visit\ncounted: utf16\nfields:\n  call_id: {type: text, length: 255, key: true}\n"
    return load_schema(file(text + "".join(f"  {line}\n" for line in fields.splitlines()), "visit.schema.yaml"))


def codes(text: str, schema: ObjectSchema | None = None) -> list[str]:
    """The codes that checking finds, in the file's order."""
    return [found.code for found in check(load(file(text)), schema)]


def compiled(text: str, schema: ObjectSchema | None = None) -> Mapping:
    return compile_mapping(load(file(text)), schema)


def made(mapping: Mapping, of: Call, lead: Lead | None = None) -> Draft:
    """The draft of a call that the mapping does not skip."""
    draft = mapping.apply(of, lead)
    assert not isinstance(draft, Skip), draft.reason
    return draft


def value(written: str, of: Call, lead: Lead | None = None, *, field: str | None = None, head: str = "") -> Any:
    """What a value becomes, `field` being the CRM field's schema; a word of its own if it is left out of the draft."""
    schema = schema_of(f"target: {field}") if field else None
    text = f"{HEAD}timezone: America/New_York\n{head}fields:\n  target: {written}\n"
    return made(compiled(text, schema), of, lead).fields.get("target", LEFT_OUT)


def visit(written: str, head: str = "") -> str:
    """A mapping that writes this to its only field."""
    return f"{HEAD}{head}fields:\n  target: {written}\n"
