"""A database as CRM under everything that happens to databases: a clear word, nobody harmed, all converges after."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from connector.errors import RunError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]


@pytest.fixture
def town(build: Build) -> Town:
    return build("database", calls=30, leads=8)


def all_change(town: Town, clock: FakeClock) -> None:
    for call in town.world.loggable_calls():
        town.world.change_call(call["id"], clock.now(), summary=f"Changed: {call['id']}")
    # A status that nobody knows counts as in progress for a quarter of an hour after each change.
    clock.advance(minutes=30)


def finish_all(town: Town, clock: FakeClock) -> None:
    for call in town.world.calls_in_progress():
        town.world.finish_call(call["id"], clock.now())


def converges(town: Town, clock: FakeClock) -> None:
    """One more run, now that nothing is wrong any more."""
    clock.advance(minutes=30)
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()
    assert town.run().counts["written"] == 0


def driver(monkeypatch: pytest.MonkeyPatch, *statements: str, **options: Any) -> None:
    """Let the database's driver connect otherwise; the ledger's connections are others."""

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = sqlite3.connect(*given, **{**named, **options})
        for statement in statements:
            connection.execute(statement)
        return connection

    monkeypatch.setattr(sqlite3.dbapi2, "connect", connect)


@pytest.mark.survives("J CRMs", "database locked")
def test_a_database_that_stays_locked_stops_the_run(
    town: Town, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.run()
    all_change(town, clock)
    driver(monkeypatch, timeout=0)
    with closing(sqlite3.connect(town.folder / "activities.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RunError, match="was busy with something else"):
            town.run()
    converges(town, clock)


class LostBefore(sqlite3.Connection):
    """The line breaks before the commit gets there."""

    def commit(self) -> None:
        raise sqlite3.OperationalError("server closed the connection unexpectedly")


class LostAfter(LostBefore):
    """The commit gets there; its answer does not come back."""

    def commit(self) -> None:
        sqlite3.Connection.commit(self)
        super().commit()


@pytest.mark.survives("J CRMs", "database connection lost")
@pytest.mark.parametrize("lost", [LostBefore, LostAfter])
@pytest.mark.parametrize("known", [False, True], ids=["creating", "updating"])
def test_a_connection_that_breaks_at_the_commit_doubles_and_loses_nothing(
    town: Town, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, lost: type[sqlite3.Connection], known: bool
) -> None:
    town.run(limit=None if known else 1)
    all_change(town, clock)
    driver(monkeypatch, factory=lost)
    with pytest.raises(RunError):
        town.run()
    monkeypatch.undo()
    assert len(set(town.logged())) == len(town.logged())
    converges(town, clock)
    assert all(row["summary"] == f"Changed: {row['call_id']}" for row in town.activities())


@pytest.mark.survives("J CRMs", "database full")
@pytest.mark.parametrize("pages", [3, *(pytest.param(pages, marks=pytest.mark.soak) for pages in (5, 10, 20))])
def test_a_target_whose_disk_is_full_stops_the_run_and_loses_nothing(
    build: Build, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    town = build("database", calls=120, leads=12)
    town.run(limit=1)
    driver(monkeypatch, f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RunError, match="no room left") as stopped:
        town.run()
    assert "Free or add disk space" in stopped.value.todo
    monkeypatch.undo()
    converges(town, clock)


BAD_ROWS = {
    "constraint": ("CHECK (summary <> 'bad')", "bad"),
    "not null": ("CHECK (summary IS NOT NULL)", None),
    "too long": ("CHECK (length(summary) < 100000)", "x" * 100_000),
}


def strict_table(town: Town, rule: str) -> None:
    """Somebody made the table anew with a rule of their own."""
    path = town.folder / "activities.db"
    with closing(sqlite3.connect(path)) as other:
        (made,) = other.execute("SELECT sql FROM sqlite_master WHERE name = 'calls'").fetchone()
        other.execute("DROP TABLE calls")
        other.execute(made.rstrip().removesuffix(")") + f", {rule})")
        other.commit()


@pytest.mark.survives("J CRMs", "database constraint")
@pytest.mark.parametrize(
    "rule", ["constraint", *(pytest.param(rule, marks=pytest.mark.soak) for rule in [*BAD_ROWS][1:])]
)
@pytest.mark.parametrize("bad", [1, *(pytest.param(bad, marks=pytest.mark.soak) for bad in (100, 199)), 200])
def test_rows_that_break_a_constraint_are_parked_alone(build: Build, clock: FakeClock, rule: str, bad: int) -> None:
    town = build("database", calls=210, leads=12)
    town.run()
    check, value = BAD_ROWS[rule]
    strict_table(town, check)
    finish_all(town, clock)
    calls = town.loggable()
    assert len(calls) >= 200
    for place, call_id in enumerate(calls):
        summary = value if place < bad else f"Good: {call_id}"
        town.world.change_call(call_id, clock.now(), summary=summary)
    clock.advance(days=2)
    for file in town.folder.glob("ledger.db*"):
        file.unlink()
    report = town.run()
    assert report.exit_code == 1
    assert town.logged() == calls[bad:]
    assert report.counts["parked"] == bad
    [problem] = report.problems
    assert (problem.count, problem.parked) == (bad, True)
    for call_id in calls[:bad]:
        town.world.change_call(call_id, clock.now(), summary="Good again.")
    converges(town, clock)


ALTERED = {
    "dropped": "DROP TABLE calls",
    "column renamed": "ALTER TABLE calls RENAME COLUMN summary TO abstract",
    "column dropped": "ALTER TABLE calls DROP COLUMN summary",
    "key renamed": "ALTER TABLE calls RENAME COLUMN call_id TO key",
    "table renamed": "ALTER TABLE calls RENAME TO kept",
}


@pytest.mark.survives("J CRMs", "database altered")
@pytest.mark.parametrize("change", [change for change in ALTERED if "column" in change or "key" in change])
def test_a_table_that_was_altered_stops_the_run_and_blames_no_call(town: Town, clock: FakeClock, change: str) -> None:
    town.run()
    rows = (town.folder / "activities.db").read_bytes()
    all_change(town, clock)
    town.sql(ALTERED[change])
    with pytest.raises(SetupError) as stopped:
        town.run()
    assert stopped.value.todo
    (town.folder / "activities.db").write_bytes(rows)
    converges(town, clock)


@pytest.mark.survives("J CRMs", "database altered")
@pytest.mark.parametrize("change", ["dropped", "table renamed"])
def test_a_table_that_was_dropped_is_made_again_for_what_comes(town: Town, clock: FakeClock, change: str) -> None:
    town.run()
    known = town.logged()
    town.sql(ALTERED[change])
    finish_all(town, clock)
    clock.advance(minutes=5)
    report = town.run()
    assert report.exit_code == 0
    assert not set(town.logged()) & set(known), "what was deleted there stays deleted"


@pytest.mark.survives("J CRMs", "updates without effect")
def test_a_table_that_shows_rows_and_lets_nobody_change_them_ends_the_run(town: Town, clock: FakeClock) -> None:
    town.run()
    before = town.activities()
    all_change(town, clock)
    town.sql("CREATE TRIGGER sealed BEFORE UPDATE ON calls BEGIN SELECT RAISE(IGNORE); END")
    town.run()
    assert [row for row in town.activities() if row in before] == before
