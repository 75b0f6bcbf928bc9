"""Whole copies of a ledger's file, consistent even while a run writes to it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from connector.errors import DiskFullError, LedgerError
from connector.ledger.failures import translated, translated_file_errors
from connector.ledger.seal import put_seal
from connector.ledger.session import make_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.ledger.session import Session


@contextmanager
def backup_file(to: Path) -> Iterator[None]:
    """The place for a backup, which its owner alone may read; what there is of it is removed if it is not finished.

    Raises:
        LedgerError: something is there already, or nothing can be written there.
        DiskFullError: there is no room for it.
    """
    try:
        os.close(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise LedgerError(
            f"{to} is there already.",
            done="It was left as it is, and nothing was copied.",
            todo="Name a file that is not there yet.",
        ) from None
    except OSError as error:
        raise LedgerError(
            f"No backup can be written to {to}.",
            done="Nothing was copied.",
            todo="Check that its folder is there and that you may write to it.",
        ) from error
    try:
        yield
    except DiskFullError:
        to.unlink(missing_ok=True)
        raise DiskFullError(
            f"There is no room for the backup {to}: the disk or the quota is full.",
            done="What there was of it was removed; the ledger is as it was.",
            todo="Free some space, or name a file on another disk.",
        ) from None
    except BaseException:
        to.unlink(missing_ok=True)
        raise


def copy_file(session: Session, target: Path) -> None:
    """Copy the session's ledger to a file, new or replaced, sealed, which its owner alone may read.

    Raises:
        DiskFullError, LedgerError: the copy could not be made; what there is of it is removed.
    """
    with translated_file_errors(target):
        target.unlink(missing_ok=True)
    make_file(target)
    try:
        with translated(target), closing(sqlite3.connect(target)) as copy:
            session.driver.backup(copy)
        put_seal(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
