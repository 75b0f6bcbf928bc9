"""One run per ledger: an exclusive lock that the kernel releases however the process dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from connector.errors import AnotherRunError
from connector.ledger.failures import translated_file_errors
from connector.ledger.file_systems import refuse_network
from connector.ledger.location import beside, ledger_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOUNTS = Path("/proc/mounts")
"""Linux's list of mounted file systems."""
_LOOKS, _LOOK_AGAIN = 50, 0.02

_TRIES = 100_000
"""How often to try to lock what others only look at: for a tenth of a second or more, they for a millionth of one."""


@contextmanager
def hold_lock(
    url: str, mounts: Path = MOUNTS, pause: Callable[[float], None] = lambda _seconds: None
) -> Iterator[None]:
    """Hold the ledger's lock; the file `<ledger>.lock` stays, since removing it would let two runs in.

    `mounts` is the system's list of mounted file systems; without one, as on macOS, any is taken for local.
    `pause` waits for so many seconds: whoever has only just taken the lock gets a moment to say who it is.

    Raises:
        AnotherRunError: another run holds it.
        LedgerError: the ledger would lie on a network file system, or where this user may not write.
    """
    path = ledger_path(url)
    if mounts.exists():
        refuse_network(path, mounts.read_text(encoding="utf-8", errors="surrogateescape"))
    file = beside(path, ".lock")
    with translated_file_errors(path, lock=file):
        lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with translated_file_errors(path):
            if not _take(lock):
                raise _held(path, lock, pause)
            # For whoever finds it held; the file's time says since when.
            os.truncate(lock, 0)
            os.pwrite(lock, str(os.getpid()).encode("ascii"), 0)
        try:
            yield
        finally:
            with suppress(OSError):
                os.truncate(lock, 0)
    finally:
        os.close(lock)


def holder(url: str) -> str | None:
    """Who holds the ledger, and since when; None if nobody does.

    To find out, the lock is shared for an instant, which a run that begins just then waits out.
    """
    path = ledger_path(url)
    file = beside(path, ".lock")
    if not file.exists():
        return None
    with translated_file_errors(path, lock=file):
        lock = os.open(file, os.O_RDONLY)
        try:
            return None if _locked(lock, fcntl.LOCK_SH) else _told(lock, lambda _seconds: None)
        finally:
            os.close(lock)


def _take(lock: int) -> bool:
    """Lock it for a run. Only runs lock it for themselves; who shares it looks whether it is held, and lets go."""
    for _ in range(_TRIES):
        if _locked(lock, fcntl.LOCK_EX):
            return True
        if not _locked(lock, fcntl.LOCK_SH):
            return False
        fcntl.flock(lock, fcntl.LOCK_UN)
    return False


def _locked(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _held(path: Path, lock: int, pause: Callable[[float], None]) -> AnotherRunError:
    return AnotherRunError(
        f"The ledger {path} is held by {_told(lock, pause)}: another run is under way.",
        done="Nothing was done.",
        todo="Let it finish; the next run goes on by itself. If that process hangs, end it: the lock goes with it.",
    )


def _told(lock: int, pause: Callable[[float], None]) -> str:
    """Who holds the lock, and since when."""
    number = ""
    for _ in range(_LOOKS):
        number = os.pread(lock, 20, 0).decode("ascii", errors="replace")
        if number:
            break
        pause(_LOOK_AGAIN)
    since = datetime.fromtimestamp(os.fstat(lock).st_mtime, UTC)
    return f"process {number if number.isdecimal() else 'unknown'} since {since:%Y-%m-%d %H:%M:%S} UTC"
