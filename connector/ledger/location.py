"""Where a ledger lives: the file that a `ledger:` URL names, and the files beside it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from connector.errors import LedgerError


def ledger_path(url: str) -> Path:
    """The file of a `sqlite:///…` URL.

    Raises:
        LedgerError: the URL names no file of SQLite's.
    """
    try:
        parts = make_url(url)
    except ArgumentError:
        parts = None
    if (
        parts is None
        or parts.drivername != "sqlite"
        or not parts.database
        or parts.database == ":memory:"
        or parts.query
    ):
        # The URL itself is not shown: one for a database server may hold a password.
        raise LedgerError(
            "The setting `ledger` does not name a file.",
            done="Nothing was done.",
            todo="Write it as `ledger: sqlite:///apten-crm.db`: three slashes and a path, relative to the config file; "
            "four slashes for an absolute path.",
        )
    # One name per file: two ways to the same ledger must meet at the same lock.
    return Path(os.path.realpath(parts.database))


def beside(path: Path, ending: str) -> Path:
    """The file next to the ledger whose name is the ledger's with this ending: `.lock`, `-wal`."""
    return path.with_name(path.name + ending)
