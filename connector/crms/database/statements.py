"""The statements that write rows, in each database's own words.

Each database's words are imported when they are needed: SQLAlchemy brings all its drivers along.
"""

# ruff: noqa: PLC0415 -- see above

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Row = Mapping[str, Any]


def upsert(connection: sa.Connection, table: sa.Table, key: str, rows: Sequence[Row]) -> set[str]:
    """Insert rows, or update those whose key is there; columns a row does not name are left alone.

    Returns:
        The keys that were there before.
    """
    column = table.c[key]
    keys = [row[key] for row in rows]
    known = set(connection.scalars(sa.select(column).where(column.in_(keys))))
    # A statement names its columns once for all its rows.
    kinds: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        kinds.setdefault(tuple(sorted(row)), []).append(row)
    for names, alike in kinds.items():
        statement = _upsert(connection.dialect.name, table, key, [name for name in names if name != key])
        if statement is not None:
            connection.execute(statement, alike)
        else:
            _insert_or_update(connection, table, key, alike, known)
    return known


def update(connection: sa.Connection, table: sa.Table, key: str, record_id: str, row: Row) -> bool:
    """Set the given columns of one row; whether it is there."""
    column = table.c[key]
    if not row:
        return connection.scalar(sa.select(column).where(column == record_id)) is not None
    return connection.execute(sa.update(table).where(column == record_id).values(row)).rowcount != 0


def _upsert(dialect: str, table: sa.Table, key: str, names: Sequence[str]) -> sa.Insert | None:
    """One statement for both, where the database has one that goes by the key alone.

    MySQL's goes by any unique column: it would write one call over the row of another.
    """
    if dialect not in {"sqlite", "postgresql"}:
        return None
    from sqlalchemy.dialects import postgresql, sqlite

    statement = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    if not names:
        return statement.on_conflict_do_nothing(index_elements=[key])
    new = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=[key], set_=new)


def _insert_or_update(
    connection: sa.Connection, table: sa.Table, key: str, rows: Sequence[Row], known: Collection[str]
) -> None:
    if new := [row for row in rows if row[key] not in known]:
        connection.execute(sa.insert(table), new)
    for row in rows:
        if row[key] in known:
            update(connection, table, key, row[key], {name: value for name, value in row.items() if name != key})
