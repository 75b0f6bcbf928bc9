"""Decides what is to be done with a fetched call under each target: wait, skip, leave as it is, or write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from connector.errors import CallGoneError
from connector.model import ActivityState, Failure, Outcome, Skip, State
from connector.sync import fingerprint
from connector.sync.deleted_lead import LEAD_DELETED, is_deleted, missed_since
from connector.sync.judge import Verdict
from connector.sync.link import may_still_link
from connector.sync.outbox import Item
from connector.sync.settle import FURTHEST, SKEW, lacking, next_ask, next_search, settle

if TYPE_CHECKING:
    from datetime import datetime

    from connector.errors import CallError
    from connector.mapping.apply import Mapping
    from connector.model import CallState, Draft
    from connector.source_model import Call
    from connector.sync.context import Context
    from connector.sync.fetched import Fetched
    from connector.sync.outbox import Outbox
    from connector.sync.record import Recorder
    from connector.sync.route import Route
    from connector.sync.task import Task

_SETTLED = {
    State.WRITTEN: Outcome.UNCHANGED,
    State.SKIPPED: Outcome.SKIPPED,
    State.PARKED: Outcome.PARKED,
}
"""States that only a change of the call, or a resync, takes a call out of."""
_NOT_FETCHED = frozenset({"call_gone", "bad_call", "too_large", "other_call"})
"""What parks a call that cannot be fetched: it is over once it can."""
_PENDING = frozenset({State.PARKED, State.INTENT, State.LEFT_OVER})
"""States in which something is still to be done, which a mapping may decide is not."""
GONE = "deleted in the CRM"
UNDER_WAY = "its creation may be under way"
_LONGEST_CREATION = timedelta(minutes=10)
"""How long a CRM may go on with a request that nobody listens to any more; Salesforce's own limit is the longest."""
_LONGEST_SENDING = timedelta(minutes=20)
"""How long after its intent a creation may be sent for the last time: of five attempts, each with a login."""
GONE_FROM_APTEN = "no longer in Apten"
IN_PROGRESS = "in progress"
AWAITED = "summary or transcript"
NO_PERSON = "no_person"


