"""`setup` makes a database's table, and shows the statements for what only its owner may change."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from connector.admin_files import read_mapping
from connector.crms.database.setup import TableNeeds
from connector.mapping.apply import compile_mapping
from connector.preparation import Standing
from tests.cli.conftest import change, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector.preparation import Step
    from tests.town import Town

    Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    town = build("database", calls=20, leads=5)
    town.mapping_path.write_text(
        "version: 1\nactivity: database/calls\nkey: call_id\nfields:\n"
        "  status: {from: callStatus}\n  seconds: {from: durationSeconds}\n  started_at: {from: createdAt}\n"
    )
    (town.folder / "database.schema.yaml").unlink()
    return town


def columns(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "activities.db")) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(calls)")]


def statements(text: str) -> list[str]:
    """The statements in what was shown."""
    return re.findall(r"(?:CREATE|ALTER) [^;]*;", text)


def test_the_table_is_made_as_the_first_run_would_make_it(town: Town, capsys: Captured) -> None:
    assert run(town, "setup") == 2
    (shown,) = statements(capsys.readouterr().out)
    assert not (town.folder / "activities.db").exists()
    assert run(town, "setup", "--yes") == 0
    assert columns(town.folder) == ["call_id", "status", "seconds", "started_at"]
    with closing(sqlite3.connect(":memory:")) as other, closing(sqlite3.connect(town.folder / "activities.db")) as ours:
        other.execute(shown)
        tables = [[row[1:] for row in each.execute("PRAGMA table_info(calls)")] for each in (other, ours)]
    assert tables[0] == tables[1]
    assert run(town, "sync") == 0
    assert town.logged() == town.loggable()


def test_the_second_time_there_is_nothing_to_do(town: Town, capsys: Captured) -> None:
    assert run(town, "setup", "--yes") == 0
    capsys.readouterr()
    assert run(town, "setup") == 0
    assert "Nothing to do: all is there." in capsys.readouterr().out


def test_a_table_that_is_there_is_not_changed_but_the_statements_shown_make_it_fit(
    town: Town, capsys: Captured
) -> None:
    town.sql("CREATE TABLE calls (call_id VARCHAR(255), status TEXT)")
    assert run(town, "setup", "--yes") == 2
    said = capsys.readouterr().out
    assert "for you to do" in said
    assert columns(town.folder) == ["call_id", "status"]
    assert run(town, "sync") == 2
    for statement in statements(said):
        town.sql(statement)
    capsys.readouterr()
    assert run(town, "setup") == 0
    assert run(town, "sync") == 0
    assert town.logged() == town.loggable()


def test_a_key_column_that_is_not_there_is_shown_with_its_index(town: Town, capsys: Captured) -> None:
    town.sql("CREATE TABLE calls (status TEXT, seconds BIGINT, started_at DATETIME)")
    assert run(town, "setup") == 2
    for statement in statements(capsys.readouterr().out):
        town.sql(statement)
    assert run(town, "setup") == 0


def second_mapping(town: Town, *pairs: tuple[str, str]) -> None:
    """Another mapping for the same table, which differs in this."""
    second = town.folder / "second.yaml"
    second.write_text(town.mapping_path.read_text())
    change(second, *pairs)
    change(town.config_path, ("mapping: database.yaml", "mappings: [database.yaml, second.yaml]"))


SUFFIX = ("key: call_id", "key: {field: call_id, suffix: b}")


def test_a_table_of_two_mappings_is_told_once_and_made_with_the_columns_of_both(town: Town, capsys: Captured) -> None:
    second_mapping(town, SUFFIX, ("status: {from: callStatus}", "ended: {from: endedBy}"))
    assert run(town, "setup") == 2
    (shown,) = statements(capsys.readouterr().out)
    assert run(town, "sync") == 0
    assert columns(town.folder) == ["call_id", "status", "seconds", "started_at", "ended"]
    assert all(column in shown for column in columns(town.folder))
    assert town.logged() == sorted(key for call_id in town.loggable() for key in (call_id, f"{call_id}:b"))


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([SUFFIX, ("seconds: {from: durationSeconds}", "seconds: {from: callStatus}")],
            "the column seconds of calls, and not the same: integer in seconds and long text"),
        ([SUFFIX, ("{from: durationSeconds}", "{from: durationSeconds, as: milliseconds}")],
            "integer in seconds and integer in milliseconds"),
        ([("key: call_id", "key: other_id")], "in different columns: call_id, other_id"),
        ([("key: call_id", "key: status"), ("  status: {from: callStatus}\n", "")], "long text and the key"),
    ],
)  # fmt: skip
def test_two_mappings_that_are_at_odds_over_a_table_to_be_made_are_refused(
    town: Town, pairs: list[tuple[str, str]], said: str, capsys: Captured
) -> None:
    second_mapping(town, *pairs)
    for command in ("setup", "sync"):
        assert run(town, command) == 2
        assert said in capsys.readouterr().err
    assert not (town.folder / "activities.db").exists()


def test_a_table_that_is_there_settles_what_mappings_are_at_odds_over(town: Town) -> None:
    second_mapping(town, SUFFIX, ("seconds: {from: durationSeconds}", "seconds: {from: durationSeconds, as: text}"))
    town.sql("CREATE TABLE calls (call_id VARCHAR(255) PRIMARY KEY, status TEXT, seconds TEXT, started_at TIMESTAMP)")
    assert run(town, "sync") == 2, "the first mapping writes a number there"
    change(town.mapping_path, ("{from: durationSeconds}", "{from: durationSeconds, as: text}"))
    assert run(town, "sync") == 0


def test_rights_are_the_databases_own_business(town: Town, capsys: Captured) -> None:
    assert run(town, "setup", "--user", "somebody") == 2
    assert "GRANT" in capsys.readouterr().err


def test_a_database_takes_no_metadata(town: Town, capsys: Captured) -> None:
    assert run(town, "setup", "--print-metadata", str(town.folder / "metadata")) == 2
    assert "is for Salesforce" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("dialect", "added", "unique", "type_of_key"),
    [
        (postgresql.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
            "ALTER TABLE reports.calls ADD COLUMN started_at TIMESTAMP WITH TIME ZONE;",
            "CREATE UNIQUE INDEX calls_call_id_key ON reports.calls (call_id);", "VARCHAR(255)"),
        (mysql.dialect(), "ALTER TABLE reports.calls ADD COLUMN started_at DATETIME(6);",
            "CREATE UNIQUE INDEX calls_call_id_key ON reports.calls (call_id);",
            "VARCHAR(255) COLLATE utf8mb4_bin"),
        (sqlite.dialect(), "ALTER TABLE reports.calls ADD COLUMN started_at DATETIME;",
            "CREATE UNIQUE INDEX reports.calls_call_id_key ON calls (call_id);", "VARCHAR(255)"),
    ],
    ids=["postgresql", "mysql", "sqlite"],
)  # fmt: skip
def test_each_database_is_shown_its_own_words(
    town: Town, dialect: sa.Dialect, added: str, unique: str, type_of_key: str
) -> None:
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("database/calls", "database/reports.calls"))
    wished = compile_mapping(read_mapping(town.mapping_path)).table_schema()

    def steps(there: sa.Table | None) -> dict[str, Step]:
        needs = TableNeeds("reports.calls", "call_id", wished, there, dialect, lambda: None)
        return {step.what: step for step in needs.steps()}

    (made,) = steps(None).values()
    assert made.standing is Standing.DUE
    assert made.note.startswith("CREATE TABLE reports.calls (")
    assert f"call_id {type_of_key} NOT NULL" in made.note
    there = sa.Table("calls", sa.MetaData(), sa.Column("call_id", sa.String(255)), schema="reports")
    found = steps(there)
    assert found["column started_at of reports.calls"].note == added
    assert found["reports.calls.call_id, kept unique by the database"].note.splitlines()[0] == unique
