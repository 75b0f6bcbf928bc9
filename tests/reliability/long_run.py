"""One process that syncs until nothing is left to do, and says how its memory went meanwhile.

    python -m tests.reliability.long_run config.yaml 100000

It prints the number of runs, and the megabytes in use after each tenth of so many calls.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from connector.clock import SystemClock
from connector.config import load_config
from connector.errors import RunError
from connector.model import Outcome
from connector.sync.run import run
from connector.sync.select import EverythingNew
from connector.wiring import make_rules, open_house
from tests.town import ENVIRON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.config import Config

_TENTHS = 10
_MOST_RUNS = 30


class Hasty(SystemClock):
    """The true time, but what is waited for has come at once: else that would take longer than all the rest."""

    def __init__(self) -> None:
        self._skipped, self._skipping = 0.0, Lock()

    def monotonic(self) -> float:
        """Seconds, those that were skipped among them."""
        return super().monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Skip so many."""
        with self._skipping:
            self._skipped += seconds


class Deaf:
    """A log that is not kept."""

    def info(self, event: str, **fields: object) -> None:
        """Ignore it."""

    def warning(self, event: str, **fields: object) -> None:
        """Ignore it."""


class Memory:
    """Megabytes in use after each tenth of the calls was written, over all runs."""

    def __init__(self, calls: int) -> None:
        self._step = calls // _TENTHS
        self._before = 0
        self._seen = 0
        self.megabytes: list[float] = []

    def watch(self, counts: Mapping[str, int]) -> None:
        """A run has come so far."""
        self._seen = counts.get(Outcome.WRITTEN, 0)
        while len(self.megabytes) < (self._before + self._seen) // self._step:
            self.megabytes.append(round(in_use(), 1))

    def next_run(self) -> None:
        """What comes now is counted from nothing again."""
        self._before, self._seen = self._before + self._seen, 0


def in_use() -> float:
    """Megabytes that this process holds in memory, by Linux's account."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def go_on(config: Config, memory: Memory) -> bool:
    """One run, as cron would start it; whether everything is done."""
    clock = Hasty()
    try:
        with open_house(config, clock=clock, log=Deaf(), progress=memory.watch) as house:
            return run(house, make_rules(config, clock), EverythingNew()).exit_code == 0
    except RunError:
        return False
    finally:
        memory.next_run()


def main() -> None:
    """Run until it is done."""
    config, memory, runs = load_config(Path(sys.argv[1]), ENVIRON), Memory(int(sys.argv[2])), 1
    while not go_on(config, memory):
        runs += 1
        if runs > _MOST_RUNS:
            sys.exit("it does not come to an end")
    sys.stdout.write(json.dumps({"runs": runs, "megabytes": memory.megabytes}) + "\n")


if __name__ == "__main__":
    main()
