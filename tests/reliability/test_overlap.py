"""Two cron jobs at once: exactly one works, the other leaves at once and says who holds the ledger."""

from __future__ import annotations

import re
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.reliability.commands import finish, start, wait_for_nothing
from tests.reliability.gate import gate

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town


@pytest.mark.survives("K storage", "overlapping runs")
def test_of_two_runs_at_once_one_works_and_the_other_says_who_does(
    build: Callable[..., Town], clock: FakeClock, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    pairs = number(check=5, soak=200)
    record_property("cases", pairs)
    town = build("database", calls=15, leads=5)
    wait_for_nothing(town)
    for pair in range(pairs):
        # All pairs together take less time than after which a call in progress is taken for ended.
        clock.advance(seconds=45)
        changed = town.loggable()[pair % 5]
        town.world.change_call(changed, clock.now(), summary=f"Changed for pair {pair}.")
        before = len(town.apten.requests)
        with gate(town.apten) as gate_opens:
            both = [start(town), start(town)]
            loser = first_to_end(both)
            (winner,) = [process for process in both if process is not loser]
            code, said = finish(loser)
            assert code == 3, said
            assert f"is held by process {winner.pid} since" in " ".join(said.split())
            assert "another run is under way" in " ".join(said.split())
            gate_opens.set()
            code, said = finish(winner)
            assert code == 0, said
        assert town.logged() == town.loggable()
        assert town.activity(changed)["summary"] == f"Changed for pair {pair}."
        listings = [request for request in town.apten.requests[before:] if re.search(r"/leads\?", request)]
        assert len(listings) == 1, "only one of them asked anything"


def first_to_end(processes: list[subprocess.Popen[str]]) -> subprocess.Popen[str]:
    """Apten answers nobody yet, so it is the one that may not work."""
    ends: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    for process in processes:
        Thread(target=_tell_the_end, args=(process, ends)).start()
    return ends.get(timeout=120)


def _tell_the_end(process: subprocess.Popen[str], ends: SimpleQueue[subprocess.Popen[str]]) -> None:
    process.wait()
    ends.put(process)
