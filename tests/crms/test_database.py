from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.crms.database.adapter import Database
from connector.crms.database.tables import schema_of, table_for
from connector.crms.database.values import to_column
from connector.errors import (
    ConfigError,
    CrmSetupError,
    RejectedError,
    RetryableError,
)
from connector.model import Clue, Person, PersonSearch, Record, Target
from tests.crms.conftest import call

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLS = Target("calls", "call_id")
WANTED = ObjectSchema(
    "database",
    "calls",
    Counted.CHARACTERS,
    {
        field.name: field
        for field in (
            FieldSchema("call_id", FieldType.TEXT, key=True),
            FieldSchema("subject", FieldType.TEXT, length=80),
            FieldSchema("notes", FieldType.LONG_TEXT),
            FieldSchema("seconds", FieldType.INTEGER),
            FieldSchema("score", FieldType.NUMBER),
            FieldSchema("hot", FieldType.BOOLEAN),
            FieldSchema("day", FieldType.DATE),
            FieldSchema("at", FieldType.DATETIME),
            FieldSchema("person", FieldType.REFERENCE),
        )
    },
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "activities.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    adapter = Database(f"sqlite:///{file}", [WANTED])
    yield adapter
    adapter.close()


def execute(file: Path, *statements_: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return [row for each in statements_ for row in connection.execute(each)]


def test_only_a_write_makes_the_table_and_then_as_described(file: Path, database: Database) -> None:
    before = database.describe(CALLS)
    assert database.read(CALLS, ["a"], ["subject"]) == {}
    assert database.scan(CALLS).rows == ()
    assert execute(file, "SELECT name FROM sqlite_master") == []
    database.write(CALLS, [call("a")])
    after = Database(f"sqlite:///{file}", []).describe(CALLS)
    assert list(after.fields) == list(before.fields)
    assert [name for name, field in after.fields.items() if field.key] == ["call_id"]
    kinds = {name: field.type for name, field in after.fields.items()}
    assert kinds == {**{name: field.type for name, field in before.fields.items()}, "person": FieldType.LONG_TEXT}
    assert (after.fields["subject"].length, after.fields["call_id"].length) == (80, 255)


def test_every_type_comes_back_as_it_went_in(database: Database) -> None:
    at = datetime(2026, 11, 1, 13, 30, 5, 123456, tzinfo=timezone(timedelta(hours=1)))
    activity = call(
        "a", subject="s", notes="n", seconds=2**40, score=1.5, hot=True, day=date(2026, 11, 1), at=at, person="003"
    )
    database.write(CALLS, [activity])
    read = database.read(CALLS, ["a"], [*WANTED.fields])["a"].fields
    assert read == {**activity.fields, "call_id": "a"}
    assert isinstance(read["at"], datetime)
    assert read["at"].tzinfo is UTC
    assert read["hot"] is True


def test_rows_of_one_batch_may_name_different_columns(database: Database) -> None:
    receipts = database.write(CALLS, [call("a", subject="x"), call("b", seconds=1), call("c"), call("d", subject="y")])
    assert [(receipt.key, receipt.created) for receipt in receipts] == [(key, True) for key in "abcd"]
    database.write(CALLS, [call("a"), call("b", subject="z")])
    found = database.read(CALLS, ["a", "b", "c", "d"], ["subject", "seconds"])
    assert [list(record.fields.values()) for record in found.values()] == [
        ["x", None],
        ["z", 1],
        [None, None],
        ["y", None],
    ]


def test_a_table_that_is_there_is_described_as_it_is(file: Path) -> None:
    execute(
        file,
        """CREATE TABLE calls (
            id INTEGER PRIMARY KEY, call_id VARCHAR(40) NOT NULL UNIQUE, other VARCHAR(40), status VARCHAR(9) NOT NULL
            DEFAULT 'new', owner TEXT NOT NULL, rank SMALLINT, price NUMERIC(8, 2), visits NUMERIC(5, 0),
            doubled INTEGER GENERATED ALWAYS AS (rank * 2), blob_ BLOB, UNIQUE (call_id, other))""",
        "CREATE UNIQUE INDEX by_other ON calls (other)",
        "CREATE UNIQUE INDEX by_status ON calls (status) WHERE rank > 1",
    )
    fields = Database(f"sqlite:///{file}", []).describe(CALLS).fields
    assert [name for name, field in fields.items() if field.key] == ["call_id", "other"]
    assert [name for name, field in fields.items() if field.required] == ["call_id", "owner"]
    assert [name for name, field in fields.items() if not field.createable] == ["doubled"]
    assert {name: field.type.value for name, field in fields.items()} == {
        "id": "integer",
        "call_id": "text",
        "other": "text",
        "status": "text",
        "owner": "long_text",
        "rank": "integer",
        "price": "number",
        "visits": "integer",
        "doubled": "integer",
        "blob_": "other",
    }
    assert (fields["call_id"].length, fields["rank"].maximum, fields["price"].maximum) == (40, 32_767, 999_999)
    assert fields["visits"].maximum == 99_999


def test_a_key_the_database_does_not_keep_unique_is_refused(file: Path, database: Database) -> None:
    execute(file, "CREATE TABLE calls (call_id VARCHAR(40), subject TEXT)")
    assert not database.describe(CALLS).fields["call_id"].key
    with pytest.raises(CrmSetupError, match="unique"):
        database.write(CALLS, [call("a")])


def test_an_unknown_column_or_table_is_the_admins_matter(file: Path, database: Database) -> None:
    execute(file, "CREATE TABLE calls (call_id VARCHAR(40) PRIMARY KEY)")
    for attempt in (
        lambda: database.write(CALLS, [call("a", subject="x")]),
        lambda: database.read(CALLS, ["a"], ["subject"]),
        lambda: database.scan(Target("calls", "nothing")),
        lambda: database.describe(Target("nothing", "call_id")),
        lambda: database.write(Target("nothing", "call_id"), [call("a")]),
    ):
        with pytest.raises(CrmSetupError):
            attempt()


def test_rows_that_do_not_pass_fail_alone_and_the_others_are_written(file: Path, database: Database) -> None:
    execute(file, "CREATE TABLE calls (call_id VARCHAR(40) PRIMARY KEY, subject TEXT UNIQUE, n INTEGER CHECK (n < 9))")
    batch = [call("a", subject="x"), call("b", subject="x"), call("c", n=10), call("d", subject=None, n=1)]
    receipts = database.write(CALLS, batch)
    errors = [receipt.error for receipt in receipts]
    assert [error.code for error in errors if isinstance(error, RejectedError)] == ["NOT_UNIQUE", "CONSTRAINT"]
    assert [receipt.record_id for receipt in receipts] == ["a", None, None, "d"]
    assert sorted(execute(file, "SELECT call_id FROM calls")) == [("a",), ("d",)]
    updates = database.write(CALLS, [call("a", "a", subject="z"), call("d", "d", n=11), call("e", "e", n=1)])
    assert [receipt.record_id for receipt in updates] == ["a", None, None]
    assert [error.code for each in updates if isinstance(error := each.error, RejectedError)] == ["CONSTRAINT"]
    assert [receipt.gone for receipt in updates] == [False, False, True]


def test_a_locked_file_is_tried_again(file: Path) -> None:
    database = Database(f"sqlite:///{file}?timeout=0.05", [WANTED])
    database.write(CALLS, [call("a")])
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RetryableError) as busy:
            database.write(CALLS, [call("b")])
        assert type(busy.value) is RetryableError
    assert database.write(CALLS, [call("b")])[0].created


def test_files_that_cannot_be_used_are_the_admins_matter(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database, but long enough to look at" * 9, encoding="utf-8")
    readonly = tmp_path / "readonly.db"
    execute(readonly, "CREATE TABLE calls (call_id VARCHAR(40) PRIMARY KEY)")
    for name in ("text.db", "missing/activities.db", f"file:{readonly}?mode=ro&uri=true"):
        url = f"sqlite:///{name}" if name.startswith("file:") else f"sqlite:///{tmp_path / name}"
        with pytest.raises(CrmSetupError):
            Database(url, [WANTED]).write(CALLS, [call("a")])


@pytest.mark.parametrize("url", ["", "not a url", "sqlite", "postgresql://host:port/name"])
def test_a_url_that_cannot_be_read_is_a_config_error(url: str) -> None:
    with pytest.raises(ConfigError):
        Database(url, [])


@pytest.mark.parametrize(
    ("url", "todo"),
    [
        ("postgresql+psycopg://u:hunter2@host/name", 'pip install "apten-crm-connector[postgresql]"'),
        ("mysql+pymysql://u:hunter2@host/name", 'pip install "apten-crm-connector[mysql]"'),
        ("nonesuch://u:hunter2@host/name", "dialect"),
    ],
)
def test_a_missing_driver_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch, url: str, todo: str) -> None:
    for driver in ("psycopg", "pymysql"):
        monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(CrmSetupError) as caught:
        Database(url, [])
    assert todo in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_identity_is_a_place_without_user_password_and_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    relative, absolute = Database("sqlite:///a.db", []), Database(f"sqlite:///{tmp_path}/sub/../a.db?timeout=1", [])
    assert relative.identity() == absolute.identity() == f"sqlite:///{tmp_path.resolve()}/a.db"
    assert Database("sqlite://", []).identity() == "sqlite://"


def test_a_person_is_the_clue_itself(database: Database) -> None:
    assert database.find([PersonSearch((Clue("lead.externalLeadId", "crm-7"),))]) == [Person("crm-7")]


def test_a_database_in_memory_lasts_as_long_as_its_adapter() -> None:
    database = Database("sqlite://", [WANTED])
    database.write(CALLS, [call("a", subject="x")])
    assert database.read(CALLS, ["a"], ["subject"]) == {"a": Record("a", {"subject": "x"})}


def test_a_cell_that_holds_no_value_of_its_column_reads_as_the_text_it_is(file: Path, database: Database) -> None:
    database.write(CALLS, [call("a", day=date(2026, 6, 20), at=datetime(2026, 6, 20, 9, tzinfo=UTC), seconds=3)])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "UPDATE calls SET day = '20.06.2026', at = 'noon', seconds = 'few', score = 'good', hot = 'yes'"
        )
    fields = database.read(CALLS, ["a"], ["day", "at", "seconds", "score", "hot"])["a"].fields
    assert fields == {"day": "20.06.2026", "at": "noon", "seconds": "few", "score": "good", "hot": "yes"}
    with closing(sqlite3.connect(file)) as connection, connection:
        late, statement = "9999-12-31T23:59:59-05:00", "UPDATE calls SET day = 20260620, at = ?, seconds = ?, score = ?"
        connection.execute(statement, (late, float("inf"), b"\x05"))
    fields = database.read(CALLS, ["a"], ["day", "at", "seconds", "score"])["a"].fields
    assert fields == {"day": "20260620", "at": late, "seconds": float("inf"), "score": "b'\\x05'"}


