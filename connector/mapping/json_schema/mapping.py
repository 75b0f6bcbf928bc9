"""The JSON Schema of a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_kinds import CRMS
from connector.mapping.heading import SUFFIX
from connector.mapping.json_schema import fields, sources, values
from connector.mapping.json_schema.pieces import (
    DIALECT,
    named,
    one_or_more,
    or_map,
    ref,
    section,
    sentence,
    single,
    text,
    words,
)
from connector.mapping.shape import FILE, IF_UNLINKED, KEY, PERSON, VERSION, WAIT, WRITE
from connector.mapping.source import AWAITABLE, SOURCES

if TYPE_CHECKING:
    from connector.crm_kinds import CrmKind
    from connector.crm_schema import ObjectSchema
    from connector.mapping.json_schema.pieces import Schema


def mapping_schema(crm_schema: ObjectSchema | None = None) -> Schema:
    """The JSON Schema of a mapping; with the CRM's fields, of one that writes to that object."""
    crm = CRMS.get(crm_schema.crm) if crm_schema else None
    content = {
        "version": {"anyOf": [{"const": int(VERSION)}, text(VERSION, "this program reads version 1")]},
        "name": single(),
        "activity": _activity(crm_schema),
        "key": _key(crm_schema),
        "timezone": ref("timezone"),
        "write": words(WRITE),
        "redact": ref("redact"),
        "log_when": ref("condition"),
        "wait_for": _wait_for(),
        "labels": sources.labels(),
        "person": _person(crm),
        "fields": fields.fields_of(crm_schema) if crm_schema else fields.any_fields(),
    }
    return {
        "$schema": DIALECT,
        "title": "Mapping",
        **section(FILE, content),
        "$defs": {
            **values.definitions(crm),
            **sources.definitions(),
            **(fields.definitions(crm_schema) if crm_schema else {}),
        },
    }


def _activity(crm_schema: ObjectSchema | None) -> Schema:
    if crm_schema:
        return {"const": f"{crm_schema.crm}/{crm_schema.object}"}
    return text(rf"(?:{'|'.join(CRMS)})/[^\s/]+", f"a CRM ({', '.join(CRMS)}), a slash and the object are due here")


def _key(crm_schema: ObjectSchema | None) -> Schema:
    field = fields.key_of(crm_schema) if crm_schema else single()
    suffix = single(f"^(?:{SUFFIX})$", "letters, digits, - and _ only, at most 40")
    return or_map(field, section(KEY, {"field": field, "suffix": suffix}))


def _wait_for() -> Schema:
    up_to = values.duration()
    wait = or_map(up_to, section(WAIT, {"up_to": up_to, "when": ref("condition_on_call")}))
    return {
        "type": "object",
        "properties": {name: {"description": sentence(SOURCES[name].doc), **wait} for name in AWAITABLE},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _person(crm: CrmKind | None) -> Schema:
    kinds = [crm] if crm else list(CRMS.values())
    clues = {clue: SOURCES[clue].doc for kind in kinds for clue in kind.clues}
    people = list(dict.fromkeys(name for kind in kinds for name in kind.people))
    content: dict[str, Schema] = {
        "by": one_or_more(words(clues)),
        "in": one_or_more({"type": "string", "enum": people}) if people else {},
        "phone_country": _country(),
        "if_none": words(IF_UNLINKED),
        "if_many": words(IF_UNLINKED),
    }
    return section([key for key in PERSON if content[key.name]], content)


def _country() -> Schema:
    # Imported where it is used: it brings the numbering plans of all countries along.
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415

    return named(dict.fromkeys(sorted(SUPPORTED_REGIONS), ""), "two capital letters of a country are due here")
