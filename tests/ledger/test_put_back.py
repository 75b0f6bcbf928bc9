"""A ledger put back from a copy: what a killed run left beside it is never laid over it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from connector.errors import LedgerError
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
    left = tmp_path / "killed" / "ledger.db"
    left.parent.mkdir()
    with opened(path) as ledger:
        ledger.start_run("sync", NOW)
        with ledger.transaction():
            ledger.save_calls([CallState("second")])
        for ending in ("", "-wal", "-shm"):
            shutil.copy(f"{path}{ending}", f"{left}{ending}")
    return left


def test_what_a_killed_run_left_is_read(killed: Path) -> None:
    with opened(killed) as ledger:
        assert set(ledger.calls(["first", "second"])) == {"first", "second"}


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
