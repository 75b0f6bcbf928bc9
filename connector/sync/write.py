"""Writes batches: look where the ledger cannot vouch, record the intent, send, record the receipts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.errors import CallError, ConnectorError, RejectedError
from connector.model import Activity, ActivityState, Failure, Outcome, Receipt, State, Unlinked
from connector.sync.attempt import ATTEMPTS
from connector.sync.decide import GONE
from connector.sync.judge import Verdict, judge
from connector.sync.link import fill, find_people, has_person
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.model import Person, Target, Value
    from connector.sync.attempt import Attempts
    from connector.sync.context import Context
    from connector.sync.outbox import Item, Outbox, Queue
    from connector.sync.record import Recorder
    from connector.sync.task import Task


@dataclass(slots=True)
class Write:
    """The tasks that write what the outbox holds."""

    context: Context
    outbox: Outbox
    recorder: Recorder
    attempts: Attempts

    def next_look(self, *, last: bool) -> Task[None] | None:
        """The next batch to look up that is worth a request; with `last` also one that is not full."""
        items = self._take(self.outbox.looks, last=last)
        return self.look(items) if items else None

    def next_write(self, *, last: bool) -> Task[None] | None:
        """The next batch to write that is worth a request; with `last` also one that is not full."""
        items = self._take(self.outbox.creates, last=last) or self._take(self.outbox.updates, last=last)
        return self.write(items) if items else None

    def _take(self, queue: Queue, *, last: bool) -> list[Item]:
        size = self.context.crm.batch_size
        return self.outbox.take(queue, at_least=1 if last else size, at_most=size)

    def look(self, items: Sequence[Item]) -> Task[None]:
        """Read what the CRM holds under these keys; queue each item as create or update, or adopt what is equal."""
        ctx, target = self.context, items[0].route.target
        wanted = {item.draft.key: item.route.comparable(item.draft) for item in items}
        names = sorted({name for fields in wanted.values() for name in fields})
        records = yield from ask(lambda: ctx.crm.read(target, list(wanted), names))
        for item in items:
            record = records.get(item.draft.key)
            if record is None:
                self.outbox.add(replace(item, record_id=None, look_first=False, looked=True))
            elif not ctx.rules.overwrite and _equal(wanted[item.draft.key], record.fields):
                self.recorder.activity(self._written(item, record.id, unlinked=item.unlinked))
                self.recorder.answered(item.fetched)
                self._tell(Outcome.UNCHANGED, item)
            else:
                self.outbox.add(replace(item, record_id=record.id, look_first=False, looked=True))
        self.recorder.flush()

    def write(self, items: Sequence[Item]) -> Task[None]:
        """Write a batch of one kind."""
        linking = [item for item in items if self._links(item)]
        people = yield from find_people(self.context, [item.draft for item in linking])
        person_of = {item.draft.key: person for item, person in zip(linking, people, strict=True)}
        activities = [self._activity(item, person_of.get(item.draft.key)) for item in items]
        self._intend(items)
        receipts = yield from self._send(items[0].route.target, activities)
        for item in items:
            self._record(item, receipts[item.draft.key], person_of.get(item.draft.key))
        self.recorder.flush()

    def _links(self, item: Item) -> bool:
        """The person is set at creation, and again only where everything is to be overwritten."""
        return has_person(item.draft) and (item.record_id is None or self.context.rules.overwrite)

    def _activity(self, item: Item, person: Person | Unlinked | None) -> Activity:
        fields = fill(item.draft, person or Unlinked("not looked for"))
        if item.record_id is not None:
            left_alone = item.route.left_alone(item.draft, overwrite=self.context.rules.overwrite)
            fields = {name: value for name, value in fields.items() if name not in left_alone}
        return Activity(item.call_id, item.draft.key, fields, item.record_id)

    def _intend(self, items: Sequence[Item]) -> None:
        """From here on a crash leaves a trace: the next run fetches these calls again and looks before it writes."""
        ctx = self.context
        with ctx.ledger.transaction():
            ctx.ledger.save_calls(replace(item.fetched.state, due_at=ctx.now, source_hash=None) for item in items)
            ctx.ledger.save_activities(
                ActivityState(
                    item.call_id, item.route.target.name, State.INTENT, record_id=item.record_id, at=ctx.clock.now()
                )
                for item in items
            )

    def _send(self, target: Target, activities: Sequence[Activity]) -> Task[dict[str, Receipt]]:
        """Send until each activity has a final receipt: refused batches are halved, rows in the way of others wait."""
        receipts: dict[str, Receipt] = {}
        batches = [(list(activities), ATTEMPTS - 1)]
        while batches:
            batch, attempts_left = batches.pop()
            try:
                answers = yield from ask(lambda batch=batch: self.context.crm.write(target, batch))  # type: ignore[misc]  # bound default
            except CallError as error:
                if judge(error, attempts_left=0, rows=len(batch)) is Verdict.HALVE:
                    batches += [(half, attempts_left) for half in _halves(batch)]
                    continue
                answers = [Receipt(batch[0].key, error=error)]
            receipts.update((receipt.key, receipt) for receipt in answers)
            again = [
                activity
                for activity, receipt in zip(batch, answers, strict=True)
                if receipt.error and judge(receipt.error, attempts_left=attempts_left, rows=1) is Verdict.AGAIN
            ]
            if again:
                yield from self._pause(receipts[again[0].key].error, ATTEMPTS - attempts_left)
                batches += [(half, attempts_left - 1) for half in _halves(again)]
        return receipts

    def _pause(self, error: ConnectorError | None, attempt: int) -> Task[None]:
        wait = (self.attempts.wait(attempt, error) if error else None) or 0.0
        yield from ask(lambda: self.context.clock.sleep(wait))

    def _record(self, item: Item, receipt: Receipt, person: Person | Unlinked | None) -> None:
        ctx, left_over = self.context, False
        if receipt.exists and not item.looked:
            self.outbox.add(replace(item, look_first=True))
            return
        if receipt.gone:
            self.recorder.activity(self._state(item, State.SKIPPED, reason=GONE))
            self._tell(Outcome.SKIPPED, item, reason=GONE)
        elif receipt.error is not None:
            verdict = judge(receipt.error, attempts_left=0, rows=1)
            left_over = verdict is not Verdict.PARK
            code = receipt.error.code if isinstance(receipt.error, CallError) else type(receipt.error).__name__
            fields = receipt.error.fields if isinstance(receipt.error, CallError) else ()
            state = State.LEFT_OVER if left_over else State.PARKED
            self.recorder.activity(self._state(item, state, reason=code))
            self.recorder.failure(Failure(item.call_id, item.route.target.name, ctx.clock.now(), code, verdict, fields))
            if left_over:
                ctx.counts[State.LEFT_OVER] += 1
                ctx.log.warning("call.left_over", call_id=item.call_id, code=code)
            else:
                self._tell(Outcome.PARKED, item, code=code, fields=list(fields))
        else:
            unlinked = person.reason if isinstance(person, Unlinked) else None if person else item.unlinked
            self.recorder.activity(self._written(item, receipt.record_id, unlinked=unlinked))
            how = "created" if receipt.created else "updated"
            ctx.counts[how] += 1
            ctx.counts["unlinked"] += unlinked is not None
            self._tell(Outcome.WRITTEN, item, record_id=receipt.record_id, how=how)
        self.recorder.answered(item.fetched, left_over=left_over)

    def _refused(self, item: Item, error: ConnectorError) -> bool:
        """Record a failure; returns whether the call is left over for the next run rather than parked."""
        verdict = judge(error, attempts_left=0, rows=1)
        left_over = verdict is not Verdict.PARK
        code, fields = (error.code, error.fields) if isinstance(error, CallError) else (type(error).__name__, ())
        state = State.LEFT_OVER if left_over else State.PARKED
        now = self.context.clock.now()
        self.recorder.activity(self._state(item, state, reason=code))
        self.recorder.failure(Failure(item.call_id, item.route.target.name, now, code, verdict, fields))
        if left_over:
            self.context.counts[State.LEFT_OVER] += 1
            self.context.log.warning("call.left_over", call_id=item.call_id, code=code)
        else:
            self._tell(Outcome.PARKED, item, code=code, fields=list(fields))
        return left_over

    def _written(self, item: Item, record_id: str | None, *, unlinked: str | None = None) -> ActivityState:
        state = self._state(item, State.WRITTEN)
        return replace(state, record_id=record_id, fingerprint=item.fingerprint, unlinked=unlinked)

    def _state(self, item: Item, state: State, *, reason: str | None = None) -> ActivityState:
        return ActivityState(
            item.call_id,
            item.route.target.name,
            state,
            record_id=item.record_id,
            mapping=item.mapping.fingerprint,
            reason=reason,
            at=self.context.clock.now(),
        )

    def _tell(self, outcome: Outcome, item: Item, **fields: object) -> None:
        self.context.counts[outcome] += 1
        log = self.context.log.warning if outcome is Outcome.PARKED else self.context.log.info
        log(f"call.{outcome}", call_id=item.call_id, target=item.route.target.name, **fields)


def _equal(wanted: Mapping[str, Value], held: Mapping[str, Value]) -> bool:
    """Whether the CRM holds what is wanted; it tells no difference between an empty text and none."""
    return all((held.get(name) or None) == (value or None) or held.get(name) == value for name, value in wanted.items())


def _unreadable(item: Item) -> RejectedError:
    """The CRM says the activity exists, yet does not show it: creating it again cannot help."""
    return RejectedError(
        f"Call {item.call_id}: the CRM has an activity with this key, but does not show it to us.",
        code="exists_but_hidden",
        done="The call was parked.",
        todo="Give the connector's user the right to see all activities, then run `apten-crm resync --parked`.",
    )


def _halves(batch: list[Activity]) -> list[list[Activity]]:
    middle = (len(batch) + 1) // 2
    return [half for half in (batch[:middle], batch[middle:]) if half]
