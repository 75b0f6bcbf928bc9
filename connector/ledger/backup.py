"""Whole copies of a ledger's file, consistent even while a run writes to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from connector.ledger.failures import translated, translated_file_errors
from connector.ledger.session import make_file

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.session import Session


def copy_file(session: Session, target: Path) -> None:
    """Copy the session's ledger to a file, new or replaced, which its owner alone may read.

    Raises:
        DiskFullError, LedgerError: the copy could not be made; what there is of it is removed.
    """
    with translated_file_errors(target):
        target.unlink(missing_ok=True)
    make_file(target)
    try:
        with translated(target), closing(sqlite3.connect(target)) as copy:
            session.driver.backup(copy)
    except BaseException:
        target.unlink()
        raise
