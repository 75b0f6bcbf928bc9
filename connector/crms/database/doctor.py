"""What `doctor` looks at in a database: the line, the table, its key, and whether this user may write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from connector.crms.database.tables import schema_of
from connector.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.crms.database.line import Line

_SETUP = "`apten-crm setup` shows the statement that would make it so."


def table(name: str, key: str, there: sa.Table | None) -> Iterable[Finding]:
    """Whether the table is there, and keeps its key unique."""
    about = f"database: table {name}"
    if there is None:
        yield Finding(Level.OK, about, "It is not there: the next write makes it, or `apten-crm setup`.")
        return
    yield Finding(Level.OK, about, f"It is there, with {len(there.columns)} columns.")
    field, about = schema_of(name, there).fields.get(key), f"database: key column {name}.{key}"
    if field is None:
        yield Finding(Level.PROBLEM, about, "There is no such column.", _SETUP)
    elif not field.key:
        yield Finding(Level.PROBLEM, about, "The database does not keep it unique, so nothing is written.", _SETUP)
    else:
        yield Finding(Level.OK, about, "The database keeps it unique.")


def rights(line: Line, name: str, key: str, there: sa.Table | None) -> Iterable[Finding]:
    """Whether rows may be inserted and updated, by statements that concern no row and are rolled back."""
    if there is None or key not in there.columns:
        return
    column, nothing = there.columns[key], sa.false()
    none = sa.select(column).where(nothing)

    def work(connection: sa.Connection) -> None:
        connection.execute(there.insert().from_select([key], none))
        connection.execute(there.update().where(nothing).values({key: column}))
        connection.rollback()

    line.run(f"the writing to {name}", work)
    yield Finding(Level.OK, f"database: rights on {name}", "Rows may be inserted and updated.")
