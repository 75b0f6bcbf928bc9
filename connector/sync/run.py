"""A run, on one screen: find calls → fetch → decide (map) → link → write → record."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import ConnectorError, exit_code
from connector.mapping.apply import compile_mapping
from connector.model import State
from connector.sync.attempt import Attempts
from connector.sync.brake import Brake
from connector.sync.conclude import Conclude
from connector.sync.context import Context, ServerTime
from connector.sync.cost import Stopwatch, asked
from connector.sync.decide import Decide
from connector.sync.discover import UNFINISHED, Discovery
from connector.sync.fetch import Fetch
from connector.sync.link import Links
from connector.sync.link_later import LinkLater
from connector.sync.loop import Loop, Work
from connector.sync.meet import meet
from connector.sync.outbox import Outbox
from connector.sync.pace import Pace
from connector.sync.problems import Problems
from connector.sync.record import Recorder
from connector.sync.retry import is_worth_meeting, try_again
from connector.sync.send import Send
from connector.sync.settle import FURTHEST
from connector.sync.summary import summary
from connector.sync.task import meeting
from connector.sync.workers import Threads
from connector.sync.write import Write

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from connector.crm_schema import ObjectSchema
    from connector.mapping.load import MappingFile
    from connector.ports import Clock, Crm, Ledger, Log, Source
    from connector.sync.context import Rules
    from connector.sync.select import Selection
    from connector.sync.summary import Summary
    from connector.sync.task import Task
    from connector.sync.workers import Workers

_BACKFILLED, _APTEN_CLOCK, _OWN_CLOCK = "backfilled", "apten clock", "own clock"
START = "start"
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

    def loop(self, rules: Rules, attempts: Attempts, stopwatch: Stopwatch) -> Loop:
        """Where tasks are run by these rules, their requests sent by `attempts`."""
        return Loop(
            concurrency=rules.concurrency,
            attempts=attempts,
            pace=Pace(attempts, rules.requests_per_second),
            stopwatch=stopwatch,
            workers=self.workers(rules.concurrency),
        )

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
    """What a run did, what it cost, and how things stand after it.

    Args:
        exit_code: 0 (nothing left to do), 1 (calls are parked) or 3 (calls are left over).
        start: how far back its ledger looks.
        parked, waiting: how many calls are so in the ledger as a whole, under the mappings' targets.
        schemas: the CRM's objects as this run met them, by the name of the target; none if nothing was due.
    """

    run_id: int
    started: datetime
    finished: datetime
    start: datetime
    counts: Mapping[str, int]
    cost: Mapping[str, int]
    problems: Problems
    exit_code: int
    parked: int
    waiting: int
    schemas: Mapping[str, ObjectSchema]


def run(house: House, rules: Rules, selection: Selection) -> Report:
    """Find the calls the selection names and log each exactly once.

    Raises:
        SetupError: a person must change something first.
        RunError: stopped early; the next run goes on from there.
    """
    with summary(house.log, house.clock, selection.kind) as told:
        return _run(house, rules, selection, told)


def _run(house: House, rules: Rules, selection: Selection, told: Summary) -> Report:
    house.ledger.claim("apten", house.source.host)
    run_id = told.run_id = house.ledger.start_run(selection.kind, told.started)
    house.ledger.hasten(told.started + FURTHEST, told.started)
    begun = house.ledger.mark(START)
    if begun is None:
        house.ledger.set_mark(START, rules.start)
    elif rules.start < begun:
        house.log.info("start.ignored", configured=rules.start.isoformat(), ledger_began=begun.isoformat())
    rules = replace(rules, start=begun or rules.start)
    house.log.info("run.started", run=run_id, kind=selection.kind)
    problems, stopwatch, ended_by = Problems(), Stopwatch(house.clock), None
    try:
        schemas = _work(
            house, rules, selection, run_id=run_id, counts=told.counts, problems=problems, stopwatch=stopwatch
        )
        parked, waiting = _standing(house)
        told.exit_code = _exit_code(selection, told.counts, parked)
    except BaseException as error:
        told.exit_code, ended_by = exit_code(error), type(error).__name__
        raise
    finally:
        finished = house.clock.now()
        told.cost = asked(house.source.usage, house.crm.usage) | stopwatch.milliseconds()
        with suppress(ConnectorError):
            # A ledger that cannot be written to has been told of already, or will be by the next run.
            house.ledger.finish_run(run_id, finished, told.exit_code, {**told.counts, **told.cost}, ended_by)
    return Report(
        run_id,
        told.started,
        finished,
        rules.start,
        told.counts,
        told.cost,
        problems,
        told.exit_code,
        parked,
        waiting,
        schemas,
    )


def _work(
    house: House,
    rules: Rules,
    selection: Selection,
    *,
    run_id: int,
    counts: Counter[str],
    problems: Problems,
    stopwatch: Stopwatch,
) -> dict[str, ObjectSchema]:
    attempts = Attempts(house.clock, house.jitter, house.log)
    loop = house.loop(rules, attempts, stopwatch)
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
    write = Write(context, outbox, recorder, conclude, Send(context, attempts), links, later)
    brake = Brake(context, outbox, on=is_braked(house, selection))

    met = f"met {house.crm_address}"

    def meet_crm() -> Task[None]:
        decide.routes = yield from meet(context)
        house.ledger.set_mark(met, context.now)
        if not rules.resync:
            loop.spawn(try_again(context, decide.routes, fetch))

    def next_for_crm(nothing_to_come: bool) -> Task[None] | None:  # noqa: FBT001  # a callback of one flag
        # Looks come first: what they find joins the writes, and only then is it known how many those are.
        last = nothing_to_come or not brake.has_room()
        task = write.next_look(last=last)
        if task is None and brake.released(last=nothing_to_come):
            task = write.next_write(last=last)
        return None if task is None else decide.after(task)

    last_met = house.ledger.mark(met)
    if last_met is None or (not rules.resync and is_worth_meeting(house.ledger, house.mappings, last_met, context.now)):
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
        if not rules.resync and house.ledger.mark(UNFINISHED):
            house.ledger.set_mark(UNFINISHED, None)
        house.ledger.set_mark(_APTEN_CLOCK, context.server.now())
        house.ledger.set_mark(_OWN_CLOCK, house.clock.now())
    return {route.target.name: route.schema for route in decide.routes}


def is_braked(house: House, selection: Selection) -> bool:
    """Whether `stop_above` holds for this run: not for a ledger's first back-fill, nor for an explicit resync."""
    return selection.braked and house.ledger.mark(_BACKFILLED) is not None


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


def _standing(house: House) -> tuple[int, int]:
    """How many activities of the mappings' targets are parked, and how many wait, by now."""
    targets = {compile_mapping(file).target.name for file in house.mappings}
    parked, waiting = (
        sum(house.ledger.count(state, target) for target in targets) for state in (State.PARKED, State.WAITING)
    )
    return parked, waiting


def _exit_code(selection: Selection, counts: Mapping[str, int], parked: int) -> int:
    if counts.get(State.LEFT_OVER) or (selection.braked and counts.get("over limit")):
        return 3
    return 1 if counts.get("unknown") or parked else 0
