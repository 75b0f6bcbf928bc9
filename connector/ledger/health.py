"""Whether a ledger is sound: its structure, and every row that it holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from connector.ledger import queries
from connector.ledger.belonging import owned
from connector.ledger.failures import damaged, legible
from connector.ledger.statements import PAGE
from connector.ledger.tables import meta, metadata
from connector.standing import Health

if TYPE_CHECKING:
    from sqlalchemy import Table

    from connector.ledger.session import Session


def examine(session: Session) -> Health:
    """Read everything.

    Raises:
        LedgerError: some of it is damaged.
    """
    _check_thoroughly(session)
    with session.transaction(), legible(session.path):
        rows = {table.name: _read(session, table) for table in metadata.sorted_tables}
        notes = {row["name"]: row["value"] for row in session.rows(select(meta))}
        created = notes.get(queries.mark("created"))
        bytes.fromhex(notes["secret"])
        for name, value in notes.items():
            if name.startswith(queries.mark("")):
                datetime.fromisoformat(value)
        return Health(
            int(notes["version"]),
            datetime.fromisoformat(created) if created else None,
            owned(session),
            rows,
        )


def check_quickly(session: Session) -> None:
    """Have SQLite look through the file, without its indexes.

    Raises:
        LedgerError: it finds damage.
    """
    with session.translated():
        verdict = session.driver.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != ("ok",):
        raise damaged(session.path)


def _check_thoroughly(session: Session) -> None:
    """The same for all of it: indexes, and what rows of one table say of another's."""
    with session.translated():
        verdict = session.driver.execute("PRAGMA integrity_check(1)").fetchone()
        astray = session.driver.execute("PRAGMA foreign_key_check").fetchone()
    if verdict != ("ok",) or astray is not None:
        raise damaged(session.path)


def _read(session: Session, table: Table) -> int:
    """How many rows there are, each of them read as what it should be."""
    count = 0
    with session.joined() as connection:
        for page in connection.execute(select(table)).partitions(PAGE):
            count += len(page)
    return count
