"""The rules by which a CRM refuses a field, written without a look at how the mapping checks them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.model import Draft, PersonRef

_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST)


def refusals(draft: Draft, schema: ObjectSchema) -> list[str]:
    """Why the CRM would refuse to create a record of the draft, field by field; nothing if it would not."""
    found = [f"{name}: no such field" for name in draft.fields if name not in schema.fields]
    for field in schema.fields.values():
        value = draft.fields.get(field.name)
        if value is None:
            if field.required and not field.key:
                found.append(f"{field.name}: required")
        elif not field.createable:
            found.append(f"{field.name}: read-only")
        else:
            reason = _refusal(value, field, schema.counted)
            found += [f"{field.name}: {reason}"] if reason else []
    return found


def _refusal(value: object, field: FieldSchema, counted: Counted) -> str:
    if isinstance(value, PersonRef):
        return "" if field.type in (FieldType.REFERENCE, FieldType.TEXT, FieldType.LONG_TEXT) else "a person here"
    if field.type in _TEXTS or field.type is FieldType.REFERENCE:
        return _text_refusal(value, field, counted)
    kinds: dict[FieldType, tuple[type, ...]] = {
        FieldType.INTEGER: (int,),
        FieldType.NUMBER: (int, float),
        FieldType.BOOLEAN: (bool,),
        FieldType.DATE: (date,),
        FieldType.DATETIME: (datetime,),
    }
    if type(value) not in kinds[field.type]:
        return f"a {type(value).__name__}"
    if isinstance(value, datetime) and value.utcoffset() is None:
        return "a time without an offset"
    if isinstance(value, (int, float)):
        low, high = field.minimum, field.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            return "out of range"
    return ""


def _text_refusal(value: object, field: FieldSchema, counted: Counted) -> str:
    if not isinstance(value, str):
        return f"a {type(value).__name__}"
    if value != unicodedata.normalize("NFC", value).strip() or "\r" in value or "\x00" in value or not value:
        return "not canonical"
    stored = value.replace("\n", "\r\n") if counted is Counted.UTF16 else value
    length = len(stored.encode("utf-16-le")) // 2 if counted is Counted.UTF16 else len(stored)
    if field.length is not None and length > field.length:
        return f"{length} long"
    if field.restricted and value not in {one.value for one in field.values}:
        return "not in the picklist"
    return ""
