"""Finds calls: leads that changed, then those leads' call events. Everything found is durable before it is used.

Why no call gets lost: every listing reads an overlap again; the watermark never passes Apten's own time at the
listing's first page less two minutes, nor anything not yet durable; a lead is listed when its activity stamp *differs*,
not when it is newer; one whose last activity is very fresh is listed once more; a daily sweep lists the recently active
ones anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connector.errors import OutOfAttemptsError, RetryableError, UnreachableError
from connector.model import CallState, LeadState, State
from connector.sync.listing import Listing
from connector.sync.settle import SKEW
from connector.sync.task import get, room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector.model import CallRef, Page
    from connector.source_model import Lead
    from connector.sync.context import Context
    from connector.sync.task import Task

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CAP = timedelta(minutes=2)
"""Rows this fresh may still be being committed at Apten: no watermark passes them."""
LOOK_AGAIN = timedelta(minutes=3)
SWEEP_EVERY = timedelta(days=1)
SWEEP_BACK = timedelta(days=7)
SWEEP_BUDGET = 1000
"""Leads one run may sweep; the next run goes on with the rest."""
UNFINISHED = "unfinished"
"""The mark of where a listing began of whose leads some have not been looked at yet.

Should the run be stopped, the next lists them again: a page of leads costs one request, as each of them would alone.
"""


def newest(stamps: Iterable[datetime | None], begun: datetime) -> datetime | None:
    """The newest believable stamp, capped so that nothing still in the making is passed; None if there is none.

    `begun` is Apten's time at the first page: a row that came into the listing behind what was read may be as old.
    """
    believable = [stamp for stamp in stamps if stamp is not None and stamp <= begun + SKEW]
    return min(max(believable), begun - CAP) if believable else None


@dataclass(slots=True)
class Discovery:
    """The tasks that find calls.

    Args:
        context: the run.
        found: makes the task that fetches a call, given what is known of it and its lead where at hand.
    """

    context: Context
    found: Callable[[CallState, Lead | None], Task[None]]
    _under_way: set[str] = field(default_factory=set)
    _begun: datetime | None = None

    def leads(self) -> Task[None]:
        """List the leads changed since the watermark and look at each whose activity stamp differs."""
        ledger = self.context.ledger
        watermark = ledger.mark("watermark")
        if watermark and self._is_ahead(watermark):
            watermark = self.context.server.now() - SWEEP_BACK
            ledger.set_mark("watermark", watermark)
        left = ledger.mark(UNFINISHED)
        since = min(filter(None, (self._since(watermark), left)))
        yield from self.walk_leads(since, partial(self._save_leads, since))

    def remaining(self) -> Task[None]:
        """Look at the leads that an earlier run left, that are due for another look, or that the daily sweep is on."""
        self._begin_sweep()
        for listed in self.context.ledger.due_leads(self.context.now):
            yield from room()
            # The ledger hands out due leads by the page; this one may have been looked at since.
            state = self.context.ledger.leads([listed.lead_id])[listed.lead_id]
            if state == listed and state.lead_id not in self._under_way:
                self._look_at(state, None)

    def lead(self, state: LeadState, lead: Lead | None) -> Task[None]:
        """List one lead's call events and fetch each call that is new or whose event differs."""
        ctx = self.context
        seen: list[datetime | None] = []
        began: list[datetime] = []
        gone = False

        def save(page: Page[CallRef]) -> None:
            nonlocal gone
            gone = page.gone
            began.append(ctx.server.now())
            seen.extend(ref.updated_at for ref in page.rows)
            self._save_refs(page.rows, lead, again=restored)

        # Its calls were left out while it was deleted, and their events' stamps tell nothing of that.
        restored = state.deleted and state.events_since is None and not (lead and lead.deleted)
        if restored and lead is not None:
            state = replace(state, deleted=False)
        if state.events_since and self._is_ahead(state.events_since):
            state = replace(state, events_since=ctx.server.now() - SWEEP_BACK)
        try:
            listed = yield from self.lead_events(state.lead_id, self._since(state.events_since), save, lead)
        finally:
            self._under_way.discard(state.lead_id)
        if not listed:
            return  # It stays due: the next run lists it again.
        known = [stamp for stamp in (newest(seen, began[0]), state.events_since) if stamp]
        fresh = state.activity_at is not None and state.activity_at > began[0] - CAP
        due_at = ctx.clock.now() + LOOK_AGAIN if fresh else None
        # One that is gone (404) and comes back after all counts as restored.
        known_now = replace(state, events_since=max(known, default=None), due_at=due_at, deleted=state.deleted or gone)
        ctx.ledger.save_leads([known_now])

    def walk_leads(self, since: datetime, save: Callable[[Page[Lead]], None]) -> Task[None]:
        """Save every page of leads changed since then, as fast as there is room for what they bring."""

        def page_at(at: datetime, token: str | None) -> Task[Page[Lead]]:
            yield from room()
            return (yield from get(lambda: self.context.source.leads(updated_since=at, token=token)))

        return Listing(self.context, "leads", lambda lead: lead.updated_at, save).walk(page_at, since)

    def lead_events(
        self, lead_id: str, since: datetime, save: Callable[[Page[CallRef]], None], lead: Lead | None
    ) -> Task[bool]:
        """The same as `walk_events`, but a lead whose listing keeps failing is left over and holds up no other.

        Returns whether the listing was walked to its end.
        """
        try:
            yield from self.walk_events(lead_id, since, save, lead)
        except (RetryableError, OutOfAttemptsError) as error:
            self.context.counts[State.LEFT_OVER] += 1
            self.context.log.warning("lead.left_over", lead_id=lead_id, code=type(error).__name__)
            return False
        return True

    def walk_events(
        self, lead_id: str, since: datetime, save: Callable[[Page[CallRef]], None], lead: Lead | None = None
    ) -> Task[None]:
        """Save every page of a lead's call events changed since then; `lead` is itself, if at hand.

        Raises:
            UnreachableError: Apten has the lead, but no list of its events (404): a passing fault.
        """

        def page_at(at: datetime, token: str | None) -> Task[Page[CallRef]]:
            page = yield from get(lambda: self.context.source.events(lead_id, since=at, token=token))
            if page.gone:
                there = lead or (yield from get(lambda: self.context.source.lead(lead_id)))
                if there and not there.deleted:
                    raise UnreachableError(f"Apten has lead {lead_id}, but no list of its events (404).")
            return page

        return Listing(self.context, "events", lambda ref: ref.updated_at, save).walk(page_at, since)

    def _since(self, watermark: datetime | None) -> datetime:
        """From where to list again."""
        rules = self.context.rules
        return max(EPOCH, watermark - rules.overlap) if watermark else rules.start

    def _is_ahead(self, watermark: datetime) -> bool:
        """Whether a watermark is of a time still to come, and so hides what is new; somebody has to know."""
        if ahead := watermark > self.context.server.now() + SKEW:
            self.context.log.warning(
                "watermark.ahead", watermark=watermark.isoformat(), days_read_again=SWEEP_BACK.days
            )
        return ahead

    def _save_refs(self, refs: Iterable[CallRef], lead: Lead | None, *, again: bool) -> None:
        """Note new and changed refs as due, or with `again` all of them, and have them fetched."""
        ctx = self.context
        by_id = {ref.call_id: ref for ref in refs}
        known = ctx.ledger.calls(list(by_id))
        due = []
        for ref in by_id.values():
            old = known.get(ref.call_id)
            if old is None:
                due.append(CallState(ref.call_id, lead_id=ref.lead_id, updated_at=ref.updated_at, due_at=ctx.now))
            elif again or old.updated_at != ref.updated_at or ref.updated_at is None:
                due.append(replace(old, lead_id=ref.lead_id, updated_at=ref.updated_at, due_at=ctx.now, looks=0))
        # Not durable yet, nor is that the lead has been listed: either both will be, or it is listed again.
        ctx.ledger.save_calls(due)
        ctx.counts["found"] += len(due)
        for state in due:
            ctx.spawn(self.found(state, lead))

    def _save_leads(self, since: datetime, page: Page[Lead]) -> None:
        ctx = self.context
        known = ctx.ledger.leads([lead.id for lead in page.rows])
        dirty: list[tuple[LeadState, Lead]] = []
        for lead in page.rows:
            old = known.get(lead.id) or LeadState(lead.id, activity_at=None)
            deleted = bool(lead.deleted)
            # Without a stamp there is no telling, so such a lead is looked at every time.
            same = lead.activity_at is not None and old.activity_at == lead.activity_at and old.deleted == deleted
            left = old.due_at is not None and old.due_at <= ctx.now and lead.id not in self._under_way
            if left or not same:
                # One that is restored counts as deleted until all its calls were listed anew.
                again = None if old.deleted and not deleted else old.events_since
                state = replace(
                    old,
                    activity_at=lead.activity_at,
                    events_since=again,
                    deleted=deleted or old.deleted,
                    due_at=ctx.now,
                )
                dirty.append((state, lead))
        self._begun = self._begun or ctx.server.now()
        mark = newest((lead.updated_at for lead in page.rows), self._begun)
        with ctx.ledger.transaction():
            ctx.ledger.save_leads(state for state, _ in dirty)
            old_mark = ctx.ledger.mark("watermark")
            if mark and (old_mark is None or mark > old_mark):
                ctx.ledger.set_mark("watermark", mark)
            if dirty and ctx.ledger.mark(UNFINISHED) is None:
                ctx.ledger.set_mark(UNFINISHED, since)
        for state, lead in dirty:
            self._look_at(state, lead)

    def _look_at(self, state: LeadState, lead: Lead | None) -> None:
        self._under_way.add(state.lead_id)
        self.context.spawn(self.lead(state, lead))

    def _begin_sweep(self) -> None:
        ctx = self.context
        created, swept = ctx.ledger.mark("created"), ctx.ledger.mark("swept")
        last = swept or created
        if last is None or timedelta() <= ctx.now - last < SWEEP_EVERY:
            return
        back_to = ctx.server.now() - SWEEP_BACK
        leads = ctx.ledger.sweep_leads(active_since=back_to, listed_before=last + SWEEP_EVERY, limit=SWEEP_BUDGET)
        with ctx.ledger.transaction():
            ctx.ledger.save_leads(
                replace(lead, due_at=ctx.now, events_since=lead.events_since and min(lead.events_since, back_to))
                for lead in leads
            )
            if len(leads) < SWEEP_BUDGET:
                ctx.ledger.set_mark("swept", ctx.now)
