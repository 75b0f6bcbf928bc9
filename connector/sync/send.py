"""Sends a batch until each activity has a final receipt, or is to be looked at again before it is sent again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from connector.errors import CallError, CrowdedError, RetryableError, UncertainWriteError
from connector.model import Receipt, State
from connector.sync.attempt import attempts_left
from connector.sync.judge import Verdict, judge
from connector.sync.task import ask, ask_once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from connector.errors import ConnectorError
    from connector.model import Activity, Target
    from connector.sync.attempt import Attempts
    from connector.sync.context import Context
    from connector.sync.outbox import Item
    from connector.sync.task import Task


@dataclass(slots=True)
class Send:
    """Sends activities.

    `at_most` are the rows of one request: as many as the CRM takes, or fewer where its own automations do not cope with
    that. It is halved where they do not, and grows by one with each full request that they do cope with: one row that
    asks too much of them by itself neither slows down all others for long nor meets one full batch after another.
    """

    context: Context
    attempts: Attempts
    at_most: int = field(init=False)

    def __post_init__(self) -> None:
        self.at_most = self.context.crm.batch_size

    def batch(
        self,
        items: Mapping[str, Item],
        activities: Sequence[Activity],
        conclude: Callable[[Sequence[Receipt]], None],
        look_again: Callable[[Sequence[Activity], int], None],
    ) -> Task[None]:
        """Send activities of one kind and target.

        A refused batch is halved. An update is never sent twice in a row, nor is a creation that may have come to pass:
        somebody may edit the activity meanwhile.

        Args:
            items: what is sent, by key.
            activities: the same as the CRM takes it.
            conclude: takes final receipts.
            look_again: takes activities to be looked at again, and how often they were sent in vain.
        """
        target = next(iter(items.values())).route.target
        batches = [(list(activities), 0)]
        while batches:
            batch, repeated = self._next(batches)
            sent = {activity.key: items[activity.key].attempt + repeated for activity in batch}
            most = max(sent.values())
            if most > 1 or len(batch) < len(activities):
                self._intend_again(target, batch)
            creating = batch[0].record_id is None
            try:
                receipts = yield from ask_once(lambda batch=batch: self.context.crm.write(target, batch))  # type: ignore[misc]  # bound default
            except CallError as error:
                if judge(error, attempts_left=0, rows=len(batch)) is Verdict.HALVE:
                    batches[:0] = [(half, repeated) for half in _halves(batch)]
                    continue
                receipts = [Receipt(batch[0].key, error=error)]
            except RetryableError as error:
                if not (yield from ask_once(partial(self.attempts.go_on, most, error))):
                    raise
                if creating and not isinstance(error, UncertainWriteError):
                    batches.insert(0, (batch, repeated + 1))
                else:
                    look_again(batch, repeated + 1)
                continue
            left = self._left(batch, receipts, sent, repeated)
            unfinished = {activity.key for rows, _ in left for activity in rows}
            conclude([receipt for receipt in receipts if receipt.key not in unfinished])
            yield from self._pause([each.error for each in receipts if each.key in unfinished], most)
            if creating:
                batches[:0] = left
                continue
            for rows, times in left:
                look_again(rows, times)

    def _next(self, batches: list[tuple[list[Activity], int]]) -> tuple[list[Activity], int]:
        rows, repeated = batches.pop(0)
        batches[:0] = [(part, repeated) for part in _parts(rows, self.at_most)]
        return batches.pop(0)

    def _left(
        self, batch: Sequence[Activity], receipts: Sequence[Receipt], sent: Mapping[str, int], repeated: int
    ) -> list[tuple[list[Activity], int]]:
        """The rows that are not done with, and how often each has been sent in vain."""
        crowded = self._crowded(receipts)
        again = {each.key for each in receipts if each.error and _passes(each.error, sent[each.key])}
        rows = [activity for activity in batch if activity.key in again]
        left = [([activity for activity in batch if activity.key in crowded], repeated)]
        left += [(half, repeated + 1) for half in _halves(rows)]
        return [(rows, times) for rows, times in left if rows]

    def _crowded(self, receipts: Sequence[Receipt]) -> set[str]:
        """The keys of rows that may pass in a smaller batch; how large the next ones are is learnt from it."""
        rows = len(receipts)
        crowded = {each.key for each in receipts if isinstance(each.error, CrowdedError)} if rows > 1 else set()
        if crowded:
            self.at_most = (rows + 1) // 2
            self.context.log.info("batch.too_large", rows=rows, at_most=self.at_most)
        elif rows == self.at_most:
            self.at_most = min(self.context.crm.batch_size, rows + 1)
        return crowded

    def _intend_again(self, target: Target, batch: Sequence[Activity]) -> None:
        """What was intended before others were sent may be long ago by now."""
        ctx = self.context
        known = ctx.ledger.activities(target.name, [activity.call_id for activity in batch])
        intents = [each for each in known.values() if each.state is State.INTENT]
        ctx.ledger.save_activities(replace(each, at=ctx.server.now()) for each in intents)

    def _pause(self, errors: Sequence[ConnectorError | None], attempt: int) -> Task[None]:
        passing = [error for error in errors if isinstance(error, RetryableError)]
        if passing:
            yield from ask(lambda: self.attempts.pause(self.attempts.wait(attempt, passing[0]) or 0.0))


def _passes(error: ConnectorError, sent: int) -> bool:
    """Whether a row that has been sent so often is to be sent once more."""
    return judge(error, attempts_left=attempts_left(error, sent), rows=1) is Verdict.AGAIN


def _halves(batch: list[Activity]) -> list[list[Activity]]:
    return _parts(batch, max(1, (len(batch) + 1) // 2))


def _parts(batch: list[Activity], size: int) -> list[list[Activity]]:
    return [batch[at : at + size] for at in range(0, len(batch), size)]
