"""The ledger's disk is full, or may not be written to: a clear stop, nothing lost or doubled once that is over."""

from __future__ import annotations

import resource
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from connector.errors import DiskFullError, LedgerError
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.world import make_world
from tests.ledger.openings import NEWEST, leave_otherwise, ordinary_user
from tests.ledger.test_durability import files_at_most
from tests.reliability.commands import sync, wait_for_nothing
from tests.sync.conftest import raise_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clock import FakeClock
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town

    Build = Callable[..., Town]

_SMALLEST, _LARGEST = 60_000, 150_000
"""Bytes: below, no ledger can be made at all; above, all of a small town fits in it and in the log beside it."""


@pytest.mark.survives("K storage", "disk full")
@pytest.mark.parametrize("kind", ["database", "salesforce"])
def test_a_disk_that_is_full_at_any_commit_stops_the_run_and_loses_nothing(
    build: Build, clock: FakeClock, kind: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    """The kernel itself refuses to let any file grow further, a little later each time."""
    cases = number(check=6, soak=50)
    record_property("cases", cases)
    town = build(kind, calls=25, leads=8)
    stopped = 0
    for case in range(cases):
        for file in town.folder.glob("*.db*"):
            file.unlink()
        for task_id in list(town.org.tasks):
            town.org.remove(task_id)
        with files_at_most(_SMALLEST + case * (_LARGEST - _SMALLEST) // cases):
            stopped += stops(town)
        written = set(town.logged())
        assert len(written) == len(town.logged())
        # Not so long in all that a call in progress is logged as it is.
        clock.advance(minutes=1)
        assert town.run().exit_code == 0
        assert town.logged() == town.loggable()
        assert written <= set(town.logged())
    assert stopped > cases // 2, "the sizes must meet commits of the run"


def stops(town: Town) -> bool:
    """Whether a run stops for want of room, as it should be told."""
    try:
        town.run()
    except DiskFullError as error:
        full = error
    else:
        return False
    assert "The last step was not recorded" in full.done
    assert "Free some space" in full.todo
    return True


def only_little() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_SMALLEST + 80_000, resource.RLIM_INFINITY))


@pytest.mark.survives("K storage", "disk full")
def test_cron_is_told_that_the_disk_is_full_by_exit_code_3(build: Build) -> None:
    town = build("salesforce", calls=60, leads=15)
    wait_for_nothing(town)
    code, said = sync(town, before=only_little)
    assert code == 3
    assert "could not be written: the disk or the quota is full" in said
    assert "Free some space; the next run goes on by itself." in said
    assert sync(town)[0] == 0
    assert town.logged() == town.loggable()


@pytest.mark.survives("K storage", "read-only")
@pytest.mark.parametrize("what", ["ledger.db", "ledger.db.lock", "folder"])
def test_what_may_not_be_written_stops_the_run_before_it_asks_anybody(room: Path, clock: FakeClock, what: str) -> None:
    world, org = make_world(seed=1, calls=12, leads=4, now=clock.now()), SalesforceOrg(people_must_exist=False)
    with ExitStack() as stack:
        town = raise_town(stack, "database", room, clock, world=world, org=org)
        town.run()
        asked, logged = town.requests(), town.activities()
        room.chmod(0o777)
        for file in room.iterdir():
            file.chmod(0o666)
        (room if what == "folder" else room / what).chmod(0o555)
        with ordinary_user(), pytest.raises(LedgerError, match="may not be opened or written by this user") as stopped:
            town.run()
        assert "Give this user the right" in stopped.value.todo
        assert (town.requests(), town.activities()) == (asked, logged)
        room.chmod(0o755)


@pytest.mark.survives("K storage", "newer schema")
def test_a_ledger_of_a_newer_version_is_refused_by_exit_code_2(build: Build) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    leave_otherwise(town.folder / "ledger.db", "UPDATE meta SET value = '7' WHERE name = 'version'")
    before = (town.folder / "ledger.db").read_bytes()
    code, said = sync(town)
    assert code == 2
    assert f"its tables are version 7, this program knows {NEWEST}" in " ".join(said.split())
    assert (town.folder / "ledger.db").read_bytes() == before
