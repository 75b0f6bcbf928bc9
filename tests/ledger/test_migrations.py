from __future__ import annotations

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, text

from connector.errors import DiskFullError, LedgerError
from connector.ledger.migrations import UPGRADES, bring_up_to_date, is_current
from connector.ledger.opening import open_ledger, read_summary
from connector.ledger.session import connect
from connector.model import CallState, State
from tests.ledger.openings import NEWEST, NOW, opened, url_of
from tests.ledger.processes import kill_while, start

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED = sorted(Path(__file__).parent.glob("schema_*.sql"))


def schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {" ".join(sql.split()) for (sql,) in rows}


def version(path: Path) -> str:
    with closing(sqlite3.connect(path)) as file:
        (found,) = file.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
    return str(found)


def add_colour(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE call ADD COLUMN colour TEXT"))


def paint(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE paint (colour TEXT)"))
    connection.execute(text("UPDATE call SET colour = 'green'"))


def fail(connection: Connection) -> None:
    paint(connection)
    raise ZeroDivisionError


def die(connection: Connection) -> None:
    paint(connection)
    sys.stdout.write("half-way\n")
    sys.stdout.flush()
    while True:
        os.read(0, 1)


def upgrade(path: Path, *upgrades: Callable[[Connection], None]) -> None:
    with closing(connect(path)) as session:
        bring_up_to_date(session, {}, [*UPGRADES, *upgrades])


@pytest.fixture
def old(path: Path) -> Path:
    with opened(path) as ledger:
        ledger.save_calls([CallState("c")])
    return path


def test_every_released_schema_is_on_file() -> None:
    assert [file.name for file in RELEASED] == [f"schema_{number}.sql" for number in range(1, NEWEST + 1)]


@pytest.mark.parametrize("released", RELEASED, ids=lambda file: file.stem)
def test_an_old_ledger_ends_up_with_the_tables_of_a_new_one(path: Path, released: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(released.read_text(encoding="utf-8"))
        rows = {"version": released.stem.removeprefix("schema_"), "secret": "00"}
        file.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())
        file.commit()
    new = path.with_name("new.db")
    with opened(path), opened(new):
        pass
    assert schema(path) == schema(new)
    assert version(path) == version(new)


def test_what_failed_before_first_attempts_were_known_failed_first_at_its_last_attempt(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(RELEASED[0].read_text(encoding="utf-8"))
        file.executemany("INSERT INTO meta VALUES (?, ?)", {"version": "1", "secret": "00"}.items())
        file.execute("INSERT INTO target VALUES (1, 'Task.K')")
        states = [(state.value, state.value, 1_000_000) for state in State]
        file.executemany("INSERT INTO activity (call_id, target_id, state, at) VALUES (?, 1, ?, ?)", states)
        file.commit()
    with opened(path) as ledger:
        known = ledger.activities("Task.K", list(State))
    failing = {state for state in State if known[state].since is not None}
    assert failing == {State.PARKED, State.LEFT_OVER}
    assert {known[state].since for state in failing} == {known[state].at for state in failing}


def test_an_upgrade_keeps_a_copy_of_what_was(old: Path) -> None:
    upgrade(old, add_colour, paint)
    assert version(old) == str(NEWEST + 2)
    copy = old.with_name(f"ledger.db.version-{NEWEST}")
    assert version(copy) == str(NEWEST)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with opened(copy) as ledger:
        assert list(ledger.all_calls()) == [CallState("c")]


def test_an_upgrade_that_fails_half_way_leaves_the_old_version(old: Path) -> None:
    before = schema(old)
    with pytest.raises(ZeroDivisionError):
        upgrade(old, add_colour, fail)
    assert schema(old) == before
    with opened(old) as ledger:
        assert list(ledger.all_calls()) == [CallState("c")]
    upgrade(old, add_colour, paint)
    assert version(old) == str(NEWEST + 2)


def test_an_upgrade_killed_half_way_leaves_the_old_version(old: Path) -> None:
    before = schema(old)
    code = f"from tests.ledger.test_migrations import *; upgrade(Path({str(old)!r}), add_colour, die)"
    with start(code) as process:
        kill_while(process, lambda line: line == "half-way")
    assert schema(old) == before
    with opened(old) as ledger:
        assert list(ledger.all_calls()) == [CallState("c")]


def test_without_a_copy_there_is_no_upgrade(old: Path) -> None:
    old.with_name(f"ledger.db.version-{NEWEST}").mkdir()
    with pytest.raises(LedgerError):
        upgrade(old, add_colour)
    assert version(old) == str(NEWEST)


def test_a_ledger_that_finds_no_room_is_made_at_the_next_try(path: Path) -> None:
    with closing(connect(path)) as session:
        session.driver.execute("PRAGMA max_page_count = 3")
        with pytest.raises(DiskFullError):
            bring_up_to_date(session, {"secret": "00"})
    with opened(path) as ledger:
        assert ledger.secret == b"\x07" * 32


def test_a_newer_ledger_is_refused_and_left_as_it_is(old: Path) -> None:
    upgrade(old, add_colour)
    before = old.read_bytes()
    for attempt in (
        lambda: open_ledger(url_of(old), now=NOW, random_bytes=os.urandom),
        lambda: read_summary(url_of(old), now=NOW),
    ):
        with pytest.raises(LedgerError, match="newer version of this program") as error:
            attempt()
        assert "Install that newer version" in error.value.todo
    assert old.read_bytes() == before


def test_a_look_from_outside_upgrades_nothing(old: Path) -> None:
    with closing(connect(old)) as session, pytest.raises(LedgerError, match="older version"):
        is_current(session, [*UPGRADES, add_colour])
    assert version(old) == str(NEWEST)
