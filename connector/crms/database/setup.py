"""What a table needs for mappings, and the statements that make it: shown, and only a new table made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from connector.crms.database.tables import schema_of, table_for
from connector.preparation import Standing, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.crm_schema import ObjectSchema


@dataclass(frozen=True, slots=True)
class TableNeeds:
    """One table for one mapping.

    Args:
        name: `table` or `schema.table`.
        key: the column that holds the key.
        wished: the table as the mapping asks for it.
        there: the table as it is; None if there is none.
        dialect: the database's own way of writing statements.
        create: makes the table.
    """

    name: str
    key: str
    wished: ObjectSchema
    there: sa.Table | None
    dialect: sa.Dialect
    create: Callable[[], object]

    def steps(self) -> Iterator[Step]:
        """How the table stands, and what it lacks. One that is there is never changed: the statements are shown."""
        made = table_for(self.wished)
        if self.there is None:
            what = f"table {self.name}, with {self.key} as its primary key"
            yield Step(what, Standing.DUE, self._statement(CreateTable(made)), self.create)
            return
        yield Step(f"table {self.name}", Standing.THERE)
        for column in made.columns:
            if column.name not in self.there.columns:
                yield Step(f"column {column.name} of {self.name}", Standing.YOURS, self._adding(column))
        yield self._unique(made)

    def _unique(self, made: sa.Table) -> Step:
        what = f"{self.name}.{self.key}, kept unique by the database"
        field = schema_of(self.name, self.there).fields.get(self.key) if self.there is not None else None
        if field and field.key:
            return Step(what, Standing.THERE)
        index = sa.Index(f"{made.name}_{self.key}_key", made.columns[self.key], unique=True)
        note = f"{self._statement(CreateIndex(index))}\nIt takes a column of texts of which no two are alike."
        return Step(what, Standing.YOURS, note)

    def _adding(self, column: sa.Column[Any]) -> str:
        """MySQL, PostgreSQL and SQLite add columns in the same words."""
        plain = sa.Table("t", sa.MetaData(), sa.Column(column.name, column.type)).columns[column.name]
        name = self.dialect.identifier_preparer.format_table(column.table)
        return f"ALTER TABLE {name} ADD COLUMN {CreateColumn(plain).compile(dialect=self.dialect)};"

    def _statement(self, element: sa.schema.ExecutableDDLElement) -> str:
        lines = str(element.compile(dialect=self.dialect)).strip().splitlines()
        return "\n".join(line.replace("\t", "    ").rstrip() for line in lines) + ";"
