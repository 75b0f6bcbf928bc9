"""From receipts to outcomes: what became of each activity, remembered and told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.errors import CallError, LinkError, RejectedError, RetryableError, VanishedLinkError
from connector.model import ActivityState, Failure, Outcome, State
from connector.open_values import settled
from connector.quotation import without
from connector.sync.decide import GONE, NO_PERSON
from connector.sync.edits import renewed
from connector.sync.judge import Verdict, judge
from connector.sync.link import is_open, may_be_unlinked, may_still_link, why_unlinked
from connector.sync.settle import LOOKED_FOR, lacking, next_search

if TYPE_CHECKING:
    from connector.errors import ConnectorError
    from connector.model import Person, Receipt, Unlinked
    from connector.sync.context import Context
    from connector.sync.fetched import Fetched
    from connector.sync.outbox import Item, Outbox
    from connector.sync.record import Recorder


@dataclass(slots=True)
class Conclude:
    """Takes the CRM's word on items; what turns out to exist, or not to, goes back to be looked up."""

    context: Context
    outbox: Outbox
    recorder: Recorder

    def adopted(self, item: Item, record_id: str) -> None:
        """The CRM holds just what is wanted, people's edits aside."""
        state = self._written(item, record_id, item.unlinked)
        self.recorder.activity(state)
        self._tell_kept(item)
        self.context.tell(Outcome.UNCHANGED, item.call_id, item.route.target)
        self._go_on(item, state)

    def gone(self, item: Item) -> None:
        """The activity is no longer in the CRM: somebody deleted it, and it stays deleted unless that is undone."""
        self.recorder.activity(replace(self._state(item, State.SKIPPED, reason=GONE), prints=item.prints))
        self.context.tell(Outcome.SKIPPED, item.call_id, item.route.target, reason=GONE)
        self.recorder.answered(item.fetched)

    def left_out(self, item: Item, why: Unlinked) -> None:
        """The mapping logs no call without a person."""
        reason = f"no person: {why.reason}"
        self.recorder.activity(self._state(item, State.SKIPPED, reason=reason))
        self.context.tell(Outcome.SKIPPED, item.call_id, item.route.target, reason=reason)
        self.recorder.answered(item.fetched)

    def held(self, item: Item, why: Unlinked) -> None:
        """The mapping holds calls until there is a person: it is looked for again, and parked in the end."""
        if self.search_again(item.fetched):
            reason = f"person: {why.reason}"
            self.recorder.activity(self._state(item, State.WAITING, reason=reason))
            self.context.tell(Outcome.WAITING, item.call_id, item.route.target, reason=reason)
        else:
            self._refused(item, _never_found(item), parked=True)
        self.recorder.answered(item.fetched)

    def search_again(self, fetched: Fetched) -> bool:
        """Have the call's person looked for once more later; whether that is still worth while."""
        wait = next_search(fetched.call, self.context.server.now())
        if wait is None:
            return False
        due, known = self.context.clock.now() + wait, fetched.state.due_at
        if known is None or due < known:
            # The look that was due then is not done with by this one.
            fetched.state = replace(fetched.state, due_at=due, looks=0 if known else fetched.state.looks)
        return True

    def received(self, item: Item, receipt: Receipt, person: Person | Unlinked | None) -> ConnectorError | None:
        """The CRM answered a write. `person` is None where the write was not about the person.

        Returns the error that the run cannot go on with, if it is one; the item then stays an intent.
        """
        if receipt.exists and not item.exists:
            self.look_again(replace(item, exists=True), person)
            return None
        if receipt.gone and item.looked_at is None:
            # Not the last word: an old ledger may know the id of a record that was made anew since.
            self.outbox.add(replace(item, look_first=True))
            return None
        if receipt.gone:
            self.gone(item)
            return None
        if receipt.exists or receipt.error is not None:
            error = receipt.error or _hidden(item)
            verdict = judge(error, attempts_left=0, rows=1)
            if verdict is Verdict.STOP or not isinstance(error, CallError | RetryableError):
                return error
            parked = verdict is Verdict.PARK
            if parked and _points_elsewhere_next_time(item, error):
                parked = False
                error.done, error.todo = "The call was left over.", "The next run looks for what there is by then."
            self._refused(item, error, parked=parked)
            self.recorder.answered(item.fetched, left_over=not parked)
            return None
        self._succeeded(item, receipt, person)
        return None

    def look_again(self, item: Item, person: Person | Unlinked | None) -> None:
        """Only the CRM knows what became of the item, or what it holds by now. `person` as for `received`."""
        if item.linking is not None:
            self.outbox.add(replace(item, search=True, linking=None))
            return
        if item.record_id is None:
            # Perhaps made by ourselves just now: the answer to that was lost.
            known = item.known or self._state(item, State.INTENT)
            unlinked, prints = may_be_unlinked(person, before=item.unlinked), item.either(self.context.ledger.secret)
            item = replace(item, known=replace(known, unlinked=unlinked, prints=prints))
        self.outbox.add(replace(item, look_first=True))

    def _succeeded(self, item: Item, receipt: Receipt, person: Person | Unlinked | None) -> None:
        unlinked = why_unlinked(person, before=item.unlinked)
        state = self._written(item, receipt.record_id, unlinked, created=receipt.created)
        self.recorder.activity(state)
        self._tell_kept(item)
        how = "created" if receipt.created else "updated"
        self.context.counts[how] += 1
        self.context.counts["made anew"] += receipt.created and item.known is not None and bool(item.known.record_id)
        self.context.counts["unlinked"] += unlinked is not None and item.unlinked is None
        self.context.tell(Outcome.WRITTEN, item.call_id, item.route.target, record_id=receipt.record_id, how=how)
        self._go_on(item, state)

    def _go_on(self, item: Item, state: ActivityState) -> None:
        """Done with the activity, unless it has no person: who was there before is looked for now, who is new later."""
        may_link = may_still_link(item.fetched.call, state, self.context.server.now())
        if item.record_id is not None and self._is_searched_for(item, state, in_time=may_link):
            self.outbox.add(replace(item, known=state, look_first=False, search=True))
            return
        if may_link:
            self.search_again(item.fetched)
        self.recorder.answered(item.fetched)

    def _is_searched_for(self, item: Item, state: ActivityState, *, in_time: bool) -> bool:
        """Whether to look for the person of an activity that was there before."""
        rules, search = self.context.rules, item.draft.person
        if state.unlinked is None or rules.overwrite or search is None or not search.clues:
            return False
        return (in_time or rules.resync) and bool(item.route.linked_later(item.draft))

    def _refused(self, item: Item, error: CallError | RetryableError, *, parked: bool) -> None:
        ctx, target = self.context, item.route.target
        _clear(error, item)
        problem = ctx.problems.add(item.call_id, error, item.mapping.lines, parked=parked)
        verdict = Verdict.PARK if parked else Verdict.LEFT_OVER
        state = self._state(item, State.PARKED if parked else State.LEFT_OVER, reason=error.code)
        now = state.at or ctx.now
        prints = item.either(ctx.ledger.secret)
        since = (item.known and item.known.since) or now
        self.recorder.activity(replace(state, prints=prints, mapping=item.route.tried, since=since))
        self.recorder.failure(Failure(item.call_id, target.name, now, error.code, verdict, problem.fields))
        if parked:
            named = {"fields": list(problem.fields), "lines": list(problem.lines.values())}
            ctx.tell(Outcome.PARKED, item.call_id, target, code=error.code, **named)
        else:
            ctx.counts[State.LEFT_OVER] += 1
            ctx.log.warning("call.left_over", call_id=item.call_id, code=error.code)

    def _written(
        self, item: Item, record_id: str | None, unlinked: str | None, *, created: bool = False
    ) -> ActivityState:
        state = self._state(item, State.WRITTEN, reason=lacking(item.fetched.call))
        secret = self.context.ledger.secret
        if created or self.context.rules.overwrite:
            # What was meant to be written before this never was, or is gone with what it was written to.
            known = renewed(secret, None, item.created())
        else:
            known = renewed(secret, item.prints, item.sent(), filled=item.kept)
        return replace(state, record_id=record_id, fingerprint=item.fingerprint, prints=known, unlinked=unlinked)

    def _tell_kept(self, item: Item) -> None:
        if item.kept:
            self.context.counts["edits kept"] += len(item.kept)
            target = item.route.target.name
            self.context.log.info("edit.kept", call_id=item.call_id, target=target, fields=sorted(item.kept))

    def _state(self, item: Item, state: State, *, reason: str | None = None) -> ActivityState:
        return ActivityState(
            item.call_id,
            item.route.target.name,
            state,
            record_id=item.record_id,
            mapping=item.mapping.fingerprint,
            reason=reason,
            unlinked=item.unlinked,
            at=self.context.clock.now(),
        )


