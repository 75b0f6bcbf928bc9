"""One connection to the ledger's file, and what a transaction on it means."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, RootTransaction, create_engine, event

from connector.errors import ConnectorError
from connector.ledger.failures import closed, legible, translated, translated_file_errors
from connector.ledger.location import beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import RowMapping, Select

    from connector.ledger.by_id import ById
    from connector.ledger.waiting import Waiting

OTHERS = 0o077
"""What a file's mode must not give to anybody but its owner."""
_PATIENCE_MS = 10_000
"""How long another program, such as a database browser, may hold the file before we give up."""


class Session:
    """One connection. Changes happen in transactions only; a failed one leaves everything as it was.

    Args:
        path: the ledger, as it is named to people.
        file: what is open: the ledger, or a copy of it.
        connection: to that file.

    Attributes:
        waiting: what goes along with the next transaction: a commit takes longer than all that leads to it.
        reads_on: whether a query may leave a transaction open for the next one; others cannot write meanwhile.
    """

    def __init__(self, path: Path, file: Path, connection: Connection) -> None:
        self.path = path
        self.file = file
        self.connection = connection
        self.waiting: Waiting | None = None
        self.reads_on = False
        self._inside = False
        self._failure: ConnectorError | None = None

    @property
    def driver(self) -> sqlite3.Connection:
        """SQLite's own connection, for what is no SQL or must be quick; call it inside `translated`."""
        return cast("sqlite3.Connection", self.connection.connection.driver_connection)

    def translated(self) -> AbstractContextManager[None]:
        """Failures of the database inside become errors of ours; see `failures.translated`."""
        return translated(self.path, self.file)

    def close(self) -> None:
        """Let go of the file."""
        with self.translated():
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One durable commit at the end of this and of all that waited for it, or none of it. Not nested.

        Raises:
            DiskFullError, LedgerError, RunError: nothing of it was recorded.
        """
        self._failure, self._inside = None, True
        try:
            with self.translated(), self._begun():
                yield self.connection
                if self._failure:
                    raise self._failure
                if self.waiting:
                    self.waiting.write(self.connection)
            if self.waiting:
                self.waiting.clear()
        finally:
            self._inside = False

    @contextmanager
    def joined(self) -> Iterator[Connection]:
        """The open transaction, or one of its own if none is open.

        After a failure the open transaction takes nothing more: SQLite may have rolled it back already, and what
        followed would then be committed bit by bit.
        """
        if not self._inside:
            with self.transaction() as connection:
                yield connection
            return
        if self._failure:
            raise self._failure
        try:
            with self.translated():
                yield self.connection
        except ConnectorError as failure:
            self._failure = failure
            raise

    def write_waiting(self) -> None:
        """Write what waits, if anything does: within the open transaction, or in one of its own."""
        if self.waiting is None or not self.waiting.any:
            return
        if self._inside:
            with self.joined() as connection:
                self.waiting.write(connection)
        else:
            with self.transaction():
                pass

    def _begun(self) -> RootTransaction:
        return self.connection.get_transaction() or self.connection.begin()

    def rows(self, query: Select[Any], parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        """Everything the query finds, as of now."""
        with self._read() as connection, legible(self.path):
            return connection.execute(query, parameters).mappings().all()

    def rows_of(self, query: ById, ids: Sequence[str], **parameters: str) -> list[dict[str, Any]]:
        """Those of the rows with these ids that are there, as of now."""
        if not ids:
            return []  # Not even a transaction, which would take along what waits for one.
        with self._read(), legible(self.path):
            return list(query.rows(self.driver, ids, parameters))

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        if self._inside or not self.reads_on:
            with self.joined() as connection:
                yield connection
            return
        with self.translated():
            transaction = self._begun()
            try:
                yield self.connection
            except BaseException:
                transaction.rollback()
                raise


def connect(file: Path, *, copy_of: Path | None = None) -> Session:
    """Open the file for reading and writing; made if it is not there. From now on its owner alone may read it.

    Of a copy, what is said names the ledger that it is a copy of.

    Raises:
        LedgerError: it cannot be opened, or is no database.
    """
    make_file(file)
    _keep_private(file)
    # SQLite itself would open it for reading and take transactions that can hold nothing.
    if not os.access(file, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise closed(file)
    return _connect(copy_of or file, file, "mode=rw", begin="BEGIN IMMEDIATE")


def make_file(path: Path) -> None:
    """Make an empty file that its owner alone may read; one that is there stays as it is.

    SQLite gives the files that it makes beside it (`-wal`, `-shm`) the same mode.
    """
    with translated_file_errors(path), suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _keep_private(path: Path) -> None:
    """Take back from others what a copy, a backup put back or a `chmod` gave them; doctor tells where that fails."""
    # Whoever may read the lock may also take it, and keep every run out.
    for file in (path, *(beside(path, ending) for ending in ("-wal", "-shm", ".lock", ".alert"))):
        with suppress(OSError):  # not there, or somebody else's
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & OTHERS:
                file.chmod(mode & ~OTHERS)


def connect_read_only(path: Path, *, at_rest: bool) -> Session:
    """Open an existing file for reading; no file is made, changed or locked.

    `at_rest` says that there is no log beside it: then it is read as it is, since SQLite would otherwise leave a `-wal`
    and a `-shm` behind. Else a run may be under way, or was killed: what it left is read, and not tidied up.
    """
    careful = "&immutable=1" if at_rest else "&readonly_shm=1" if beside(path, "-shm").exists() else ""
    return _connect(path, path, f"mode=ro{careful}", begin="BEGIN")


def _connect(path: Path, file: Path, options: str, *, begin: str) -> Session:
    uri = f"file:{quote(str(file))}?{options}"

    def open_file() -> sqlite3.Connection:
        # Python's own transaction control is off: it begins them lazily, too late to lock out a second writer.
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    engine = create_engine("sqlite://", creator=open_file, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    with translated(path, file):
        return Session(path, file, engine.connect())
