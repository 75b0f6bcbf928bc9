"""The fields of a CRM's object, as an editor offers them and knows what each of them takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_kinds import CRMS
from connector.crm_schema import FieldType
from connector.mapping.heading import not_a_key
from connector.mapping.json_schema.pieces import flag, number, ref, single, text, unoffered, words
from connector.mapping.problems import listed
from connector.mapping.scalars import DATE, DECIMAL, FLAGS, WHOLE
from connector.mapping.shape import ON_CREATE, WRITE
from connector.mapping.values.fit import HOLDS
from connector.mapping.values.from_person import RECORD_ID_LENGTH
from connector.mapping.values.literal import ID

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.mapping.json_schema.pieces import Schema

_WITH_FACTS_OF_ITS_OWN = (FieldType.PICKLIST, FieldType.INTEGER, FieldType.NUMBER, FieldType.REFERENCE)


def any_fields() -> Schema:
    """The section `fields` where nothing is known of the CRM."""
    return {"type": "object", "additionalProperties": ref("value"), "minProperties": 1}


def fields_of(schema: ObjectSchema) -> Schema:
    """The section `fields` of a mapping for this object."""
    fields, keys = schema.fields.values(), _possible_keys(schema)
    return {
        "type": "object",
        "properties": {field.name: _field(field, _refusal(field, keys)) for field in fields},
        "required": [field.name for field in fields if field.required and field.createable and field.name not in keys],
        "additionalProperties": False,
        "minProperties": 1,
    }


def key_of(schema: ObjectSchema) -> Schema:
    """The name of a field that can be the key; those that the CRM does not keep unique are taken, not offered."""
    offered = {name: schema.fields[name].label or name for name in _possible_keys(schema)}
    if not offered:
        return single()
    others = [name for name, field in schema.fields.items() if not field.key and not not_a_key(field, None)]
    looks_up = schema.crm not in CRMS or CRMS[schema.crm].finds
    return {"anyOf": [words(offered), unoffered(words(others))]} if others and looks_up else words(offered)


def definitions(schema: ObjectSchema) -> dict[str, Schema]:
    """What the fields hold, by the names under which they refer to it."""
    keys = _possible_keys(schema)
    return {_name(field): _holds(field) for field in schema.fields.values() if not _refusal(field, keys)}


def says(field: FieldSchema) -> str:
    """What is known of a field, in a sentence."""
    ends = [f"{end:,}" for end in (field.minimum, field.maximum) if end is not None]
    facts = [
        HOLDS.get(field.type, "of a kind that is not known here"),
        "" if field.length is None or field.type is FieldType.REFERENCE else f"at most {field.length:,} characters",
        f"in {field.unit}" if field.unit else "",
        " to ".join(ends),
        listed(field.references),
        "required" if field.required else "",
        "set when the record is created, and never after" if field.createable and not field.updateable else "",
    ]
    return f"{field.label or field.name}: {', '.join(fact for fact in facts if fact)}."


def _possible_keys(schema: ObjectSchema) -> list[str]:
    """Fields that the CRM keeps unique; any other field of text will do, with a warning from the checks."""
    return [field.name for field in schema.fields.values() if field.key and not not_a_key(field, None)]


def _field(field: FieldSchema, refusal: str) -> Schema:
    if refusal:
        description = f"{says(field)}\n\nNot to be written: {refusal}."
        message = f"{refusal}: leave this line out"
        return {"description": description, "type": "null", "errorMessage": message, "doNotSuggest": True}
    own: Schema = {}
    if not field.updateable:
        own["write"] = unoffered(words({ON_CREATE: WRITE[ON_CREATE]}))
    if _is_closed(field):
        own["cut"] = False
    narrowed = [{"properties": own}] if own else []
    return {"description": says(field), "anyOf": [ref("value")], "allOf": [ref(_name(field)), *narrowed]}


def _refusal(field: FieldSchema, keys: list[str]) -> str:
    """Why a mapping cannot fill the field; empty if it can. `keys` are the fields that can be the key."""
    if keys == [field.name]:
        return "it always holds the call's id, and is written for you"
    if not field.createable:
        return "it is filled by the CRM"
    return "fields of this kind cannot be written" if field.type is FieldType.OTHER else ""


def _name(field: FieldSchema) -> str:
    return f"field_{field.name}" if field.type in _WITH_FACTS_OF_ITS_OWN else f"type_{field.type}"


def _holds(field: FieldSchema) -> Schema:
    """What the field holds, plain or in a form."""
    literal, again = _literal(field), ref(_name(field))
    labels = _labels(field)
    return {
        "anyOf": [literal, {"type": "object"}],
        "properties": {
            "value": unoffered(literal),
            "option": unoffered(words(labels)) if labels else False,
            "map": unoffered({"additionalProperties": again}),
            "unmapped": unoffered(again),
            "default": unoffered(again),
            "cases": unoffered({"items": again}),
        },
    }


def _literal(field: FieldSchema) -> Schema:
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    by_type = {
        FieldType.BOOLEAN: flag(FLAGS),
        FieldType.INTEGER: number(WHOLE, "a whole number is due here", **bounds),
        FieldType.NUMBER: number(DECIMAL, "a number is due here", **bounds),
        FieldType.DATE: text(DATE, "a date is due here, such as 2026-06-15"),
        FieldType.DATETIME: number("[0-9]{4}.*", "a time is due here, such as 2026-06-15T14:30:00Z"),
    }
    if field.type is FieldType.REFERENCE and field.length == RECORD_ID_LENGTH:
        return single(f"^(?:{ID})$", "a record's id is due here: 15 or 18 letters and digits, not a name")
    if field.type is FieldType.PICKLIST and field.values:
        return _picked(field)
    return by_type.get(field.type, single())


def _picked(field: FieldSchema) -> Schema:
    values = {value.value: value.label for value in field.values}
    offered = words(values if any(label != value for value, label in values.items()) else list(values))
    return offered if field.restricted else {"anyOf": [offered, single()]}


def _is_closed(field: FieldSchema) -> bool:
    return field.type is FieldType.PICKLIST and field.restricted and bool(field.values)


def _labels(field: FieldSchema) -> list[str]:
    """The labels that name one of its values each."""
    labels = [value.label for value in field.values] if field.type is FieldType.PICKLIST else []
    return [label for label in labels if labels.count(label) == 1]
