"""What was acknowledged stays, whatever happens to the process, the disk or the file's other users."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from connector.errors import DiskFullError, LedgerError, RunError
from connector.ledger.opening import read_summary
from connector.model import ActivityState, CallState, State
from tests.ledger.openings import NOW, TARGET, minutes, opened, url_of
from tests.ledger.processes import kill_while, start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger

COMMIT_FOREVER = """
from itertools import count
from pathlib import Path
from tests.ledger.openings import opened
from tests.ledger.test_durability import commit
with opened(Path({path!r})) as ledger:
    for number in count():
        commit(ledger, number)
        print(number, flush=True)
"""


def commit(ledger: SqlLedger, number: int) -> None:
    """One transaction over several tables."""
    with ledger.transaction():
        ledger.save_calls(CallState(f"{number:05}-{place}") for place in range(20))
        ledger.save_activities(ActivityState(f"{number:05}-{place}", TARGET, State.WRITTEN) for place in range(20))
        ledger.set_mark("commits", NOW + minutes(number + 1))


def committed(ledger: SqlLedger) -> int:
    """How many such transactions the ledger holds, none of them in part."""
    calls = [call.call_id for call in ledger.all_calls()]
    count = len(calls) // 20
    assert calls == sorted(f"{number:05}-{place}" for number in range(count) for place in range(20))
    assert calls == [call.call_id for call in ledger.calls_in(State.WRITTEN)]
    assert ledger.mark("commits") == (NOW + minutes(count) if count else None)
    return count


@pytest.mark.parametrize("after", [1, 7, 60, 200])
def test_a_kill_loses_no_commit_that_was_acknowledged(path: Path, after: int) -> None:
    with start(COMMIT_FOREVER.format(path=str(path))) as process:
        acknowledged = len(kill_while(process, lambda line: int(line) >= after))
    seen = read_summary(url_of(path), now=NOW)
    with opened(path) as ledger:
        # The very last one may have been committed and not yet acknowledged.
        assert committed(ledger) in (acknowledged, acknowledged + 1)
        assert seen is not None
        assert seen.calls == committed(ledger) * 20
        commit(ledger, committed(ledger))


@contextmanager
def pages_at_most(ledger: SqlLedger, count: int) -> Iterator[None]:
    driver = ledger._session.driver
    driver.execute(f"PRAGMA max_page_count = {count}")
    yield
    driver.execute("PRAGMA max_page_count = 4294967294")


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def fill(ledger: SqlLedger) -> None:
    """Commit until no more fits."""
    done = committed(ledger)
    try:
        while True:
            commit(ledger, done)
            done += 1
    except DiskFullError as error:
        assert "next run goes on by itself" in error.todo  # noqa: PT017  # the loop ends no other way
    assert committed(ledger) == done


def test_a_full_database_keeps_what_it_had_and_goes_on_later(ledger: SqlLedger) -> None:
    for pages in range(20, 45):
        with pages_at_most(ledger, pages):
            fill(ledger)
    commit(ledger, committed(ledger))


def test_a_full_disk_keeps_what_it_had_and_goes_on_later(path: Path) -> None:
    with opened(path):
        pass
    for size in range(60_000, 260_000, 8_001):
        # Opened anew, and so with an empty log, which is what grows first.
        with opened(path) as ledger, files_at_most(size):
            fill(ledger)
    with opened(path) as ledger:
        commit(ledger, committed(ledger))


def test_a_full_disk_swallowed_inside_a_transaction_still_undoes_all_of_it(ledger: SqlLedger) -> None:
    def swallow() -> None:
        with ledger.transaction():
            ledger.claim("first", "owner")
            with suppress(DiskFullError):
                ledger.adopt("Task.Key", {f"{number:0400}": "record" for number in range(400)}, NOW)
            with suppress(DiskFullError):
                ledger.claim("last", "owner")

    with pages_at_most(ledger, 1), pytest.raises(DiskFullError):
        swallow()
    assert ledger.targets() == frozenset()
    for name in ("first", "last"):
        ledger.claim(name, "another owner")


def test_a_ledger_locked_by_another_program_is_no_one_s_fault_but_stops_the_run(ledger: SqlLedger, path: Path) -> None:
    ledger._session.driver.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(path, isolation_level=None)) as browser:
        browser.execute("BEGIN IMMEDIATE")
        with pytest.raises(RunError, match="Another program keeps the ledger") as error:
            ledger.set_mark("watermark", NOW)
        assert "database browser" in error.value.todo
    ledger.set_mark("watermark", NOW)
    assert ledger.mark("watermark") == NOW


def test_a_transaction_locks_out_other_writers_from_its_beginning(ledger: SqlLedger, path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as browser,
        ledger.transaction(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        browser.execute("BEGIN IMMEDIATE")


def test_a_table_lost_while_it_is_open_is_said_without_foreign_text(ledger: SqlLedger) -> None:
    ledger._session.driver.execute("DROP TABLE attempt")
    with pytest.raises(LedgerError) as error:
        ledger.start_run("sync", NOW)
    assert "does not work as this program left it (SQLITE_ERROR)" in str(error.value)
    assert "no such table" not in str(error.value)