def _clear(error: ConnectorError, item: Item) -> None:
    """Take the call out of an admin's words; the adapter could take out only what was sent."""
    if isinstance(error, RejectedError) and error.says:
        fetched = item.fetched
        known = [fetched.call.model_dump(), fetched.lead.model_dump() if fetched.lead else {}, settled(item.draft)]
        error.says = without(error.says, known)


def _points_elsewhere_next_time(item: Item, error: ConnectorError) -> bool:
    """Whether what a new activity points to was found, and went away meanwhile: the next run finds what there is."""
    if not isinstance(error, VanishedLinkError) or item.record_id is not None:
        return False
    meant = {name: value for name, value in item.draft.fields.items() if not error.fields or name in error.fields}
    known = item.known
    told_before = known is not None and known.state in {State.LEFT_OVER, State.PARKED} and known.reason == error.code
    return is_open(replace(item.draft, fields=meant)) and not told_before


def _never_found(item: Item) -> LinkError:
    return LinkError(
        f"Nobody was found in the CRM for call {item.call_id} within {LOOKED_FOR.days} days.",
        code=NO_PERSON,
        done="The call was parked.",
        todo="Make the person known to the CRM, or let the mapping log such calls (`if_none: log_unlinked`); then run "
        "`apten-crm resync --parked`.",
    )


def _hidden(item: Item) -> RejectedError:
    """The CRM says the activity exists, yet does not show it: creating it again cannot help."""
    return RejectedError(
        f"The CRM has an activity with the key of call {item.call_id}, but does not show it to us.",
        code="exists_but_hidden",
        done="The call was parked.",
        todo="Give the connector's user the right to see all activities, then run `apten-crm resync --parked`.",
    )
