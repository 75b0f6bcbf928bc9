"""What every step of a run shares: the ports, the rules, the tallies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from connector.mapping.load import MappingFile
    from connector.model import Target
    from connector.ports import Clock, Crm, Ledger, Log, Source
    from connector.sync.cost import Stopwatch
    from connector.sync.problems import Problems
    from connector.sync.task import Task


@dataclass(frozen=True, slots=True)
class Rules:
    """How a run behaves.

    Args:
        start: how far back a new ledger looks.
        overlap: how much of the known past every listing reads again.
        concurrency: requests to Apten under way at once.
        requests_per_second: most requests to Apten; None for no limit but its own.
        stop_above: creates and updates one run may make; None for no brake.
        limit: calls one run may fetch; None for all that are due.
        resync: never skip on the ledger's word.
        repair: in a resync, what people deleted stays deleted, and what waits goes on waiting.
        overwrite: also write fields that are otherwise written at creation only.
    """

    start: datetime
    overlap: timedelta = timedelta(minutes=10)
    concurrency: int = 8
    requests_per_second: float | None = None
    stop_above: int | None = None
    limit: int | None = None
    resync: bool = False
    repair: bool = False
    overwrite: bool = False

    @property
    def asked_for(self) -> bool:
        """Whether somebody asked for the run's calls to be logged whatever was decided on them before."""
        return self.resync and not self.repair


@dataclass(slots=True)
class ServerTime:
    """Apten's time: the `Date` of its last page; the local clock, which may be put right meanwhile, only measures on.

    Until the first page, Apten's clock is taken to be `ahead` of ours by as much as at the last run.
    """

    clock: Clock
    ahead: timedelta = timedelta()
    _ahead_before: timedelta = field(init=False)

    def __post_init__(self) -> None:
        self._ahead_before = self.ahead

    def learn(self, server_time: datetime | None) -> None:
        """Take note of the `Date` of an answer that came just now."""
        if server_time is not None:
            self.ahead = server_time - self.clock.now()

    def now(self) -> datetime:
        """Apten's present time; the local one with the last known difference, until an answer tells better."""
        return self.clock.now() + self.ahead

    def as_clocked_before(self) -> datetime:
        """The present time by our clock as it went at the last run; it may have jumped since."""
        return self.now() - self._ahead_before


@dataclass(slots=True)
class Context:
    """One run's surroundings. `spawn` hands the loop a new task; `now` is when the run began, by the local clock."""

    run_id: int
    source: Source
    crm: Crm
    ledger: Ledger
    mappings: Sequence[MappingFile]
    clock: Clock
    log: Log
    rules: Rules
    now: datetime
    server: ServerTime
    spawn: Callable[[Task[None]], None]
    problems: Problems
    stopwatch: Stopwatch
    counts: Counter[str] = field(default_factory=Counter)

    def tell(self, outcome: Outcome, call_id: str, target: Target, **fields: object) -> None:
        """Count an outcome and log it: the one canonical line of a call under a target."""
        self.counts[outcome] += 1
        log = self.log.warning if outcome is Outcome.PARKED else self.log.info
        log(f"call.{outcome}", call_id=call_id, target=target.name, **fields)
