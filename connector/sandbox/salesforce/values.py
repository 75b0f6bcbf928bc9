"""What an org makes of one value: whether it can be read as the field's type, how it is stored, whether it fits."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RowError
from connector.sandbox.salesforce.fields import NUMBER_TYPES
from connector.sandbox.salesforce.stamps import stored_datetime

if TYPE_CHECKING:
    from connector.sandbox.salesforce.assumptions import Assumptions
    from connector.sandbox.salesforce.fields import OrgField

_JSON_TOKENS = {str: "VALUE_STRING", bool: "VALUE_TRUE", int: "VALUE_NUMBER_INT", float: "VALUE_NUMBER_FLOAT"}
_YEARS = range(1700, 4001)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def type_problem(field: OrgField, value: Any) -> str | None:
    """What the JSON reader says of a value that it cannot take for this field; None if it can."""
    if _fits(field.type, value):
        return None
    token = _JSON_TOKENS.get(type(value), "START_OBJECT")
    return (
        f"Cannot deserialize instance of {field.type} from {token} value {value} "
        "or request may be missing a required field at [line:1, column:1]"
    )


def _fits(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in NUMBER_TYPES:
        return isinstance(value, int if kind == "int" else int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if kind == "date":
        return _is_date(value)
    return kind != "datetime" or _is_datetime(value)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and int(text[:4]) in _YEARS
    except ValueError:
        return False


def _is_datetime(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and text[10] == "T" and moment.year in _YEARS


def stored(field: OrgField, value: Any, assumptions: Assumptions) -> Any:
    """The value as it is kept and read back."""
    if field.is_text:
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        text = text.strip() if assumptions.trims_text else text
        text = text.replace("\n", "\r\n") if assumptions.stores_windows_line_ends else text
        return text or None
    if field.type == "datetime":
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return stored_datetime(moment.replace(microsecond=0) if assumptions.drops_milliseconds else moment)
    if field.type == "reference" and ids.is_id(value):
        return ids.whole(value)
    return value


def value_error(field: OrgField, value: Any, assumptions: Assumptions) -> RowError | None:
    """What is wrong with a value as stored; whom an id points to is not looked at."""
    if value is None:
        return None
    code, text = "", ""
    digits = field.digits or field.precision - field.scale
    if field.type == "reference" and not ids.is_id(value):
        code, text = "MALFORMED_ID", f"id value of incorrect type: {value}"
    elif field.type == "email" and not _EMAIL.fullmatch(value):
        code, text = "INVALID_EMAIL_ADDRESS", f"invalid email address: {value}"
    elif field.restricted and value not in field.values:
        code, text = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"bad value for restricted picklist field: {value}"
    elif field.is_text and _length(field, value, assumptions) > field.length:
        own = field.name == "Description" and assumptions.description_has_own_code
        code = "MAX_TASK_DESCRIPTION_EXCEEEDED" if own else "STRING_TOO_LONG"
        text = f"data value too large: {value} (max length={field.length})"
    elif field.type in NUMBER_TYPES and digits and abs(value) >= 10**digits:
        code, text = "NUMBER_OUTSIDE_VALID_RANGE", f"value outside of valid range on numeric field: {value}"
    return RowError(code, f"{field.label}: {text}", (field.name,)) if code else None


def _length(field: OrgField, text: str, assumptions: Assumptions) -> int:
    text = text.replace("\r\n", "\n")
    line_ends = text.count("\n") if assumptions.line_ends_count_twice and field.type == "textarea" else 0
    if assumptions.lengths_in_utf16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2 + line_ends
    return len(text) + line_ends
