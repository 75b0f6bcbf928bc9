"""What `doctor` finds of a ledger, and what it says to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from connector.ledger.lock import hold_lock
from connector.ledger.migrations import UPGRADES, is_current
from tests.cli.conftest import change, run
from tests.cli.test_doctor import clock, database, examine, levels

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

__all__ = ["clock", "database"]


def test_a_ledger_that_is_held_is_told_with_its_holder(database: Town, capsys: Captured) -> None:
    assert run(database, "sync") == 0
    assert examine(database, capsys)[1]["ledger: lock"]["found"] == "No run holds it."
    with hold_lock(f"sqlite:///{database.folder}/ledger.db"):
        code, found = examine(database, capsys)
    assert code == 0
    assert f"process {os.getpid()} since" in found["ledger: lock"]["found"]
    assert run(database, "sync") == 0


def test_what_stands_in_the_way_of_a_first_ledger_is_told(database: Town, capsys: Captured) -> None:
    ledger = database.folder / "ledger.db"
    ledger.mkdir()
    code, found = examine(database, capsys)
    assert code == 2
    assert found["ledger"]["found"] == f"The ledger {ledger} is a folder."


def test_a_mapping_that_the_ledger_knows_nothing_of_is_a_problem_as_it_is_for_a_run(
    database: Town, capsys: Captured
) -> None:
    assert run(database, "sync") == 0
    database.mapping_path.write_text(database.mapping_path.read_text().replace("key: call_id", "key: other_id"))
    code, found = examine(database, capsys)
    assert code == 2
    assert "remembers activities in calls.call_id" in found["ledger: owner"]["found"]
    assert "apten-crm ledger adopt" in found["ledger: owner"]["todo"]


def test_a_ledger_that_others_may_read_is_worth_a_warning_and_left_as_it_is(database: Town, capsys: Captured) -> None:
    assert run(database, "sync") in {0, 1}
    ledger = database.folder / "ledger.db"
    ledger.chmod(0o644)
    code, found = examine(database, capsys)
    assert code == 0
    assert f"chmod 600 {ledger}" in found["ledger: mode"]["todo"]
    assert ledger.stat().st_mode & 0o777 == 0o644


def test_a_ledger_that_is_damaged_is_a_problem(database: Town, capsys: Captured) -> None:
    (database.folder / "ledger.db").write_text("no ledger, but long enough to be taken for a database " * 40)
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, ["ledger"])


def test_an_empty_ledger_file_is_one_that_the_next_run_fills(database: Town, capsys: Captured) -> None:
    (database.folder / "ledger.db").touch()
    code, found = examine(database, capsys)
    assert (code, found["ledger"]["level"]) == (0, "ok")
    assert "the next run fills it" in found["ledger"]["found"]
    assert run(database, "sync") == 0


def test_a_ledger_of_an_earlier_version_is_one_that_the_next_run_brings_up_to_date(
    database: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(database, "sync") == 0
    monkeypatch.setattr("connector.ledger.opening.is_current", partial(is_current, upgrades=(*UPGRADES, print)))
    code, found = examine(database, capsys)
    assert (code, found["ledger"]["level"]) == (0, "ok")
    assert "the next run brings it up to date" in found["ledger"]["found"]


def test_a_ledger_of_another_database_or_apten_is_a_problem(database: Town, capsys: Captured) -> None:
    assert run(database, "sync") == 0
    change(database.config_path, ("sqlite:///activities.db", "sqlite:///others.db"))
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, ["ledger: owner"])
    assert "others.db is configured now" in found["ledger: owner"]["found"]
    change(database.config_path, ("sqlite:///others.db", "sqlite:///activities.db"), ("127.0.0.1", "localhost"))
    found = examine(database, capsys)[1]
    assert "localhost" in found["ledger: owner"]["found"]


def test_a_sync_that_was_long_ago_is_worth_a_warning(database: Town, capsys: Captured) -> None:
    assert run(database, "sync") == 0
    long_ago = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1_000_000)
    with closing(sqlite3.connect(database.folder / "ledger.db")) as connection:
        connection.execute("UPDATE run SET finished_at = ?", (long_ago,))
        connection.execute("PRAGMA user_version = 0")
        connection.commit()
    code, found = examine(database, capsys)
    assert (code, levels(found, "warning")) == (0, ["ledger: last success"])


def test_a_ledger_that_no_run_would_take_is_a_problem(database: Town, capsys: Captured) -> None:
    assert run(database, "sync") == 0
    with closing(sqlite3.connect(database.folder / "ledger.db")) as connection:
        connection.execute("UPDATE run SET finished_at = 0")
        connection.commit()
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, ["ledger"])


def test_a_ledger_in_a_folder_that_is_not_this_users_is_a_problem(
    database: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: path != database.folder)  # root may write anywhere
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, ["ledger"])


@pytest.mark.parametrize("closed", ["ledger.db", ""])
def test_a_ledger_that_this_user_may_not_write_to_is_a_problem(
    database: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    assert run(database, "sync") == 0
    monkeypatch.setattr(os, "access", lambda path, _mode: path != database.folder / closed)
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, ["ledger: rights"])


def test_parked_calls_are_mentioned(build: Build, capsys: Captured) -> None:
    town = build("salesforce", people_must_exist=True, calls=30, leads=8)
    town.fill_the_bin(2)
    assert run(town, "sync") == 1
    code, found = examine(town, capsys)
    assert (code, found["ledger: parked calls"]["level"]) == (0, "warning")


def test_little_room_on_the_disk_is_worth_a_warning(
    database: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 9 * 10**8, 10**8))
    code, found = examine(database, capsys)
    assert (code, found["disk"]["level"]) == (0, "warning")
