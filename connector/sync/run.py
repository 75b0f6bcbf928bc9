"""A run, on one screen: find calls → fetch → decide (map) → link → write → record."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import BrakeError, ConnectorError, SetupError
from connector.mapping.apply import compile_mapping
from connector.model import State
from connector.sync.attempt import Attempts
from connector.sync.conclude import Conclude
from connector.sync.context import Context, ServerTime
from connector.sync.cost import Stopwatch, asked
from connector.sync.decide import Decide
from connector.sync.discover import Discovery
from connector.sync.fetch import Fetch
from connector.sync.link import Links
from connector.sync.link_later import LinkLater
from connector.sync.loop import Loop, Work
from connector.sync.meet import meet
from connector.sync.outbox import Outbox
from connector.sync.pace import Pace
from connector.sync.problems import Problems
from connector.sync.record import Recorder
from connector.sync.task import meeting
from connector.sync.workers import Threads
from connector.sync.write import Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from connector.mapping.load import MappingFile
    from connector.ports import Clock, Crm, Ledger, Log, Source
    from connector.sync.context import Rules
    from connector.sync.select import Selection
    from connector.sync.task import Task
    from connector.sync.workers import Workers

_BACKFILLED = "backfilled"
_APTEN_CLOCK, _OWN_CLOCK = "apten clock", "own clock"
_START = "start"
"""How far back this ledger looks, as of its first run: a default that moved on with the clock would leave gaps."""


@dataclass(frozen=True, slots=True)
class House:
    """All that a run works with.

    Args:
        crm_address: where the CRM is by the config; a ledger that never met it there does so even when nothing is due.
        jitter: gives random numbers in [0, 1).
        progress: hears the tallies as they grow.
        workers: makes those who send a run's requests, of which so many to Apten are under way at once.
    """

    source: Source
    crm: Crm
    crm_address: str
    ledger: Ledger
    mappings: Sequence[MappingFile]
    clock: Clock
    log: Log
    jitter: Callable[[], float]
    progress: Callable[[Mapping[str, int]], None] = lambda _counts: None
    workers: Callable[[int], Workers] = Threads

    def context(
        self,
        rules: Rules,
        loop: Loop,
        *,
        run_id: int,
        counts: Counter[str],
        problems: Problems,
        stopwatch: Stopwatch,
        ahead: timedelta,
    ) -> Context:
        """What the steps share from now on; Apten's clock is taken to be `ahead` of ours until it tells."""
        return Context(
            run_id=run_id,
            source=self.source,
            crm=self.crm,
            ledger=self.ledger,
            mappings=self.mappings,
            clock=self.clock,
            log=self.log,
            rules=rules,
            now=self.clock.now(),
            server=ServerTime(self.clock, ahead),
            spawn=loop.spawn,
            problems=problems,
            stopwatch=stopwatch,
            counts=counts,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, and what it cost.

    `exit_code` is 0 (nothing left to do), 1 (calls are parked) or 3 (calls are left over).
    """

    run_id: int
    started: datetime
    finished: datetime
    counts: Mapping[str, int]
    cost: Mapping[str, int]
    problems: Problems
    exit_code: int


def run(house: House, rules: Rules, selection: Selection) -> Report:
    """Find the calls the selection names and log each exactly once.

    Raises:
        SetupError: a person must change something first.
        RunError: stopped early; the next run goes on from there.
    """
    started = house.clock.now()
    house.ledger.claim("apten", house.source.host)
    run_id = house.ledger.start_run(selection.kind, started)
    begun = house.ledger.mark(_START)
    if begun is None:
        house.ledger.set_mark(_START, rules.start)
    elif rules.start < begun:
        house.log.warning("start.ignored", configured=rules.start.isoformat(), ledger_began=begun.isoformat())
    rules = replace(rules, start=begun or rules.start)
    house.log.info("run.started", run=run_id, kind=selection.kind)
    counts: Counter[str] = Counter()
    problems, stopwatch = Problems(), Stopwatch(house.clock)
    cost: dict[str, int] = {}
    exit_code = 3
    try:
        _work(house, rules, selection, run_id=run_id, counts=counts, problems=problems, stopwatch=stopwatch)
        exit_code = _exit_code(house, selection, counts)
    except ConnectorError as error:
        exit_code = 2 if isinstance(error, SetupError) else 3
        raise
    except KeyboardInterrupt:
        exit_code = 130
        raise
    finally:
        finished = house.clock.now()
        cost = asked(house.source.usage, house.crm.usage) | stopwatch.milliseconds()
        with suppress(ConnectorError):
            # A ledger that cannot be written to has been told of already, or will be by the next run.
            house.ledger.finish_run(run_id, finished, exit_code, {**counts, **cost})
        house.log.info("run.finished", run=run_id, exit_code=exit_code, **counts, **cost)
    return Report(run_id, started, finished, counts, cost, problems, exit_code)


def _work(
    house: House,
    rules: Rules,
    selection: Selection,
    *,
    run_id: int,
    counts: Counter[str],
    problems: Problems,
    stopwatch: Stopwatch,
) -> None:
    attempts = Attempts(house.clock, house.jitter, house.log)
    pace = Pace(attempts, house.log, rules.requests_per_second)
    workers = house.workers(rules.concurrency)
    loop = Loop(concurrency=rules.concurrency, attempts=attempts, pace=pace, stopwatch=stopwatch, workers=workers)
    context = house.context(
        rules,
        loop,
        run_id=run_id,
        counts=counts,
        problems=problems,
        stopwatch=stopwatch,
        ahead=_clock_difference(house.ledger),
    )
    outbox, recorder = Outbox(), Recorder(context)
    decide = Decide(context, outbox, recorder)
    fetch = Fetch(context, decide, selection.wanted)
    discovery = Discovery(context, fetch.call)
    conclude, links = Conclude(context, outbox, recorder), Links(context.crm)
    later = LinkLater(context, outbox, recorder, conclude, links)
    write = Write(context, outbox, recorder, conclude, attempts, links, later)
    brake = Brake(context, outbox, on=selection.braked and house.ledger.mark(_BACKFILLED) is not None)

    met = f"met {house.crm_address}"

    def meet_crm() -> Task[None]:
        decide.routes = yield from meet(context)
        house.ledger.set_mark(met, context.now)

    def next_for_crm(nothing_to_come: bool) -> Task[None] | None:  # noqa: FBT001  # a callback of one flag
        # Looks come first: what they find joins the writes, and only then is it known how many those are.
        last = nothing_to_come or not brake.has_room()
        if look := write.next_look(last=last):
            return look
        return write.next_write(last=last) if brake.released(last=nothing_to_come) else None

    if house.ledger.mark(met) is None:
        loop.spawn(meeting())
    loop.spawn(selection.tasks(discovery, fetch))
    with _recording(recorder):
        loop.run(
            Work(
                meet=meet_crm,
                next_for_crm=next_for_crm,
                has_room=brake.has_room,
                progress=lambda: house.progress(counts),
            )
        )
    complete = selection.braked and not counts["over limit"] and not counts[State.LEFT_OVER]
    with house.ledger.transaction():
        if complete and house.ledger.mark(_BACKFILLED) is None:
            house.ledger.set_mark(_BACKFILLED, context.now)
        house.ledger.set_mark(_APTEN_CLOCK, context.server.now())
        house.ledger.set_mark(_OWN_CLOCK, house.clock.now())


def _clock_difference(ledger: Ledger) -> timedelta:
    """How far Apten's clock was ahead of ours at the last run, until an answer of this one tells better."""
    theirs, ours = ledger.mark(_APTEN_CLOCK), ledger.mark(_OWN_CLOCK)
    return theirs - ours if theirs and ours else timedelta()


@contextmanager
def _recording(recorder: Recorder) -> Iterator[None]:
    """Whatever ends the block, what is finished is recorded; trouble with that never hides what ended it."""
    try:
        yield
    except BaseException:
        with suppress(ConnectorError):
            recorder.flush()
        raise
    recorder.flush()


def _exit_code(house: House, selection: Selection, counts: Mapping[str, int]) -> int:
    if counts.get(State.LEFT_OVER) or (selection.braked and counts.get("over limit")):
        return 3
    targets = {compile_mapping(file).target.name for file in house.mappings}
    parked = (next(house.ledger.calls_in(State.PARKED, target), None) for target in targets)
    return 1 if counts.get("unknown") or any(parked) else 0


@dataclass(slots=True)
class Brake:
    """Holds writes back until it is known that they are not too many. `on` False never holds anything.

    A ledger's first back-fill and an explicit resync are not braked.
    """

    context: Context
    outbox: Outbox
    on: bool

    def released(self, *, last: bool) -> bool:
        """Whether writes may go out now.

        Raises:
            BrakeError: there are more of them than `stop_above` allows; nothing was written.
        """
        allowed = self.context.rules.stop_above
        if not self.on or allowed is None:
            return True
        if self.outbox.writes > allowed:
            raise BrakeError(
                f"This run would create or update more than {allowed} activities (sync.stop_above).",
                done="Nothing was written; the calls stay due.",
                todo="Every run stops here until you look what would change with `apten-crm sync --plan` and, "
                "if it is right, run `apten-crm sync --allow N` once with a number that is large enough.",
            )
        if last:
            self.on = False
        return last

    def has_room(self) -> bool:
        """Whether more calls may be fetched before some are written."""
        held = self.context.rules.stop_above or 0 if self.on else 0
        return self.outbox.size < held + 2 * self.context.crm.batch_size
