"""Tables and neutral schemas: what a table offers, and which table a schema asks for.

MySQL's types are imported when they are needed: SQLAlchemy brings all of MySQL's drivers along.
"""

# ruff: noqa: PLC0415 -- see above

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, PickValue
from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.types import TypeEngine

KEY_LENGTH = 255
_MYSQL = ("mysql", "mariadb")
_PLAIN_TYPES: dict[FieldType, TypeEngine[Any]] = {
    FieldType.INTEGER: sa.BigInteger(),
    FieldType.NUMBER: sa.Double(),
    FieldType.BOOLEAN: sa.Boolean(),
    FieldType.DATE: sa.Date(),
}
_LONGEST_VARCHAR = 4_000
# MySQL's TINYTEXT and TEXT hold so many bytes, and a character may need four.
_MYSQL_TEXTS = {"TINYTEXT": 255 // 4, "TEXT": 65_535 // 4}


def split_name(name: str) -> tuple[str | None, str]:
    """Schema and table of `table` or `schema.table`."""
    schema, _, table = name.rpartition(".")
    return schema or None, table


def table_for(schema: ObjectSchema) -> sa.Table:
    """The table a schema asks for, its key as primary key, everything else optional."""
    namespace, name = split_name(schema.object)
    columns = [
        sa.Column(field.name, _key_type(field), primary_key=True)
        if field.key
        else sa.Column(field.name, _column_type(field))
        for field in schema.fields.values()
    ]
    return sa.Table(name, sa.MetaData(), *columns, schema=namespace, mysql_charset="utf8mb4")


def merged(wished: Sequence[ObjectSchema]) -> ObjectSchema:
    """One table for all mappings that write to it, every column of theirs in it.

    Raises:
        CrmSetupError: they mean different columns by one name, or hold their keys in different columns.
    """
    fields: dict[str, FieldSchema] = {}
    for field in (field for schema in wished for field in schema.fields.values()):
        if fields.setdefault(field.name, field) != field:
            raise _at_odds(
                f"Two mappings write to the column {field.name} of {wished[0].object}, and not the same: "
                f"{_described(fields[field.name])} and {_described(field)}.",
                "Let one of them write to another column",
            )
    keys = [field.name for field in fields.values() if field.key]
    if len(keys) > 1:
        raise _at_odds(
            f"The mappings that write to {wished[0].object} hold their keys in different columns: {', '.join(keys)}.",
            "Give them one key column, told apart by a suffix (`key: {field: call_id, suffix: follow-up}`)",
        )
    return replace(wished[0], fields=fields)


def _at_odds(happened: str, todo: str) -> CrmSetupError:
    return CrmSetupError(happened, done="No table was made.", todo=f"{todo}, or make the table yourself.")


def _described(field: FieldSchema) -> str:
    return "the key" if field.key else field.type.replace("_", " ") + (f" in {field.unit}" if field.unit else "")


def reflect(connection: sa.Connection, name: str) -> sa.Table | None:
    """The table of that name as the database has it, None if there is none."""
    namespace, table_name = split_name(name)
    inspector = sa.inspect(connection)
    if not inspector.has_table(table_name, schema=namespace):
        return None
    table = sa.Table(table_name, sa.MetaData(), schema=namespace, autoload_with=connection)
    if connection.dialect.name == "sqlite":
        # SQLAlchemy reads SQLite's constraints from the table's text and misses some; the indexes behind them it knows.
        for index in inspector.get_indexes(table_name, schema=namespace, include_auto_indexes=True):
            if index["unique"] and str(index["name"]).startswith("sqlite_autoindex_"):
                table.append_constraint(sa.UniqueConstraint(*(str(column) for column in index["column_names"])))
    return table


def column_of(table: sa.Table, name: str) -> sa.Column[Any]:
    """The table's column of that name.

    Raises:
        CrmSetupError: it has none.
    """
    if name not in table.columns:
        raise CrmSetupError(
            f"The table {table.name} has no column {name}.", todo="Add it, or take it out of the mapping."
        )
    return table.columns[name]


def schema_of(name: str, table: sa.Table) -> ObjectSchema:
    """What a table offers."""
    fields = {column.name: _field(table, column) for column in table.columns}
    return ObjectSchema("database", name, Counted.CHARACTERS, fields)


def _key_type(field: FieldSchema) -> TypeEngine[Any]:
    from sqlalchemy.dialects import mysql

    length = field.length or KEY_LENGTH
    # MySQL's usual collations would take two call ids that differ in upper and lower case for the same.
    return sa.String(length).with_variant(mysql.VARCHAR(length, collation="utf8mb4_bin"), *_MYSQL)


def _column_type(field: FieldSchema) -> TypeEngine[Any]:
    plain = _PLAIN_TYPES.get(field.type)
    if plain is not None:
        return plain
    if field.length is not None and field.length <= _LONGEST_VARCHAR:
        return sa.String(field.length)
    from sqlalchemy.dialects import mysql

    if field.type is FieldType.DATETIME:
        return sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), *_MYSQL)
    return sa.Text().with_variant(mysql.LONGTEXT(), *_MYSQL)


