"""Rows by their ids, asked of SQLite itself: a run asks for little else, and SQLAlchemy takes ten times as long."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Column, Select

_DIALECT = sqlite.dialect(paramstyle="named")


class ById:
    """A query narrowed to one row by its id, made SQL once."""

    def __init__(self, query: Select[Any], key: Column[str]) -> None:
        self._query = query.where(key == bindparam("id"))

    @cached_property
    def _sql(self) -> str:
        return str(self._query.compile(dialect=_DIALECT))

    @cached_property
    def _columns(self) -> list[tuple[str, Any]]:
        """Each column's name, and what makes a value of what SQLite holds; None where that is the value."""
        columns = self._query.selected_columns.items()
        return [(name, each.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)) for name, each in columns]

    def rows(
        self, driver: sqlite3.Connection, ids: Iterable[str], parameters: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """Those that are there, asked for one by one: SQLite is no further away than a function of ours."""
        for each in ids:
            found = driver.execute(self._sql, {"id": each, **parameters}).fetchone()
            if found is not None:
                columns = zip(self._columns, found, strict=True)
                yield {name: read(value) if read else value for (name, read), value in columns}