def test_a_table_in_a_schema_of_its_own_is_named_with_it() -> None:
    table = table_for(ObjectSchema("database", "crm.calls", Counted.CHARACTERS, WANTED.fields))
    assert (table.schema, table.name) == ("crm", "calls")
    assert schema_of("crm.calls", table).object == "crm.calls"


def test_mysql_keeps_keys_that_differ_in_case_apart_and_texts_of_any_length() -> None:
    text = str(sa.schema.CreateTable(table_for(WANTED)).compile(dialect=mysql.dialect()))
    assert "call_id VARCHAR(255) COLLATE utf8mb4_bin NOT NULL" in text
    assert "notes LONGTEXT" in text
    fields = schema_of(
        "t", sa.Table("t", sa.MetaData(), sa.Column("a", mysql.TEXT()), sa.Column("b", mysql.LONGTEXT()))
    )
    assert (fields.fields["a"].length, fields.fields["b"].length) == (16_383, None)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (mysql.DATETIME(), 0),
        (mysql.TIMESTAMP(fsp=3), 987_000),
        (mysql.DATETIME(fsp=6), 987_654),
        (postgresql.TIMESTAMP(precision=0), 0),
        (postgresql.TIMESTAMP(timezone=True), 987_654),
        (sa.DateTime(), 987_654),
    ],
)
def test_a_column_that_keeps_no_fractions_of_a_second_gets_none_to_round(kind: sa.DateTime, kept: int) -> None:
    moment = datetime(2026, 6, 15, 14, 30, 0, 987_654, tzinfo=UTC)
    written = to_column(sa.Column("started_at", kind), moment)
    assert isinstance(written, datetime)
    assert written.replace(tzinfo=UTC) == moment.replace(microsecond=kept)
