"""Values in the conditions of a query: written as the field's type asks, and compared as Salesforce compares.

Source: Salesforce's SOQL and SOSL Reference, "fieldExpression Syntax" and "Date Formats and Date Literals".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from connector.crm_schema import FieldType
from connector.crms.salesforce.soql import quoted
from connector.record_ids import full_id, is_id

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema

_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)
_FLAGS = {"true": True, "false": False}
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST})
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER})


@dataclass(frozen=True, slots=True)
class Term:
    """A value as a query writes it, and as it is compared with what records hold."""

    literal: str
    held: object


def term(field: FieldSchema, text: str) -> Term | None:
    """A text as a value of the field; None if the field cannot hold it."""
    if field.type in _TEXTS:
        fits = bool(text) and (field.length is None or len(text) <= field.length)
        return Term(quoted(text), comparable(field, text)) if fits else None
    if field.type is FieldType.REFERENCE:
        return Term(quoted(full_id(text)), full_id(text)) if is_id(text) else None
    if field.type is FieldType.BOOLEAN:
        flag = text.lower()
        return Term(flag, _FLAGS[flag]) if flag in _FLAGS else None
    if field.type in _NUMBERS:
        return Term(text, float(text)) if _NUMBER.fullmatch(text) else None
    return _moment(field, text)


def comparable(field: FieldSchema, value: Any) -> object:
    """What a record holds, as it is compared: upper and lower case aside."""
    if field.type in _TEXTS and isinstance(value, str):
        return value.casefold()
    if field.type is FieldType.REFERENCE and isinstance(value, str):
        return full_id(value)
    if field.type in _NUMBERS and isinstance(value, int | float):
        return float(value)
    if field.type is FieldType.DATETIME and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


def _moment(field: FieldSchema, text: str) -> Term | None:
    try:
        if field.type is FieldType.DATE:
            day = date.fromisoformat(text).isoformat()
            return Term(day, day)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return Term(f"{moment:%Y-%m-%dT%H:%M:%SZ}", moment)
