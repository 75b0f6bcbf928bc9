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
    """A value as this column takes it.

    What is finer than it keeps is cut off: MySQL and PostgreSQL would round, and another second read back looks as if
    somebody had changed it.
    """
    if isinstance(value, datetime) and isinstance(column.type, sa.DateTime):
        finest = 10 ** (6 - _digits(column.type))
        moment = value.astimezone(UTC).replace(microsecond=value.microsecond // finest * finest)
        return moment if column.type.timezone else moment.replace(tzinfo=None)
    return value


def _digits(column_type: sa.DateTime) -> int:
    """How many digits of a second a column keeps."""
    # Imported only here: SQLAlchemy brings all drivers of these databases along.
    from sqlalchemy.dialects import mysql, postgresql  # noqa: PLC0415  # see above

    if isinstance(column_type, mysql.DATETIME | mysql.TIMESTAMP):
        return column_type.fsp or 0
    if isinstance(column_type, postgresql.TIMESTAMP) and column_type.precision is not None:
        return column_type.precision
    return 6


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
