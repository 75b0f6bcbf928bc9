"""Field values on their way into columns and back. Times are UTC, aware on our side and as the column wants inside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from connector.canonical import canonical_text
from connector.crm_schema import FieldType

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema
    from connector.model import Value


def to_column(column: sa.Column[Any], value: Value) -> Value:
    """A value as this column takes it."""
    if isinstance(value, datetime) and isinstance(column.type, sa.DateTime):
        moment = value.astimezone(UTC)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    return value


def from_column(field: FieldSchema, value: Any) -> Value:
    """A value as read from a column of this field, canonical. Values of a kind we do not write read as None."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, date) or value is None:
        return value
    if field.type is FieldType.BOOLEAN:
        return bool(value)
    if field.type is FieldType.INTEGER:
        return int(value)
    return float(value) if field.type is FieldType.NUMBER else None
