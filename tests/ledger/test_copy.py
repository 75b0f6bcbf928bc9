"""A copy to try things on: the ledger itself stays as it is, to the last bit."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.ledger.opening import open_copy
from connector.model import CallState
from tests.ledger.openings import NOW, opened, url_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("state", ["sealed", "without a seal", "empty file"])
def test_whatever_is_done_to_a_copy_the_ledger_is_not_touched(path: Path, tmp_path: Path, state: str) -> None:
    if state == "empty file":
        path.touch()
    else:
        with opened(path) as ledger:
            ledger.save_calls([CallState("first")])
    if state == "without a seal":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA user_version = 0")
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    folder = tmp_path / "copy"
    folder.mkdir()
    with closing(open_copy(url_of(path), folder, now=NOW, random_bytes=os.urandom)) as copy:
        copy.save_calls([CallState("second")])
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == stamp