@dataclass(slots=True)
class Decide:
    """Takes fetched calls; what is to be written goes to the outbox, everything else to the recorder."""

    context: Context
    outbox: Outbox
    recorder: Recorder
    routes: list[Route] = field(default_factory=list)

    def is_settled(self, call: Call) -> bool:
        """Whether every target is done with the call as it was at the last fetch, its person included."""
        if self.context.rules.resync:
            return False
        known, now = [self._known(route, call.id) for route in self.routes], self.context.server.now()
        return all(
            activity is not None and _stands(route, activity) and not may_still_link(call, activity, now)
            for route, activity in zip(self.routes, known, strict=True)
        )

    def call(self, fetched: Fetched) -> None:
        """Decide on one call; an older picture of it gives way if it waits to be written, and goes first if in hand."""
        ctx, call = self.context, fetched.call
        if self.outbox.postpone(call.id, partial(self._call_later, fetched)):
            return
        for route in self.routes:
            self.outbox.withdraw(route.target, call.id)
        settling = settle(call, now=ctx.server.now(), looks=fetched.state.looks, unchanged=fetched.unchanged)
        looks = [settling.next_look or self._still_to_come(fetched)]
        items = []
        for route in self.routes:
            known = self._known(route, call.id)
            if known and (busy := self._under_way(route, known)):
                ctx.tell(Outcome.WAITING, call.id, route.target, reason=UNDER_WAY)
                looks.append(busy)
                continue
            if settling.running:
                self._wait(fetched, route, known, IN_PROGRESS)
                continue
            decision = self._decide(fetched, route, known)
            if isinstance(decision, timedelta):
                looks.append(decision)
            elif decision is not None:
                items.append(decision)
        due = min((look for look in looks if look is not None), default=None)
        fetched.state = replace(
            fetched.state,
            # A look ahead of time is not the last one, however little has changed until then.
            looks=0 if settling.next_look and due and due < settling.next_look else settling.looks,
            due_at=None if due is None else ctx.clock.now() + due,
        )
        fetched.open = len(items)
        if not items:
            self.recorder.call(fetched.state)
        for item in items:
            self.outbox.add(item)

    def after(self, task: Task[None]) -> Task[None]:
        """The task that asks the CRM about the batch in hand; then newer pictures of its calls are decided on."""
        yield from task
        self.outbox.put_down()

    def _call_later(self, fetched: Fetched) -> None:
        """Decide on a call that was in hand; what was unchanged then may not be so now: the next run fetches it."""
        if fetched.unchanged:
            self.recorder.call(replace(fetched.state, due_at=self.context.clock.now(), source_hash=None))
        else:
            self.call(fetched)

    def _still_to_come(self, fetched: Fetched) -> timedelta | None:
        """How long until the look that an unchanged call is waiting for; a resync ahead of it is not the last one."""
        due_at = fetched.state.due_at
        if due_at is None or not fetched.unchanged:
            return None
        left = due_at - self.context.server.as_clocked_before()
        return left if timedelta() < left < FURTHEST else None

    def park(self, state: CallState, error: CallError) -> None:
        """Set a call aside that could not even be fetched. One that nobody but the operator ever named is not kept."""
        ctx = self.context
        if self.outbox.postpone(state.call_id, partial(self.park, state, error)):
            return
        for route in self.routes:
            self.outbox.withdraw(route.target, state.call_id)
        if isinstance(error, CallGoneError) and not ctx.ledger.calls([state.call_id]):
            ctx.counts["unknown"] += 1
            ctx.log.warning("call.unknown", call_id=state.call_id)
            return
        missed, now, looks = isinstance(error, CallGoneError), ctx.clock.now(), []
        for route in self.routes:
            known = self._known(route, state.call_id) or ActivityState(state.call_id, route.target.name, State.PARKED)
            missed_before = missed and known.state is State.PARKED and known.reason == error.code
            if missed_before and ctx.rules.asked_for:
                # Looked for once more on request, and still not there: no reason to remind anybody for ever.
                self.recorder.activity(replace(known, state=State.SKIPPED, reason=GONE_FROM_APTEN, at=now, since=None))
                ctx.tell(Outcome.SKIPPED, state.call_id, route.target, reason=GONE_FROM_APTEN)
                continue
            since = known.since if known.since and (missed_before or not missed) else now
            if missed:
                looks.append(next_ask(now - since))
            parked = replace(known, state=State.PARKED, reason=error.code, mapping=route.tried, at=now, since=since)
            self.recorder.activity(parked)
            if missed_before:
                ctx.counts["still parked"] += 1
                continue
            self.recorder.failure(Failure(state.call_id, route.target.name, now, error.code, Verdict.PARK))
            ctx.problems.add(state.call_id, error, parked=True)
            ctx.tell(Outcome.PARKED, state.call_id, route.target, code=error.code)
        # Whatever comes back is new to us, even if it is what was there before.
        due = min((look for look in looks if look is not None), default=None)
        self.recorder.call(replace(state, due_at=None if due is None else now + due, source_hash=None))

    def _decide(self, fetched: Fetched, route: Route, known: ActivityState | None) -> Item | timedelta | None:
        """An item to write, the time after which to look again for something awaited, or nothing."""
        ctx, call = self.context, fetched.call
        resync = ctx.rules.resync
        known = self._as_complete_as(call, known)
        if known and not resync and fetched.unchanged and _stands(route, known):
            return self._settled(fetched, route, known)
        logged = known is not None and known.record_id is not None
        made = route.apply(call, fetched.lead)
        if not isinstance(made, Skip) and not logged and is_deleted(fetched.lead):
            made = Skip(LEAD_DELETED)
        if isinstance(made, Skip):
            deleted, now = made.reason == LEAD_DELETED, ctx.clock.now()
            since = missed_since(call, fetched.lead, known, now) if deleted else None
            if not logged or (known and known.state in _PENDING):
                self._save(fetched, route, known, State.SKIPPED, made.reason, since=since)
            self.context.tell(Outcome.SKIPPED, call.id, route.target, reason=made.reason)
            if since is not None:
                return next_ask(now - since)
            return self._search(fetched, route, known, made) if known else None
        mapping, draft = made
        hold = held_for(mapping, call, ctx.server.now())
        if hold is not None and not logged and not ctx.rules.asked_for:
            self._wait(fetched, route, known, AWAITED)
            return hold
        written = fingerprint.of_fields(ctx.ledger.secret, route.comparable(draft))
        if not resync and known and known.state is State.WRITTEN and known.fingerprint == written:
            self.context.tell(Outcome.UNCHANGED, call.id, route.target)
            return self._search(fetched, route, known, made)
        record_id = known.record_id if known else None
        # A record that was there once and is no longer has been deleted by a person.
        anew = ctx.rules.asked_for or record_id is None
        look = resync or _uncertain(known) or (record_id is None and not route.complete)
        return Item(
            fetched,
            route,
            mapping,
            draft,
            written,
            record_id,
            look_first=look or (record_id is not None and route.merges(draft)),
            anew=anew,
            known=known,
        )

    def _under_way(self, route: Route, known: ActivityState) -> timedelta | None:
        """How much longer the CRM may still be creating the activity where a second one would not be refused."""
        if route.schema.keeps_unique(route.target.key_field):
            return None
        return under_way(known, self.context.server.now())

    def _settled(self, fetched: Fetched, route: Route, known: ActivityState) -> Item | timedelta | None:
        """Nothing of the call has changed, and its outcome stands."""
        if known.state is State.PARKED:
            self.context.counts["still parked"] += 1
        else:
            self.context.tell(_SETTLED[known.state], fetched.call.id, route.target, reason=known.reason)
        return self._search(fetched, route, known, None)

    def _search(
        self, fetched: Fetched, route: Route, known: ActivityState, made: tuple[Mapping, Draft] | Skip | None
    ) -> Item | timedelta | None:
        """What is left to do for an activity that is as it should be: its person may still be to be found."""
        now = self.context.server.now()
        if not may_still_link(fetched.call, known, now):
            return None
        result = made or route.apply(fetched.call, fetched.lead)
        if isinstance(result, Skip) or not route.linked_later(result[1]):
            # By the mapping as it is now there is nobody to find; it may be changed back.
            return next_search(fetched.call, now)
        mapping, draft = result
        if draft.person is None or not draft.person.clues:
            return next_search(fetched.call, now)
        return Item(fetched, route, mapping, draft, b"", known.record_id, known=known, search=True)

    def _wait(self, fetched: Fetched, route: Route, known: ActivityState | None, reason: str) -> None:
        if known is None or known.record_id is None:
            self._save(fetched, route, known, State.WAITING, reason)
        self.context.tell(Outcome.WAITING, fetched.call.id, route.target, reason=reason)

    def _save(
        self,
        fetched: Fetched,
        route: Route,
        known: ActivityState | None,
        state: State,
        reason: str,
        *,
        since: datetime | None = None,
    ) -> None:
        known = known or ActivityState(fetched.call.id, route.target.name, state)
        # What a call was kept back by may change with the mapping, as what was made of it may.
        by, now = route.mappings[0].fingerprint, self.context.clock.now()
        self.recorder.activity(replace(known, state=state, reason=reason, mapping=by, at=now, since=since))

    def _as_complete_as(self, call: Call, known: ActivityState | None) -> ActivityState | None:
        """The activity's state, with what the call lacks now: that may change without changing the activity."""
        lacks = lacking(call)
        if known is None or known.state is not State.WRITTEN or known.reason == lacks:
            return known
        known = replace(known, reason=lacks)
        self.recorder.activity(known)
        return known

    def _known(self, route: Route, call_id: str) -> ActivityState | None:
        return self.context.ledger.activities(route.target.name, [call_id]).get(call_id)


def _stands(route: Route, known: ActivityState) -> bool:
    """Whether the outcome holds as long as the call does not change, what it was tried with does not, and its lead."""
    if known.state is State.PARKED:
        return known.mapping == route.tried and known.reason not in _NOT_FETCHED
    return known.state in _SETTLED and known.reason != LEAD_DELETED


def under_way(known: ActivityState, now: datetime) -> timedelta | None:
    """How much longer the CRM may be creating an activity that it was asked for; `now` by Apten's clock."""
    if known.state is not State.INTENT or known.record_id is not None or known.at is None:
        return None
    left = known.at + _LONGEST_SENDING + _LONGEST_CREATION - now
    return left if left > timedelta() else None


def held_for(mapping: Mapping, call: Call, now: datetime) -> timedelta | None:
    """How much longer the mapping waits for something; never for a call that claims to end in the future."""
    until = mapping.wait_until(call)
    return None if until is None or until <= now or call.ended_at > now + SKEW else until - now


def _uncertain(known: ActivityState | None) -> bool:
    """Whether the ledger knows of an activity, but not what the CRM holds of it: one deleted may be restored by now."""
    return known is not None and (
        known.state is State.INTENT or (known.record_id is not None and known.fingerprint is None)
    )
