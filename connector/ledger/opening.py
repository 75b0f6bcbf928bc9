"""Ways into a ledger: for a run, for a look from outside, for a copy to try things on."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from connector.errors import ConnectorError
from connector.ledger.backup import backup_file, copy_file
from connector.ledger.belonging import make_over, owned
from connector.ledger.failures import translated_file_errors, unsuited
from connector.ledger.health import check_quickly, examine
from connector.ledger.history import details, last_runs
from connector.ledger.ledger import SqlLedger, birth
from connector.ledger.location import beside, ledger_path
from connector.ledger.migrations import bring_up_to_date, is_current
from connector.ledger.seal import check_seal, put_seal
from connector.ledger.session import connect, connect_read_only
from connector.ledger.summary import summarize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from connector.ledger.session import Session
    from connector.standing import Belonging, Health, RunDetails, RunRecord, Summary

Answer = TypeVar("Answer")
_SECRET_BYTES = 32


def open_ledger(url: str, *, now: datetime, random_bytes: Callable[[int], bytes]) -> SqlLedger:
    """Open the ledger for a run, which holds its lock; a new one is made, an old one brought up to date.

    Raises:
        LedgerError: damaged, not a ledger, made by a newer program, or not to be opened here by this user.
        DiskFullError: no room to make it or bring it up to date.
    """
    return _ledger(_open(ledger_path(url), birth(random_bytes(_SECRET_BYTES), now)), now)


def open_copy(url: str, folder: Path, *, now: datetime, random_bytes: Callable[[int], bytes]) -> SqlLedger:
    """A copy of the ledger in this folder, to be thrown away; a new ledger where there is none yet.

    It can be had while a run is under way. What is said of it names the ledger itself.

    Raises:
        LedgerError, DiskFullError: as `open_ledger` and `copy_ledger`.
    """
    path, copy = ledger_path(url), folder / "ledger.db"
    copy_ledger(url, copy)
    return _ledger(_open(copy, birth(random_bytes(_SECRET_BYTES), now), copy_of=path), now)


def read_summary(url: str, *, now: datetime) -> Summary | None:
    """What the ledger says of itself, also while a run is under way; None if there is none yet. Makes no file.

    Raises:
        LedgerError: not a ledger, made by another version of this program, or not to be read by this user.
    """
    return ask(ledger_path(url), lambda session: summarize(session, now) if is_current(session) else None)


def copy_ledger(url: str, to: Path) -> None:
    """Copy the ledger as it is now to a new file, also while a run is under way; no file if there is no ledger yet.

    Raises:
        LedgerError: it cannot be read, or the copy not be made.
        DiskFullError: no room for the copy.
    """
    ask(ledger_path(url), lambda session: copy_file(session, to))


def backup_ledger(url: str, to: Path) -> bool:
    """Copy the ledger as it is now to a new file, also while a run is under way; False if there is no ledger yet.

    Raises:
        LedgerError: it is damaged, or cannot be read; or the file is there already, or cannot be written.
        DiskFullError: no room for the copy.
    """
    path = ledger_path(url)
    if not exists(path):
        return False
    check_seal(path)

    def copy(session: Session) -> None:
        check_quickly(session)
        copy_file(session, to)

    with backup_file(to):
        ask(path, copy)
    return True


def read_last_runs(url: str, *, most: int) -> list[RunRecord] | None:
    """The runs begun last, newest first; for the rest as `read_summary`."""
    return ask(ledger_path(url), lambda session: last_runs(session, most) if is_current(session) else None)


def read_run(url: str, run_id: int) -> RunDetails | None:
    """One run with what failed in it, None if it is not known; for the rest as `read_summary`."""
    return ask(ledger_path(url), lambda session: details(session, run_id) if is_current(session) else None)


def read_belonging(url: str) -> Belonging | None:
    """Whose the ledger is; for the rest as `read_summary`."""
    return ask(ledger_path(url), lambda session: owned(session) if is_current(session) else None)


def examine_ledger(url: str) -> Health | None:
    """Read the whole ledger, also while a run is under way; None if there is none yet. Makes no file.

    Raises:
        LedgerError: it is damaged, not a ledger, made by another version, or not to be read by this user.
    """
    path = ledger_path(url)
    check_seal(path)
    return ask(path, lambda session: examine(session) if is_current(session) else None)


def make_over_ledger(url: str, *, apten: str, crm: str, now: datetime) -> None:
    """Make the ledger, whose lock is held, another's; see `belonging.make_over`."""
    with closing(_open(ledger_path(url), {})) as session:
        make_over(session, apten, crm, now)
    put_seal(session.path)


def ask(path: Path, question: Callable[[Session], Answer]) -> Answer | None:
    """Put a question to the file without making, changing or locking one.

    A file at rest is read as it stands; if a run began meanwhile, the answer may be wrong and is asked for again. So it
    is where the files beside it vanished, because a run ended.
    """
    while exists(path):
        before = _trace(path)
        at_rest = not beside(path, "-wal").exists()
        try:
            with closing(connect_read_only(path, at_rest=at_rest)) as session:
                answer = question(session)
        except ConnectorError:
            if _trace(path) != before:
                continue
            raise
        if not at_rest or _trace(path) == before:
            return answer
    return None


def _ledger(session: Session, now: datetime) -> SqlLedger:
    try:
        return SqlLedger(session, now)
    except BaseException:
        session.close()
        raise


def _open(file: Path, at_birth: Mapping[str, str], *, copy_of: Path | None = None) -> Session:
    """A connection to a sound ledger with the newest tables; `at_birth` is what a new one begins with."""
    check_seal(copy_of or file)
    session = connect(file, copy_of=copy_of)
    try:
        check_quickly(session)
        bring_up_to_date(session, at_birth)
        _log_ahead(session)
    except BaseException:
        session.close()
        raise
    return session


def exists(path: Path) -> bool:
    """Whether the file is there. Raises LedgerError where this user may not look."""
    with translated_file_errors(path):
        return path.exists()


def _trace(path: Path) -> tuple[int, int, bool]:
    """Differs once a run began or ended."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size, beside(path, "-wal").exists()


def _log_ahead(session: Session) -> None:
    """Write-ahead logging: readers see whole commits and hold up nobody."""
    with session.translated():
        (mode,) = session.driver.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise unsuited(session.path)
