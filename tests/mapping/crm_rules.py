"""The rules by which a CRM refuses a field, written without a look at how the mapping checks them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.model import Value

_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST)
PREFIXES = {"Account": "001", "Campaign": "701", "Contact": "003", "Group": "00G", "Lead": "00Q", "User": "005"}
"""How the ids of each object begin, here as in Salesforce."""
_IDS = (15, 18)


def refusals(fields: Mapping[str, Value], schema: ObjectSchema) -> list[str]:
    """Why the CRM would refuse to create a record with these fields, one by one; nothing if it would not."""
    found = [f"{name}: no such field" for name in fields if name not in schema.fields]
    for field in schema.fields.values():
        value = fields.get(field.name)
        if field.name in fields and not field.createable:
            found.append(f"{field.name}: read-only")
        elif value is None:
            if field.required and not field.key:
                found.append(f"{field.name}: required")
        else:
            reason = _refusal(value, field, schema.counted)
            found += [f"{field.name}: {reason}"] if reason else []
    # Source: Salesforce's Object Reference, Task: "If the WhoId refers to a lead, then the WhatId field must be empty."
    if schema.crm == "salesforce" and _begins(fields.get("WhoId"), "Lead") and fields.get("WhatId") is not None:
        found.append("WhatId: the person is a lead")
    return found


def update_refusals(fields: Mapping[str, Value], schema: ObjectSchema) -> list[str]:
    """Why the CRM would refuse to change these fields of a record later; nothing if it would not."""
    found = [f"{name}: may not change" for name in fields if not schema.fields[name].updateable]
    return found + [one for one in refusals({**_whole(schema), **fields}, schema) if one.split(":")[0] in fields]


def unavailable(fields: Mapping[str, Value], schema: ObjectSchema) -> list[str]:
    """Values of dependent picklists that a person could not choose beside what the other field holds."""
    found = []
    for field in schema.fields.values():
        value, other = fields.get(field.name), fields.get(field.controller or "")
        only_with = next((one.only_with for one in field.values if one.value == value), ())
        if only_with and other is not None and other not in only_with:
            found.append(f"{field.name}: {value} with {other}")
    return found


def _whole(schema: ObjectSchema) -> dict[str, Value]:
    """Something in every required field, as a record that exists has it."""
    return {field.name: "there" for field in schema.fields.values() if field.required}


def _refusal(value: object, field: FieldSchema, counted: Counted) -> str:
    if field.type is FieldType.REFERENCE:
        return _id_refusal(value, field)
    if field.type in _TEXTS:
        return _text_refusal(value, field, counted)
    kinds: dict[FieldType, tuple[type, ...]] = {
        FieldType.INTEGER: (int,),
        FieldType.NUMBER: (int, float),
        FieldType.BOOLEAN: (bool,),
        FieldType.DATE: (date,),
        FieldType.DATETIME: (datetime,),
    }
    if type(value) not in kinds.get(field.type, ()):
        return f"a {type(value).__name__}"
    if isinstance(value, datetime) and value.utcoffset() is None:
        return "a time without an offset"
    if isinstance(value, date):
        return "" if 1700 <= value.year <= 4000 else "out of the calendar"
    return _number_refusal(value, field) if isinstance(value, (int, float)) else ""


def _number_refusal(value: float, field: FieldSchema) -> str:
    low, high = field.minimum, field.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return "out of range"
    rounded = field.scale is not None and round(value, field.scale) != value
    return "more decimal places than are kept" if rounded else ""


def _id_refusal(value: object, field: FieldSchema) -> str:
    if not isinstance(value, str) or len(value) not in _IDS or not value.isalnum():
        return "no id"
    if field.references and not any(_begins(value, name) for name in field.references):
        return f"an id of none of {field.references}"
    return ""


def _begins(value: object, object_: str) -> bool:
    return isinstance(value, str) and value.startswith(PREFIXES[object_])


def _text_refusal(value: object, field: FieldSchema, counted: Counted) -> str:
    if not isinstance(value, str):
        return f"a {type(value).__name__}"
    if value != unicodedata.normalize("NFC", value).strip() or "\r" in value or "\x00" in value or not value:
        return "not canonical"
    if any("\ud800" <= ch <= "\udfff" for ch in value):
        return "no Unicode text"
    stored = value.replace("\n", "\r\n") if counted is Counted.UTF16 else value
    length = len(stored.encode("utf-16-le")) // 2 if counted is Counted.UTF16 else len(stored)
    if field.length is not None and length > field.length:
        return f"{length} long"
    if field.restricted and value not in {one.value for one in field.values}:
        return "not in the picklist"
    return "no e-mail address" if field.email and not _is_address(value) else ""


def _is_address(text: str) -> bool:
    name, _, domain = text.rpartition("@")
    return bool(name) and text.isascii() and " " not in text and "." in domain.strip(".")
