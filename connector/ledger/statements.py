"""Inserting what may be there already, and reading and writing rows in bites."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.dialects.sqlite import insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from _typeshed import DataclassInstance
    from sqlalchemy import Connection, Executable, Table

Item = TypeVar("Item")
PAGE = 500
"""Rows read or written in one statement: far below SQLite's limit on variables, and flat in memory."""


def pages(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists of `PAGE`, the last one shorter."""
    rest = iter(items)
    while page := list(islice(rest, PAGE)):
        yield page


def row_of(state: DataclassInstance) -> dict[str, Any]:
    """A dataclass as a row: its columns bear its fields' names."""
    # Not `asdict`, which copies every time and fingerprint and takes longer than the database does.
    return {field.name: getattr(state, field.name) for field in fields(state)}


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, or replace those with the same primary key."""
    connection.execute(_upsert_into(table), rows)


@cache
def _upsert_into(table: Table) -> Executable:
    # Built once: that costs as much as running it.
    statement = insert(table)
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=new)


def insert_unknown(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet, by any unique column."""
    connection.execute(insert(table).on_conflict_do_nothing(), rows)
