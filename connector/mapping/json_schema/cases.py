"""The JSON Schema of the tests beside a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.cases.read import NOBODY
from connector.mapping.cases.shape import CASE, EXPECT, FILE, PERSON
from connector.mapping.json_schema.fields import says
from connector.mapping.json_schema.pieces import (
    DIALECT,
    flag,
    one_or_more,
    or_map,
    section,
    sentence,
    single,
    single_or_null,
    words,
)
from connector.mapping.json_schema.values import duration
from connector.mapping.source import SOURCES
from connector.mapping.types import Kind
from connector.source_model import Call, Lead, Turn

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.mapping.json_schema.pieces import Schema
    from connector.source_model import AptenRecord


def cases_schema(crm_schema: ObjectSchema | None = None) -> Schema:
    """The JSON Schema of the tests beside a mapping; with the CRM's fields, of one that writes to that object."""
    person = section(PERSON, {key.name: single() for key in PERSON})
    content = {
        "name": single(),
        "call": or_map(single(), _record(Call, "")),
        "lead": or_map(single(), _record(Lead, "lead.")),
        "person": or_map(words([NOBODY]), person),
        "records": {"type": "object", "additionalProperties": single(), "minProperties": 1},
        "expect": _expect(crm_schema),
    }
    cases = {"type": "array", "items": section(CASE, content), "minItems": 1}
    return {"$schema": DIALECT, "title": "Tests", **section(FILE, {"cases": cases})}


def _record(model: type[AptenRecord], prefix: str) -> Schema:
    """A record as Apten sends it, of which any part may be left out."""
    properties = {}
    for name, info in model.model_fields.items():
        alias = info.alias or name
        content = _content(f"{prefix}{alias}")
        properties[alias] = {"description": sentence(info.description or ""), **content}
    return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


def _content(path: str) -> Schema:
    source = SOURCES.get(path)
    if source is None:  # what has no type of its own: free keys
        return {"type": ["object", "null"]}
    match source.plan.type.kind:
        case Kind.TRANSCRIPT:
            turn = _turn(source.plan.type.values)
            return {"type": ["array", "null"], "items": turn}
        case Kind.TEXTS:
            return {"type": ["array", "null"]}
        case Kind.BOOLEAN:
            return {"anyOf": [{"type": "boolean"}, single_or_null()]}
    values = source.plan.type.values
    return {"anyOf": [*([words(values)] if values else []), single_or_null()]}


def _turn(roles: tuple[str, ...]) -> Schema:
    properties = {info.alias or name: info.description or "" for name, info in Turn.model_fields.items()}
    content = {
        name: {"description": sentence(doc), "anyOf": [*([words(roles)] if name == "role" else []), single_or_null()]}
        for name, doc in properties.items()
    }
    return {"type": "object", "properties": content, "additionalProperties": False}


def _expect(crm_schema: ObjectSchema | None) -> Schema:
    fields: Schema = {"type": "object", "additionalProperties": single_or_null(), "minProperties": 1}
    name = single()
    if crm_schema:
        docs = {field.name: says(field) for field in crm_schema.fields.values()}
        held = {field: {"description": doc, "anyOf": [single_or_null()]} for field, doc in docs.items()}
        fields |= {"properties": held, "additionalProperties": False}
        name = words(docs)
    content = {
        "fields": fields,
        "absent": one_or_more(name),
        "skipped": single(),
        "waits": {"anyOf": [flag(), duration()]},
    }
    alone = {key: {"properties": {other: False for other in content if other != key}} for key in ("skipped", "waits")}
    return {**section(EXPECT, content), "dependentSchemas": alone}
