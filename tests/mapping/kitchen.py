"""An object with every kind of field, for random mappings to write to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from tests.mapping.samples import file

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.mapping.load import MappingFile

SCHEMA = load_schema(
    file("""
crm: salesforce
object: Kitchen
counted: utf16
fields:
  call_id: {type: text, length: 255, key: true}
  always: {type: text, length: 18, required: true}
  short: {type: text, length: 18}
  long: {type: long_text, length: 400}
  unlimited: {type: long_text}
  closed:
    type: picklist
    length: 40
    restricted: true
    values: [{value: In, label: Inbound}, {value: Out, label: Outbound}, Other]
  open: {type: picklist, length: 40, values: [{value: H, label: High}, Other]}
  of: {type: picklist, length: 12, restricted: true, values: [Contact, Lead, Account]}
  reason:
    type: picklist
    restricted: true
    controller: closed
    values: [{value: Sold, only_with: [Out]}, {value: Moved, only_with: [In, Out]}, Other]
  whole: {type: integer, minimum: 0, maximum: 99999999, unit: seconds}
  millis: {type: integer, unit: milliseconds}
  small: {type: integer, minimum: 0, maximum: 50}
  amount: {type: number, minimum: -5, maximum: 1000000}
  flag: {type: boolean}
  day: {type: date}
  moment: {type: datetime}
  owner: {type: reference, length: 18, required: true, references: [Group, User]}
  WhoId: {type: reference, length: 18, references: [Contact, Lead]}
  WhatId: {type: reference, length: 18, references: [Account, Campaign]}
  contact: {type: reference, length: 18, references: [Contact]}
  anybody: {type: reference, length: 18}
  id_text: {type: text, length: 18}
  tiny: {type: text, length: 5}
  mail: {type: text, length: 40, email: true}
  price: {type: number, scale: 1}
  once: {type: text, length: 40, updateable: false}
  sealed: {type: text, createable: false, updateable: false}
  later: {type: text, createable: false}
  place: {type: other}
""")
)
FIELDS = [field for field in SCHEMA.fields.values() if not field.key]
HEAD: dict[str, Any] = {
    "version": "1",
    "activity": "salesforce/Kitchen",
    "key": "call_id",
    "timezone": "America/New_York",
    "person": {"by": ["lead.externalLeadId"]},
}
SURE = {"always": "there", "owner": "005xx0000000001"}
"""What the required fields hold where a test says nothing else."""


def mapping_of(fields: dict[str, Any], **more: Any) -> MappingFile:
    """A mapping that writes these fields; `more` are keys of the file, None leaves one out."""
    head = {key: value for key, value in {**HEAD, **more}.items() if value is not None}
    return load(file(json.dumps({**head, "fields": fields}, ensure_ascii=False)))


def passes(mapping: MappingFile, schema: ObjectSchema | None) -> bool:
    return not any(found.is_error for found in check(mapping, schema))


EVERYTHING: dict[str, Any] = {
    **HEAD,
    "name": "Everything the language has",
    "key": {"field": "call_id", "suffix": "second"},
    "timezone": {"from": "lead.additionalInfo.zone", "default": "America/New_York"},
    "write": "unless_edited",
    "redact": ["card_numbers", "phones"],
    "log_when": {
        "durationSeconds": {"at_least": "1s", "at_most": "2h"},
        "any": [{"endedBy": ["LEAD", "AGENT"]}, {"not": {"isTransfer": "true"}}],
        "createdAt": {"at_least": "2026-06-15"},
        "lead.tags": {"has": "vip"},
        "summary": {"present": "true"},
    },
    "wait_for": {"summary": "30m", "transcript": {"up_to": "2h", "when": {"callStatus": "COMPLETE"}}},
    "labels": {"endedBy": {"LEAD": "Customer"}},
    "person": {
        "by": ["lead.externalLeadId", "lead.phone"],
        "in": ["Contact"],
        "phone_country": "US",
        "if_none": "log_unlinked",
        "if_many": "hold",
    },
    "fields": {
        "always": {"from": "summary", "default": "none", "cut": {"keep": "start", "mark": "…"}},
        "short": {"text": "{{ createdAt | date }} {{ summary | default('none') | cut('…') }}", "redact": "nothing"},
        "long": {
            "text": "{% if summary %}{{ summary | cut(200) }}{% endif %}{{ transcript | dialogue | cut('…') }}",
            "redact": ["emails"],
            "if_missing": "clear",
        },
        "unlimited": {"from": "transcript", "as": "text", "write": "always"},
        "closed": {"from": "direction", "map": {"INBOUND": "In", "OUTBOUND": {"option": "Outbound"}}},
        "reason": {"from": "isTransfer", "map": {"true": "Moved", "false": "Other"}},
        "open": {"option": "High", "when": {"lead.isHot": "true"}, "default": {"value": "Other"}},
        "of": {"from": "person.object"},
        "whole": {"from": "durationSeconds"},
        "millis": {"from": "midCallTransferDuration", "as": "milliseconds", "default": "0"},
        "small": {"cases": [{"when": {"isTransfer": "true"}, "value": "1"}, {"value": "2"}]},
        "amount": {"from": "durationSeconds", "as": "minutes", "round": "up"},
        "flag": "true",
        "day": {
            "from": "createdAt",
            "as": "date",
            "plus": "1d",
            "timezone": {"from": "lead.additionalInfo.zone", "default": "Europe/Berlin"},
        },
        "moment": {"from": "lead.createdAt", "timezone": "Europe/Berlin"},
        "owner": {"from": "person.owner", "default": "005xx0000000001"},
        "WhoId": {"from": "person"},
        "WhatId": {"from": "person.account", "default": {"find": "Account", "where": {"Name": "Acme"}}},
        "contact": {"find": "Contact", "where": {"Email": {"from": "lead.email"}, "Name": "Ada"}},
        "anybody": {
            "from": "endedBy",
            "map": {"LEAD": {"find": "Lead", "where": {"Name": "Ada"}}},
            "unmapped": "00Qxx0000000001",
        },
        "id_text": {
            "cases": [
                {"when": {"endedBy": {"present": "true"}}, "from": "endedBy", "as": "label", "cut": {"to": "5"}},
                {"when": {"lead.phone": {"present": "true"}}, "cases": [{"text": "{{ lead.phone | cut(9) }}"}]},
                "nobody",
            ]
        },
        "tiny": {"from": "endedBy", "cut": {"keep": "end"}},
        "once": {"value": "Hello"},
    },
}
"""A mapping that passes, with a warning of two ids in it, and has one of everything."""