def _field(table: sa.Table, column: sa.Column[Any]) -> FieldSchema:
    kind = _type_of(column.type)
    made = column.computed is not None or (column.identity is not None and column.identity.always)
    optional = column.nullable or column.server_default is not None or column is table.autoincrement_column
    most = _most(column.type)
    return FieldSchema(
        column.name,
        kind,
        label=column.name,
        length=_length(column.type),
        minimum=None if most is None else -most,
        maximum=most,
        scale=column.type.scale if kind is FieldType.NUMBER and isinstance(column.type, sa.Numeric) else None,
        createable=not made,
        updateable=not made,
        required=not made and not optional,
        key=kind is FieldType.TEXT and _is_unique(table, column),
        restricted=kind is FieldType.PICKLIST,
        values=tuple(PickValue(text, text) for text in column.type.enums) if isinstance(column.type, sa.Enum) else (),
    )


def _type_of(column_type: TypeEngine[Any]) -> FieldType:
    from sqlalchemy.dialects import mysql

    if isinstance(column_type, sa.Enum):
        return FieldType.PICKLIST
    if isinstance(column_type, sa.Boolean) or (
        isinstance(column_type, mysql.TINYINT) and column_type.display_width == 1
    ):
        return FieldType.BOOLEAN
    if isinstance(column_type, sa.Numeric) and column_type.scale == 0:
        return FieldType.INTEGER
    known = (
        (sa.Text, FieldType.LONG_TEXT),
        (sa.String, FieldType.TEXT),
        (sa.Integer, FieldType.INTEGER),
        ((sa.Numeric, sa.Float), FieldType.NUMBER),
        (sa.DateTime, FieldType.DATETIME),
        (sa.Date, FieldType.DATE),
    )
    return next((kind for classes, kind in known if isinstance(column_type, classes)), FieldType.OTHER)


def _length(column_type: TypeEngine[Any]) -> int | None:
    if isinstance(column_type, sa.Enum) or not isinstance(column_type, sa.String):
        return None
    from sqlalchemy.dialects import mysql

    if isinstance(column_type, mysql.TINYTEXT | mysql.TEXT):
        return _MYSQL_TEXTS[type(column_type).__name__]
    return column_type.length


def _most(column_type: TypeEngine[Any]) -> int | None:
    """The largest whole number a column holds."""
    if isinstance(column_type, sa.Integer):
        bits = 16 if isinstance(column_type, sa.SmallInteger) else 64 if isinstance(column_type, sa.BigInteger) else 32
        return int(2 ** (bits - 1) - 1)
    if isinstance(column_type, sa.Numeric) and column_type.precision is not None and column_type.scale is not None:
        return int(10 ** (column_type.precision - column_type.scale) - 1)
    return None


def _is_unique(table: sa.Table, column: sa.Column[Any]) -> bool:
    """Whether the database keeps the column unique by itself alone."""
    sets = [set(table.primary_key.columns)]
    sets += [set(each.columns) for each in table.constraints if isinstance(each, sa.UniqueConstraint)]
    sets += [set(index.columns) for index in table.indexes if index.unique and not _is_partial(index)]
    return {column} in sets


def _is_partial(index: sa.Index) -> bool:
    return any(options.get("where") is not None for options in index.dialect_options.values())
