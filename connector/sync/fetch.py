"""Fetches a call and hands it on; decides nothing but whether its lead is worth a request."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from connector.errors import CallError, RetryableError
from connector.model import State
from connector.sync import fingerprint
from connector.sync.cost import Step
from connector.sync.deleted_lead import not_there
from connector.sync.fetched import Fetched
from connector.sync.task import get, meeting

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.model import CallState
    from connector.source_model import Call, Lead
    from connector.sync.context import Context
    from connector.sync.task import Task

_LEADS_KEPT = 1000


class Taker(Protocol):
    """Whom fetched calls are for."""

    def is_settled(self, call: Call) -> bool:
        """Whether nothing is to be done with the call as long as it has not changed."""

    def call(self, fetched: Fetched) -> None:
        """A call as it is now."""

    def park(self, state: CallState, error: CallError) -> None:
        """A call that could not be fetched, and never will as it is."""


@dataclass(slots=True)
class Fetch:
    """The tasks that fetch calls.

    Args:
        context: the run.
        taker: takes what was fetched.
        wanted: which fetched calls this run is about; others are dropped.
        failing: how many fetches in a row were left over.
    """

    context: Context
    taker: Taker
    wanted: Callable[[Call], bool] = lambda _call: True
    failing: int = 0
    _newest: dict[str, CallState] = field(default_factory=dict)
    _leads: OrderedDict[str, Lead] = field(default_factory=OrderedDict)

    def call(self, state: CallState, lead: Lead | None) -> Task[None]:
        """Fetch one call, and its lead unless it is at hand or nothing is to be mapped.

        Of several fetches of one call under way, only the one that was asked for last counts.
        """
        self._newest[state.call_id] = state
        return self._call(state, lead)

    def _call(self, state: CallState, lead: Lead | None) -> Task[None]:
        try:
            yield from self._fetch(state, lead)
        finally:
            if not self._is_overtaken(state):
                del self._newest[state.call_id]

    def _fetch(self, state: CallState, lead: Lead | None) -> Task[None]:
        ctx = self.context
        if ctx.rules.limit is not None and ctx.counts["fetched"] >= ctx.rules.limit:
            ctx.counts["over limit"] += 1
            return
        ctx.counts["fetched"] += 1
        yield from meeting()
        try:
            call = yield from get(lambda: ctx.source.call(state.call_id))
            # A call that was due is often fetched before any listing; what may wait is decided by Apten's time alone.
            ctx.server.learn(ctx.source.server_time)
            source_hash = fingerprint.of_call(ctx.ledger.secret, call)
            unchanged = source_hash == state.source_hash
            if lead is not None and lead.id != call.lead_id:
                lead = None  # The call has moved to another lead, as when two are merged.
            if lead is None and call.lead_id is not None and not (unchanged and self.taker.is_settled(call)):
                lead = yield from self._lead(call.lead_id)
        except CallError as error:
            self.failing = 0
            if not self._is_overtaken(state):
                self.taker.park(state, error)
            return
        except RetryableError as error:
            self.failing += 1
            self._leave_over(state, error)
            return
        self.failing = 0
        if self.wanted(call) and not self._is_overtaken(state):
            known = replace(state, lead_id=call.lead_id, created_at=call.created_at, source_hash=source_hash)
            with ctx.stopwatch.timing(Step.DECIDING):
                self.taker.call(Fetched(call, lead, known, unchanged))

    def _leave_over(self, state: CallState, error: RetryableError) -> None:
        """Due again at the very next run, behind the calls that were due before."""
        ctx = self.context
        if not self._is_overtaken(state):
            # Perhaps ahead of the look that was due: that one is not done with by this.
            ctx.ledger.save_calls([replace(state, due_at=ctx.clock.now(), looks=0)])
        ctx.counts[State.LEFT_OVER] += 1
        ctx.log.warning("call.left_over", call_id=state.call_id, code=type(error).__name__)

    def _is_overtaken(self, state: CallState) -> bool:
        """Whether a newer event of the call was found meanwhile: that one has its own fetch, with a newer picture."""
        return self._newest.get(state.call_id) is not state

    def _lead(self, lead_id: str) -> Task[Lead]:
        if lead_id not in self._leads:
            found = yield from get(lambda: self.context.source.lead(lead_id))
            self._leads[lead_id] = found or not_there(lead_id)
            if len(self._leads) > _LEADS_KEPT:
                self._leads.popitem(last=False)
        return self._leads[lead_id]
