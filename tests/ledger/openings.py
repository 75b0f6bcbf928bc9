"""Ledgers for the tests, opened with a known time and secret; times to put into them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from connector.ledger.migrations import UPGRADES
from connector.ledger.opening import open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger

NOW = datetime(2026, 11, 22, 21, 0, 0, 123457, UTC)
TARGET = "Task.Apten_Call_Id__c"
NEWEST = 1 + len(UPGRADES)
"""The version of a new ledger's tables."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def opened(path: Path, *, now: datetime = NOW) -> Iterator[SqlLedger]:
    ledger = open_ledger(url_of(path), now=now, random_bytes=lambda count: b"\x07" * count)
    try:
        yield ledger
    finally:
        ledger.close()


def leave_otherwise(path: Path, statement: str, *values: object) -> None:
    """Change a ledger at rest, as if its last run had left it so: no seal tells of it."""
    with closing(sqlite3.connect(path)) as ledger:
        ledger.execute(statement, values)
        ledger.execute("PRAGMA user_version = 0")
        ledger.commit()


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Rights count for nothing to root, under whom tests may run: meanwhile be nobody."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
