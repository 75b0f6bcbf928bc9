"""A ledger put back from a copy: what a killed run left beside it is never laid over it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.errors import LedgerError, RunError
from connector.ledger.opening import backup_ledger, examine_ledger
from connector.model import CallState
from tests.ledger.openings import NOW, opened, url_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def killed(path: Path, tmp_path: Path) -> Path:
    """A ledger that a killed run left, a first call safe in it, and beside it two copies of what it was before."""
    with opened(path) as ledger:
        ledger.save_calls([CallState("first")])
    assert backup_ledger(url_of(path), tmp_path / "backup.db")
    shutil.copy(path, tmp_path / "copied.db")
    with opened(path) as ledger:
        ledger.start_run("sync", NOW)
        with ledger.transaction():
            ledger.save_calls([CallState("second")])
        return killed_now(path, tmp_path / "killed")


def killed_now(path: Path, folder: Path) -> Path:
    """What a run would leave if it was killed at this moment."""
    folder.mkdir()
    for file in path.parent.glob(f"{path.name}*"):
        shutil.copy(file, folder)
    return folder / path.name


def test_what_a_killed_run_left_is_read(killed: Path) -> None:
    with opened(killed) as ledger:
        assert set(ledger.calls(["first", "second"])) == {"first", "second"}


def test_two_kills_in_a_row_are_no_copy_put_back(path: Path, tmp_path: Path) -> None:
    """The first came while the seal was being broken: it was so in the log, and not yet in the file."""
    with opened(path):
        pass
    with closing(sqlite3.connect(path)) as run:
        run.execute("PRAGMA user_version = 0")
        once = killed_now(path, tmp_path / "once")
    with opened(once) as ledger:
        with ledger.transaction():
            ledger.save_calls([CallState(f"c{number}") for number in range(500)])
        twice = killed_now(once, tmp_path / "twice")
    with opened(twice) as ledger:
        assert len(ledger.calls([f"c{number}" for number in range(500)])) == 500


def test_a_program_that_reads_all_the_time_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.ledger.session._PATIENCE_MS", 50)
    with opened(path):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as browser:
        browser.execute("BEGIN")
        browser.execute("SELECT * FROM meta").fetchall()
        with pytest.raises(RunError, match="Another program keeps the ledger"), opened(path):
            pass
        browser.execute("COMMIT")
    with opened(path):
        pass


@pytest.mark.parametrize("copy", ["backup.db", "copied.db"])
def test_a_copy_beside_what_a_killed_run_left_is_refused(killed: Path, tmp_path: Path, copy: str) -> None:
    shutil.copy(tmp_path / copy, killed)
    before = killed.read_bytes()
    for look in (lambda: opened(killed).__enter__(), lambda: examine_ledger(url_of(killed))):
        with pytest.raises(LedgerError, match=r"was put back beside ledger\.db-wal"):
            look()
    assert killed.read_bytes() == before
    for ending in ("-wal", "-shm"):
        killed.with_name(f"ledger.db{ending}").unlink()
    with opened(killed) as ledger:
        assert set(ledger.calls(["first", "second"])) == {"first"}


def test_a_backup_that_was_damaged_is_noticed(killed: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    backup.write_bytes(backup.read_bytes().replace(b"first", b"fisrt"))
    with pytest.raises(LedgerError, match="not as the last run left it"), opened(backup):
        pass
    assert killed.exists()
