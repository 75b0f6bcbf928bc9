"""`doctor` looks at what a run needs, tells how it stands, and says what to do."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

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
