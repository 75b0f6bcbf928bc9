"""Finds people for activities that were logged without one.

Such an activity is as it should be but for its person. While nobody has linked it in the CRM, the person is looked for
again: on the schedule of `settle.next_search`, whenever the call changes, and in every resync of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.errors import CallError, RetryableError
from connector.model import ActivityState, Failure, State, Unlinked
from connector.sync.edits import is_blank
from connector.sync.judge import Verdict
from connector.sync.link import of_person
from connector.sync.problems import tracing
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.errors import ConnectorError
    from connector.model import Draft, Receipt, Record
    from connector.sync.conclude import Conclude
    from connector.sync.context import Context
    from connector.sync.link import Linked, Links
    from connector.sync.outbox import Item, Outbox
    from connector.sync.record import Recorder
    from connector.sync.task import Task

NOT_TAKEN = "the CRM did not take the person: "


@dataclass(slots=True)
class LinkLater:
    """The task that looks for people, and what becomes of the writes that link them."""

    context: Context
    outbox: Outbox
    recorder: Recorder
    conclude: Conclude
    links: Links

    def search(self, items: Sequence[Item]) -> Task[None]:
        """Look for the people of these activities, all of one target; queue an update for each who is found."""
        for item in (yield from self.found(items)):
            self.outbox.add(item)
        self.recorder.flush()

    def found(self, items: Sequence[Item]) -> Task[list[Item]]:
        """An update for each activity whose person is found and that has none yet; the others are concluded."""
        crm, target = self.context.crm, items[0].route.target
        names = sorted({name for item in items for name in item.route.linked_later(item.draft)})
        with tracing(item.mapping for item in items):
            records = yield from ask(lambda: crm.read(target, [item.draft.key for item in items], names))
        # The CRM's word on which record it is: an old ledger may know one that is no longer there.
        items = [_of(item, records.get(item.draft.key)) for item in items]
        empty = [(item, fields) for item in items if (fields := self._empty(item, records))]
        linked = yield from self.links.link([_only(item, fields) for item, fields in empty])
        return [found for (item, _), one in zip(empty, linked, strict=True) if (found := self._found(item, one))]

    def _empty(self, item: Item, records: Mapping[str, Record]) -> frozenset[str]:
        """The fields of the person that hold nothing; none, and concluded, where somebody has linked the activity."""
        record = records.get(item.draft.key)
        if record is None:
            self.conclude.gone(item)
            return frozenset()
        fields = item.route.linked_later(item.draft)
        who = of_person(item.draft, part="id") & fields or fields
        if any(not is_blank(record.fields.get(name)) for name in who):
            self._remember(item, None)
            return frozenset()
        return frozenset(name for name in fields if is_blank(record.fields.get(name)))

    def _found(self, item: Item, linked: Linked) -> Item | None:
        if not isinstance(linked.person, Unlinked) and linked.fields:
            return replace(item, search=False, linking=linked.fields, looked_at=self.context.clock.now())
        self._remember(item, linked.person.reason if isinstance(linked.person, Unlinked) else None)
        return None

    def received(self, item: Item, receipt: Receipt) -> ConnectorError | None:
        """The CRM answered a write that was about the person alone.

        A person who cannot be written is no reason to set the call aside: its activity is there, and as before.
        Returns the error that the run cannot go on with, if it is one.
        """
        ctx, error = self.context, receipt.error
        if receipt.gone:
            self.conclude.gone(item)
        elif error is None:
            ctx.counts["linked later"] += 1
            ctx.log.info("activity.linked", call_id=item.call_id, target=item.route.target.name)
            self._remember(item, None)
        elif isinstance(error, CallError | RetryableError):
            self._refused(item, error)
        else:
            return error
        return None

    def _refused(self, item: Item, error: CallError | RetryableError) -> None:
        ctx = self.context
        fields = error.fields if isinstance(error, CallError) else ()
        failure = Failure(item.call_id, item.route.target.name, ctx.clock.now(), error.code, Verdict.UNLINKED, fields)
        self.recorder.failure(failure)
        ctx.log.warning("activity.not_linked", call_id=item.call_id, code=error.code, fields=list(fields))
        self._remember(item, f"{NOT_TAKEN}{error.code}")

    def _remember(self, item: Item, unlinked: str | None) -> None:
        """Done with the activity: it has a person now, or still has none, and is looked at again."""
        state = item.known or ActivityState(item.call_id, item.route.target.name, State.WRITTEN, item.record_id)
        self.recorder.activity(replace(state, unlinked=unlinked, at=self.context.clock.now()))
        if unlinked is not None:
            self.conclude.search_again(item.fetched)
        self.recorder.answered(item.fetched)


def _of(item: Item, record: Record | None) -> Item:
    """The item with the record that bears its key."""
    if record is None or record.id == item.record_id:
        return item
    return replace(item, record_id=record.id, known=item.known and replace(item.known, record_id=record.id))


def _only(item: Item, names: frozenset[str]) -> Draft:
    """The item's draft with these fields alone."""
    return replace(item.draft, fields={name: value for name, value in item.draft.fields.items() if name in names})
