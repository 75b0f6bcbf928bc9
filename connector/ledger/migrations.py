"""The ledger's schema over time: a new ledger gets the newest tables at once, an old one is upgraded step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, select, text, update

from connector.errors import LedgerError, OldLedgerError
from connector.ledger.backup import copy_file
from connector.ledger.location import beside
from connector.ledger.seal import break_seal
from connector.ledger.tables import meta, metadata

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from connector.ledger.session import Session

Upgrade = Callable[[Connection], None]


def _first_attempts(connection: Connection) -> None:
    """Version 2 knows since when an activity fails; of those that fail already the last attempt is all there is.

    It goes without the index of calls by lead: few ask for it, and it takes a sixth of the file.
    """
    connection.execute(text("DROP INDEX call_of_lead"))
    connection.execute(text("ALTER TABLE activity ADD COLUMN since BIGINT"))
    connection.execute(text("UPDATE activity SET since = at WHERE state IN ('parked', 'left over')"))


def _errors_of_runs(connection: Connection) -> None:
    """Version 3 knows by which error a run was ended."""
    connection.execute(text("ALTER TABLE run ADD COLUMN error TEXT"))


UPGRADES: tuple[Upgrade, ...] = (_first_attempts, _errors_of_runs)
"""The first leads from version 1 to 2, and so on. Released ones are never changed, only followed by others."""

_VERSION = "version"


def bring_up_to_date(session: Session, birth: Mapping[str, str], upgrades: Sequence[Upgrade] = UPGRADES) -> None:
    """Make the tables, or upgrade those of an older version, after a copy of the file; all of it or nothing.

    From then on the file may be changed: it has no seal any more.

    `birth` is what the `meta` table of a new ledger starts with.

    Raises:
        LedgerError: made by a newer version of this program, or by another program.
    """
    newest = 1 + len(upgrades)
    found = _found(session)
    _refuse_newer(session.path, found, newest)
    break_seal(session)
    if found == newest:
        return
    if found:
        copy_file(session, beside(session.file, f".version-{found}"))
    with session.transaction() as connection:
        if found:
            for upgrade in upgrades[found - 1 :]:
                upgrade(connection)
            connection.execute(update(meta).where(meta.c.name == _VERSION).values(value=str(newest)))
        else:
            metadata.create_all(connection)
            rows = {**birth, _VERSION: str(newest)}
            connection.execute(meta.insert(), [{"name": name, "value": value} for name, value in rows.items()])


def is_current(session: Session, upgrades: Sequence[Upgrade] = UPGRADES) -> bool:
    """Whether the tables can be read as they are; False for a ledger that was never finished making.

    Raises:
        LedgerError: made by another version of this program, or by another program.
    """
    newest = 1 + len(upgrades)
    found = _found(session)
    _refuse_newer(session.path, found, newest)
    if 0 < found < newest:
        raise OldLedgerError(
            f"The ledger {session.path} was made by an older version of this program.",
            done="It was left as it is.",
            todo="Run `apten-crm sync`, which brings it up to date.",
        )
    return found == newest


def _found(session: Session) -> int:
    """The version of the tables; 0 if there are none at all."""
    with session.transaction() as connection:
        tables = inspect(connection).get_table_names()
        written = connection.scalar(select(meta.c.value).where(meta.c.name == _VERSION)) if "meta" in tables else None
    if not tables:
        return 0
    if written is None or not written.isdecimal() or int(written) < 1:
        raise LedgerError(
            f"{session.path} is a database, but not a ledger.",
            done="It was left as it is.",
            todo="Let the setting `ledger` name a file of its own; a new one is made.",
        )
    return int(written)


def _refuse_newer(path: Path, found: int, newest: int) -> None:
    if found > newest:
        raise LedgerError(
            f"The ledger {path} was made by a newer version of this program: "
            f"its tables are version {found}, this program knows {newest}.",
            done="It was left as it is.",
            todo="Install that newer version again. Its first run kept a copy of a ledger of version N as "
            f"{path.name}.version-N, should you want to go back.",
        )
