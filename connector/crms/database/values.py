"""Field values on their way into columns and back. Times are UTC, aware on our side and as the column wants inside."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from connector.canonical import canonical_text
from connector.crm_schema import FieldType

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema
    from connector.model import Value

_MOMENTS: dict[FieldType, type[date]] = {FieldType.DATE: date, FieldType.DATETIME: datetime}
"""Types whose values SQLite holds as texts."""


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


def as_held(column: sa.Column[Any], dialect: str) -> sa.ColumnElement[Any]:
    """The column, to be read as the database holds it, for `from_column`.

    SQLite takes anything into a column of any type; what somebody typed in must not stop a whole look-up.
    """
    return sa.type_coerce(column, sa.types.NullType()) if dialect == "sqlite" else column


def from_column(field: FieldSchema, value: Any) -> Value:
    """A value as read from a column of this field, canonical.

    Columns of a kind we do not write read as None; what is no value of its column reads as the text of what it is.
    """
    if isinstance(value, str) and field.type in _MOMENTS:
        with suppress(ValueError):
            value = _MOMENTS[field.type].fromisoformat(value)
    if isinstance(value, datetime):
        value = _in_utc(value)
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, date) or value is None:
        return value
    if field.type is FieldType.BOOLEAN:
        return bool(value)
    if field.type in {FieldType.INTEGER, FieldType.NUMBER} and isinstance(value, int | float | Decimal):
        whole = field.type is FieldType.INTEGER and isfinite(value) and value == int(value)
        return int(value) if whole else float(value)
    return None if field.type is FieldType.OTHER else canonical_text(str(value))


def _in_utc(moment: datetime) -> datetime | str:
    """The moment; the text of one that is so far out that it has no name in UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.isoformat()
