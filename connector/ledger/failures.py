"""Failures of the ledger's file in our own words: the one place where SQLite's and the system's are translated."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from connector.errors import ConnectorError, DiskFullError, LedgerError, RunError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_FAILED_READS = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LOCKLESS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


@contextmanager
def translated(path: Path, file: Path | None = None) -> Iterator[None]:
    """Turns failures of the database inside into errors of ours about the ledger at `path`; all else passes through.

    `file` is where it is opened, if that is a copy of it: there it is that a disk may be full.
    """
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise _of_sqlite(path, error.orig, file or path) from error
        raise
    except sqlite3.Error as error:
        raise _of_sqlite(path, error, file or path) from error
    except UnicodeDecodeError as error:
        # SQLite's own message quotes the damaged spot.
        raise damaged(path) from error


@contextmanager
def translated_file_errors(path: Path, lock: Path | None = None) -> Iterator[None]:
    """The same for failures of the system while a file of the ledger is made or opened, or its `lock` is."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EACCES and lock and os.path.lexists(lock):
            raise locked_out(lock) from error
        raise _of_system(path, error.errno or 0) from error


@contextmanager
def legible(path: Path) -> Iterator[None]:
    """The same for values read inside that nobody can have written: SQLite notices damage to its own structure only."""
    try:
        yield
    except (LookupError, OverflowError, TypeError, ValueError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> LedgerError:
    """The file is there, but what it holds is not sound."""
    return _unusable(path, f"The ledger {path} is damaged, or not a ledger at all.")


def altered(path: Path) -> LedgerError:
    """The file may be sound, but it is another one than the last run left."""
    return _unusable(
        path,
        f"The ledger {path} is not as the last run left it: it is damaged, or another program has written to it.",
    )


def locked(path: Path) -> RunError:
    """Another program has it open, and does not make way."""
    return RunError(
        f"Another program keeps the ledger {path} locked.",
        done="The last step was not recorded.",
        todo="Close whatever has it open, such as a database browser; the next run goes on by itself.",
    )


def put_back(path: Path) -> LedgerError:
    """The file is sound, but what lies beside it belongs to another state of it; SQLite would mix the two unseen."""
    return LedgerError(
        f"The ledger {path} was put back beside {path.name}-wal, which a run on another state of it left, "
        "or another program has written to it.",
        done="Nothing was read from it or written to it.",
        todo=f"Move {path.name}-wal and {path.name}-shm away, then go on: what the ledger lacks is found again.",
    )


def closed(path: Path) -> LedgerError:
    """This user lacks rights, or something else stands in the ledger's place."""
    if os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where the folder may not be entered
        return LedgerError(
            f"The ledger {path} is a folder.",
            done="Nothing was done.",
            todo="Let the setting `ledger` name a file in it, such as `sqlite:///…/apten-crm.db`.",
        )
    return LedgerError(
        f"The ledger {path} may not be opened or written by this user, or is not a file.",
        done="Nothing was recorded.",
        todo="Give this user the right to read and write it and its folder, or change the setting `ledger`.",
    )


def locked_out(lock: Path) -> LedgerError:
    """The lock is there, and another user's: somebody ran the program as somebody else."""
    return LedgerError(
        f"The ledger's lock {lock} may not be opened or written by this user; a run of another user made it.",
        done="Nothing was done.",
        todo="Give this user the right to read and write it and the ledger beside it, or run as that user.",
    )


def unsuited(path: Path) -> LedgerError:
    """The file system lacks what a ledger needs."""
    return LedgerError(
        f"The file system of the ledger {path} offers no locks, or no memory shared between programs.",
        done="Nothing was done.",
        todo="Keep the ledger on a local disk: change the setting `ledger`.",
    )


def _unusable(path: Path, happened: str) -> LedgerError:
    return LedgerError(
        happened,
        done="Nothing was read from it or written to it.",
        todo=_anew(path),
    )


def _anew(path: Path) -> str:
    """What to do about a ledger that cannot be used any more."""
    return (
        f"Move {path.name} and any {path.name}-wal and {path.name}-shm beside it away. Then put back a backup, or let "
        "the next sync make a new ledger: it learns from the CRM what is logged already, so no call is doubled."
    )


def _of_sqlite(path: Path, error: sqlite3.Error, file: Path) -> ConnectorError:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError):
        # Python's own module: a text that is none.
        return damaged(path)
    if code is None:
        raise error
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and code not in _FAILED_READS):
        return _full(file)
    if primary in _DAMAGED:
        return damaged(path)
    if primary in _CLOSED or os.path.isdir(path):  # noqa: PTH112  # as in `closed`
        return closed(path)
    if primary in _LOCKED:
        return locked(path)
    return LedgerError(
        f"The ledger {path} does not work as this program left it ({error.sqlite_errorname}).",
        done="The last step was not recorded.",
        todo=_anew(path),
    )


def _of_system(path: Path, number: int) -> ConnectorError:
    if number in _FULL:
        return _full(path)
    if number == errno.ENOENT:
        return LedgerError(
            f"There is no folder {path.parent} to keep the ledger in.",
            done="Nothing was done.",
            todo="Create it, or change the setting `ledger`.",
        )
    if number in _LOCKLESS:
        return unsuited(path)
    return closed(path)


def _full(path: Path) -> DiskFullError:
    return DiskFullError(
        f"The ledger {path} could not be written: the disk or the quota is full, or the disk fails.",
        done="The last step was not recorded; everything before it is safe.",
        todo="Free some space; the next run goes on by itself.",
    )
