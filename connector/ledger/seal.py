"""A seal on a ledger at rest: whatever changed in its file since the last run is noticed, down to a single bit.

SQLite notices damage to its own structure, hardly any to the values in it: a record id, a time or a key that a failing
disk has changed would be taken at its word. So a run that ends puts a checksum of the file where SQLite has room for
its users (`PRAGMA user_version`), and the next one compares. While a run is under way, and after one that was killed,
there is no seal and nothing to compare. So a sealed file beside the log of a run was put there afterwards.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

from connector.ledger.failures import altered, locked, put_back, translated_file_errors
from connector.ledger.location import beside

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.session import Session

_HEADER = 100
"""Bytes of SQLite's own at the start, the seal among them; a copy of the file has others there."""
_MAGIC = b"SQLite format 3\0"
_SUM, _OWNER, _SIZE = 60, 68, 4
"""Places of the checksum and of the mark that it is ours (`PRAGMA application_id`), and the size of both."""
_OURS, _NONE = b"Aptn", bytes(_SIZE)
_ONE_PAGE = 32 + 24 + 4096
"""Bytes of a log that holds one page: a run that was killed while it broke the seal leaves no more."""
_PIECE = 1 << 20


def check_seal(path: Path) -> None:
    """Compare the file with its seal, if it has one and no process is at work in it.

    To be asked while this process does not have the file open: letting go of it would let go of SQLite's locks, too.

    Raises:
        LedgerError: it was changed by something else than a run, was put back beside what another state of it left,
            or may not be read by this user.
    """
    if _is_at_work(path):
        if _is_put_back(path):
            raise put_back(path)
        return
    with translated_file_errors(path), suppress(FileNotFoundError):
        file = os.open(path, os.O_RDONLY)
        try:
            seal = os.pread(file, _SIZE, _SUM)
            broken = _is_sealed(file) and seal != _sum(file)
            # Unless a run began meanwhile, or even ended.
            if broken and not _is_at_work(path) and seal == os.pread(file, _SIZE, _SUM):
                raise altered(path)
        finally:
            os.close(file)


def break_seal(session: Session) -> None:
    """From here on the file is being changed; durable before anything else is.

    Raises:
        RunError: another program is reading the file, and does not end.
    """
    with session.translated():
        (seal,) = session.driver.execute("PRAGMA user_version").fetchone()
        if seal:
            session.driver.execute("PRAGMA user_version = 0")
        # Into the file itself, also where a run before came no further than the log.
        busy, *_ = session.driver.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
    if busy:
        raise locked(session.path)


def put_seal(path: Path) -> None:
    """Seal the file, which this process has closed but still holds the lock of; without success it has no seal."""
    if _is_at_work(path):
        return
    with suppress(OSError):
        file = os.open(path, os.O_RDWR)
        try:
            os.pwrite(file, _sum(file), _SUM)
            os.pwrite(file, _OURS, _OWNER)
            os.fsync(file)
        finally:
            os.close(file)


def _is_at_work(path: Path) -> bool:
    """Whether some process has the file open, or was killed while it had."""
    return beside(path, "-wal").exists()


def _is_put_back(path: Path) -> bool:
    """Whether the file is sealed beside a log that holds something, and not because a run has begun or ended since."""
    with translated_file_errors(path), suppress(FileNotFoundError):
        file = os.open(path, os.O_RDONLY)
        try:
            sealed = _is_sealed(file)
            return sealed and beside(path, "-wal").stat().st_size > _ONE_PAGE and _is_sealed(file)
        finally:
            os.close(file)
    return False


def _is_sealed(file: int) -> bool:
    return _is_ours(file) and os.pread(file, _SIZE, _SUM) != _NONE


def _is_ours(file: int) -> bool:
    return os.pread(file, len(_MAGIC), 0) == _MAGIC and os.pread(file, _SIZE, _OWNER) == _OURS


def _sum(file: int) -> bytes:
    """Of all but the header; never none."""
    found, at = 0, _HEADER
    while piece := os.pread(file, _PIECE, at):
        found, at = crc32(piece, found), at + len(piece)
    return (found or 1).to_bytes(_SIZE, "big")
