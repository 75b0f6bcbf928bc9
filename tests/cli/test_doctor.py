"""`doctor` looks at what a run needs, tells how it stands, and says what to do."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from connector.ledger.lock import hold_lock
from connector.ledger.migrations import UPGRADES, is_current
from connector.sandbox.faults import Fault
from tests.cli.conftest import change, run
from tests.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]


@pytest.fixture
def clock() -> FakeClock:
    """Apten's clock and the CRM's, which agree with this computer's."""
    return FakeClock(datetime.now(UTC))


@pytest.fixture(params=["database", "salesforce"])
def town(request: pytest.FixtureRequest, build: Build) -> Town:
    return build(request.param, calls=10, leads=4)


@pytest.fixture
def database(build: Build) -> Town:
    return build("database", calls=10, leads=4)


def examine(town: Town, capsys: Captured) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings by what they are about."""
    capsys.readouterr()
    code = run(town, "doctor", "--format", "json")
    return code, {each["about"]: each for each in json.loads(capsys.readouterr().out)["findings"]}


def levels(found: dict[str, dict[str, Any]], level: str) -> list[str]:
    return [about for about, finding in found.items() if finding["level"] == level]


def test_where_all_is_well_it_says_so_and_changes_nothing(town: Town, capsys: Captured) -> None:
    assert run(town, "doctor") == 0
    said = capsys.readouterr().out
    assert said.endswith("All is well.\n")
    assert town.activities() == []
    assert not (town.folder / "ledger.db").exists()
    assert not (town.folder / "activities.db").exists()
    methods = {request.split(" ")[0] for request in town.salesforce.requests if "oauth2" not in request}
    assert methods <= {"GET"}
    assert run(town, "sync") == 0
    code, found = examine(town, capsys)
    assert (code, levels(found, "problem"), levels(found, "warning")) == (0, [], [])


def test_programs_get_versions_as_well(database: Town, capsys: Captured) -> None:
    assert run(database, "doctor", "--format", "json") == 0
    versions = json.loads(capsys.readouterr().out)["versions"]
    assert {"apten-crm-connector", "python", "sqlalchemy", "simple-salesforce"} <= versions.keys()


def test_a_config_with_mistakes_is_shown_with_each_of_them(database: Town, capsys: Captured) -> None:
    change(database.config_path, ("kind: database", "kind: databse"))
    assert run(database, "doctor") == 2
    said = capsys.readouterr()
    assert "PROBLEM  config: " in said.out
    assert "databse" in said.err


def test_a_mapping_with_mistakes_does_not_keep_it_from_looking_at_the_rest(database: Town, capsys: Captured) -> None:
    other = database.folder / "other.yaml"
    shutil.copy(database.mapping_path, other)
    change(database.config_path, ("mapping: database.yaml", "mappings: [database.yaml, other.yaml]"))
    change(other, ("from: callStatus", "from: callState"))
    code, found = examine(database, capsys)
    assert code == 2
    assert levels(found, "problem") == [f"mapping {other}"]
    assert "apten-crm check" in found[f"mapping {other}"]["todo"]
    assert "database: table calls" in found


def test_a_mapping_for_another_crm_is_told(database: Town, capsys: Captured) -> None:
    change(database.mapping_path, ("database/calls", "salesforce/Task"))
    code, found = examine(database, capsys)
    assert (code, levels(found, "problem")) == (2, [f"mapping {database.mapping_path}"])


@pytest.mark.parametrize(
    ("fault", "code", "passes"),
    [
        (Fault("/leads", status=401), 2, False),
        (Fault("/leads", status=503), 3, True),
        (Fault("/leads", drop=True), 3, True),
    ],
)
def test_apten_refusing_or_not_answering(
    database: Town, fault: Fault, code: int, passes: bool, capsys: Captured
) -> None:
    database.apten.faults.add(fault, times=9)
    ended, found = examine(database, capsys)
    assert ended == code
    assert levels(found, "problem") == ["Apten"]
    assert found["Apten"]["passes"] is passes
    assert found["ledger"]["level"] == "ok"


def test_a_problem_that_stays_counts_for_more_than_one_that_may_pass(database: Town, capsys: Captured) -> None:
    database.apten.faults.add(Fault("/leads", status=503), times=9)
    database.sql("CREATE TABLE calls (call_id TEXT)")
    assert examine(database, capsys)[0] == 2


@pytest.mark.parametrize(("minutes", "level"), [(1, "ok"), (-1, "ok"), (3, "warning"), (-3, "warning")])
def test_clocks_that_differ_by_more_than_two_minutes_are_worth_a_warning(
    database: Town, clock: FakeClock, minutes: int, level: str, capsys: Captured
) -> None:
    clock.advance(minutes=minutes)
    code, found = examine(database, capsys)
    assert (code, found["clock"]["level"]) == (0, level)
    if level == "warning":
        assert ("behind" if minutes > 0 else "ahead of") in found["clock"]["found"]
        assert "wait" in found["clock"]["todo"]


# --- a database ---


def test_a_table_without_a_unique_key_is_a_problem(database: Town, capsys: Captured) -> None:
    database.sql("CREATE TABLE calls (call_id VARCHAR(255))")
    code, found = examine(database, capsys)
    assert code == 2
    assert found["database: key column calls.call_id"]["level"] == "problem"
    assert "apten-crm setup" in found["database: key column calls.call_id"]["todo"]
    assert found["mapping " + str(database.mapping_path)]["level"] == "problem"


def test_a_table_without_the_key_is_a_problem(database: Town, capsys: Captured) -> None:
    database.sql("CREATE TABLE calls (status TEXT)")
    found = examine(database, capsys)[1]
    assert found["database: key column calls.call_id"]["found"] == "There is no such column."


def test_looking_leaves_no_row_behind(database: Town, capsys: Captured) -> None:
    assert run(database, "setup", "--yes") == 0
    database.sql("CREATE TABLE told (what TEXT)")
    database.sql("CREATE TRIGGER tell AFTER INSERT ON calls BEGIN INSERT INTO told VALUES ('insert'); END")
    assert examine(database, capsys)[1]["database: rights on calls"]["level"] == "ok"
    assert database.activities() == []
    with closing(sqlite3.connect(database.folder / "activities.db")) as connection:
        assert connection.execute("SELECT * FROM told").fetchall() == []


def test_a_database_that_cannot_be_opened_is_told_once(database: Town, capsys: Captured) -> None:
    (database.folder / "activities.db").write_text("no database, but long enough to be taken for one " * 40)
    code, found = examine(database, capsys)
    assert code == 2
    assert [about for about in levels(found, "problem") if about.startswith(("database", "mapping"))] == [
        "database: table calls"
    ]


# --- the ledger ---


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
