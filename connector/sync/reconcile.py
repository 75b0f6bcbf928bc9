"""A look at a period: every call of Apten's held against its activity, and every activity against its call.

It streams: what is remembered of calls lies in the ledger's copy, which is thrown away, so memory stays flat. What it
finds amiss and can be put right is put right by a run, which alone writes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from connector.sync.attempt import Attempts
from connector.sync.audit import Audit
from connector.sync.cost import Stopwatch
from connector.sync.discover import Discovery
from connector.sync.fetch import Fetch
from connector.sync.link import Links
from connector.sync.loop import Work
from connector.sync.problems import Problems
from connector.sync.seen import SeenInScratch
from connector.sync.select import Period, Remembered, states_of
from connector.sync.task import meeting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from connector.model import CallState
    from connector.source_model import Lead
    from connector.sync.context import Rules
    from connector.sync.findings import Finding
    from connector.sync.run import House
    from connector.sync.task import Task

FEWEST_GONE = 10
"""So many activities, and more than are left, nobody deletes by hand."""
NO_RUN = 0
"""A look is no run: the ledger keeps no record of it."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came upon.

    `counts` say how many calls were `compared`, how many of these are `in order`, and how often each kind was found.
    `emptied` names the targets of which so much is gone that no person deleted it one by one. `repair` selects, for a
    resync, the calls that logging them again puts right.
    """

    counts: Mapping[str, int]
    emptied: Sequence[str]
    repair: Remembered


def reconcile(house: House, rules: Rules, since: datetime, until: datetime, tell: Callable[[Finding], None]) -> Looked:
    """Look at the calls begun in [since, until), and at every activity of a call that Apten no longer has.

    `house` is one in which nothing can be written, with a ledger that is thrown away; `tell` hears each finding.

    Raises:
        SetupError: a person must change something first.
        RunError: what the look cannot go on without kept failing.
    """
    house.ledger.claim("apten", house.source.host)
    counts: Counter[str] = Counter()
    attempts = Attempts(house.clock, house.jitter, house.log)
    stopwatch = Stopwatch(house.clock)
    loop = house.loop(rules, attempts, stopwatch)
    context = house.context(
        rules, loop, run_id=NO_RUN, counts=counts, problems=Problems(), stopwatch=stopwatch, ahead=timedelta()
    )
    seen, to_repair = SeenInScratch(house.ledger, "(seen)"), SeenInScratch(house.ledger, "(to repair)")
    period = Period(since, until, seen=lambda: seen)

    def fetch_call(state: CallState, lead: Lead | None) -> Task[None]:
        return fetch.call(state, lead)

    audit = Audit(context, period, Links(house.crm), seen, to_repair, tell, fetch_call)
    fetch = Fetch(context, audit, period.wanted)

    def begin() -> Task[None]:
        # The notes are rows of the ledger: whose it is has to be settled before the first is made.
        yield from meeting()
        yield from period.tasks(Discovery(context, fetch.call), fetch)

    loop.spawn(begin())
    loop.run(
        Work(
            meet=audit.meet,
            next_for_crm=lambda last: audit.next_task(last=last),
            has_room=lambda: audit.has_room,
            progress=partial(house.progress, counts),
        )
    )
    emptied = [name for name, gone in audit.gone.items() if gone >= FEWEST_GONE and gone > audit.there[name]]
    return Looked(counts, sorted(emptied), Remembered(lambda ledger, _mappings: states_of(to_repair, ledger)))
