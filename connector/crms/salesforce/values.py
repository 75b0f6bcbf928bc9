"""Field values on their way to Salesforce and back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from connector.canonical import canonical_text
from connector.crm_schema import FieldType

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema
    from connector.model import Value


def to_json(value: Value) -> str | int | float | bool | None:
    """A value as Salesforce's REST API takes it: dates as ISO dates, times as ISO times in UTC to the millisecond."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def from_json(field: FieldSchema, value: Any) -> Value:
    """A value as read from Salesforce, canonical. Values of a shape we do not write (addresses) read as None."""
    if isinstance(value, str):
        if field.type is FieldType.DATE:
            return date.fromisoformat(value)
        if field.type is FieldType.DATETIME:
            return datetime.fromisoformat(value).astimezone(UTC)
        return canonical_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value if isinstance(value, bool) else None
    return int(value) if field.type is FieldType.INTEGER else float(value)
