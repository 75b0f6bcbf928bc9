"""Holds calls against the CRM, a batch of keys at a time, then the CRM's keys against the calls. Writes nothing."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.errors import CallGoneError
from connector.model import CallState
from connector.sync.findings import (
    AS_WRITTEN,
    REPAIRABLE,
    Finding,
    Kind,
    Look,
    compared,
    look_at,
    person_fields,
    settled_before,
)
from connector.sync.link import has_person
from connector.sync.meet import routes_to
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.errors import CallError
    from connector.model import ActivityState, Person, Target, Unlinked
    from connector.source_model import Call, Lead
    from connector.sync.context import Context
    from connector.sync.fetched import Fetched
    from connector.sync.link import Links
    from connector.sync.route import Route
    from connector.sync.seen import SeenInScratch
    from connector.sync.select import Period
    from connector.sync.task import Task

_OF_ANOTHER_MAPPING = re.compile(r".+:[A-Za-z0-9_-]{1,40}")
"""A key with a suffix. Where the mapping has none, it is another one's; Apten's own ids hold no colon."""


@dataclass(slots=True)
class Audit:
    """Takes fetched calls, and gives the loop the tasks that look at what the CRM has of them.

    Args:
        context: of the look; its ledger is a copy to be thrown away.
        period: the calls that it is about.
        links: finds people.
        seen: the calls that were fetched.
        to_repair: where the calls are noted that logging them again puts right.
        tell: hears each finding.
        fetch: makes the task that fetches a call.

    Attributes:
        there, gone: by target, how many activities the CRM has, and how many it had.
    """

    context: Context
    period: Period
    links: Links
    seen: SeenInScratch
    to_repair: SeenInScratch
    tell: Callable[[Finding], None]
    fetch: Callable[[CallState, Lead | None], Task[None]]
    there: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    _routes: list[Route] = field(default_factory=list)
    _looks: dict[str, dict[str, Look]] = field(default_factory=dict)
    _scans: deque[tuple[Route, str | None]] = field(default_factory=deque)

    def meet(self) -> Task[None]:
        """Learn where calls may go. Raises as `routes_to`."""
        ctx = self.context
        self._routes = yield from routes_to(ctx.crm, ctx.ledger, ctx.mappings)
        self._scans = deque((route, None) for route in self._routes)

    def is_settled(self, _call: Call) -> bool:
        """Never: a look takes nobody's word."""
        return False

    def call(self, fetched: Fetched) -> None:
        """A call as Apten has it now."""
        for route in self._routes:
            known = self._known(route, fetched.call.id)
            look = look_at(route, fetched.call, fetched.lead, known)
            finding = settled_before(look, self.context.server.now())
            if finding is None:
                self._looks.setdefault(route.target.name, {})[look.key] = look
            else:
                self._conclude(look, [finding])

    def park(self, state: CallState, error: CallError) -> None:
        """A call that Apten no longer has, or whose record cannot be read."""
        for route in self._routes:
            look = Look(route, state.call_id, None, known=self._known(route, state.call_id))
            if isinstance(error, CallGoneError):
                self._looks.setdefault(route.target.name, {})[look.key] = look
            else:
                self._conclude(look, [look.finding(Kind.PARKED, reason=error.code)])

    @property
    def has_room(self) -> bool:
        """Whether more calls may be fetched before the CRM is asked about some."""
        return sum(map(len, self._looks.values())) < 2 * self.context.crm.batch_size

    def next_task(self, *, last: bool) -> Task[None] | None:
        """The next question to the CRM: about calls, if there are enough or it is the `last`; then about its keys."""
        size = self.context.crm.batch_size
        enough = 1 if last or not self.has_room else size
        for looks in self._looks.values():
            if len(looks) >= enough:
                return self._compare([looks.pop(key) for key in list(looks)[:size]])
        return self._scan(*self._scans.popleft()) if last and self._scans else None

    def _compare(self, looks: Sequence[Look]) -> Task[None]:
        ctx, target = self.context, looks[0].route.target
        names: set[str] = set()
        for look in looks:
            if look.draft:
                names |= {*look.route.comparable(look.draft), *person_fields(look.draft)}
        records = yield from ask(lambda: ctx.crm.read(target, [look.key for look in looks], sorted(names)))
        drafts = [look.draft for look in looks if look.draft and has_person(look.draft)]
        people = yield from self.links.people(drafts)
        person_of: dict[str, Person | Unlinked] = dict(zip((each.key for each in drafts), people, strict=True))
        broken = []
        for look in looks:
            record, person = records.get(look.key), person_of.get(look.key)
            self.there[target.name] += record is not None
            found = list(compared(look, record, person, secret=ctx.ledger.secret, now=ctx.server.now()))
            broken += [each.call_id for each in found if each.kind in REPAIRABLE]
            self._conclude(look, found)
        self.to_repair.new(broken)

    def _scan(self, route: Route, token: str | None) -> Task[None]:
        """Look at a page of the CRM's keys for those of no call that this look has met, and ask Apten for these."""
        ledger = self.context.ledger
        page = yield from ask(lambda: self.context.crm.scan(route.target, token))
        call_ids = [call_id for key, _ in page.rows if (call_id := _call_id(route.target, key)) is not None]
        known = ledger.calls(call_ids)
        holds = self.period.holds
        elsewhere = {call.call_id for call in known.values() if call.created_at and not holds(call.created_at)}
        for call_id in self.seen.new([each for each in call_ids if each not in elsewhere]):
            self.context.spawn(self.fetch(known.get(call_id) or CallState(call_id), None))
        if page.next_token is not None:
            self._scans.append((route, page.next_token))

    def _conclude(self, look: Look, found: Sequence[Finding]) -> None:
        counts = self.context.counts
        if any(finding.kind is Kind.SKIPPED for finding in found):
            counts["skipped"] += 1
            return
        if look.call is not None:
            counts["compared"] += 1
            counts["in order"] += all(finding.kind in AS_WRITTEN for finding in found)
        for finding in found:
            counts[finding.kind] += 1
            self.gone[look.route.target.name] += finding.kind is Kind.DELETED
            self.tell(finding)

    def _known(self, route: Route, call_id: str) -> ActivityState | None:
        return self.context.ledger.activities(route.target.name, [call_id]).get(call_id)


def _call_id(target: Target, key: str) -> str | None:
    """The call a key belongs to; None if it was made by another mapping."""
    if target.suffix is None and _OF_ANOTHER_MAPPING.fullmatch(key):
        return None
    return target.call_id(key)
