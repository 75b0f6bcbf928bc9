"""Writes batches: look where the ledger cannot vouch, record the intent, have it sent, hand the receipts on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.model import Activity, ActivityState, IfUnlinked, State, Unlinked
from connector.open_values import settled
from connector.sync.edits import edited, same
from connector.sync.link import has_person, is_open, may_be_unlinked, wish
from connector.sync.problems import tracing
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.errors import ConnectorError
    from connector.model import Person, Receipt, Record, Value
    from connector.sync.conclude import Conclude
    from connector.sync.context import Context
    from connector.sync.link import Linked, Links
    from connector.sync.link_later import LinkLater
    from connector.sync.outbox import Item, Outbox, Queue
    from connector.sync.record import Recorder
    from connector.sync.send import Send
    from connector.sync.task import Task


@dataclass(slots=True)
class Write:
    """The tasks that write what the outbox holds."""

    context: Context
    outbox: Outbox
    recorder: Recorder
    conclude: Conclude
    send: Send
    links: Links
    later: LinkLater
    _doubled: set[str] = field(default_factory=set)

    def next_look(self, *, last: bool) -> Task[None] | None:
        """The next batch to look up that is worth a request; with `last` also one that is not full."""
        size = self.context.crm.batch_size
        items = self._take(self.outbox.looks, size, last=last)
        if items:
            return self.look(items)
        items = self._take(self.outbox.searches, size, last=last)
        if items:
            return self.later.search(items)
        items = self._take(self.outbox.unsought, size, last=last)
        return self.seek(items) if items else None

    def next_write(self, *, last: bool) -> Task[None] | None:
        """The next batch to write that is worth a request; with `last` also one that is not full."""
        size = self.send.at_most
        items = self._take(self.outbox.creates, size, last=last) or self._take(self.outbox.updates, size, last=last)
        return self.write(items) if items else None

    def _take(self, queue: Queue, size: int, *, last: bool) -> list[Item]:
        return self.outbox.take(queue, at_least=1 if last else size, at_most=size)

    def look(self, items: Sequence[Item]) -> Task[None]:
        """Read what the CRM holds under these keys; queue each item as create or update, or adopt what is equal."""
        for item in (yield from self._looked_at(items)):
            self.outbox.add(item)
        self.recorder.flush()

    def seek(self, items: Sequence[Item]) -> Task[None]:
        """Look for the people of new activities that the mapping may keep back; queue those that it does not."""
        with tracing(item.mapping for item in items):
            people = yield from self.links.people([item.draft for item in items])
        for item, person in zip(items, people, strict=True):
            if not self._kept_back(item, person):
                self.outbox.add(replace(item, sought=True))
        self.recorder.flush()

    def _looked_at(self, items: Sequence[Item]) -> Task[list[Item]]:
        """What is left to be created or updated by what the CRM holds; the other items are concluded."""
        ctx, target = self.context, items[0].route.target
        left = []
        wanted = {item.draft.key: item.route.comparable(item.draft) for item in items}
        names = sorted({name for fields in wanted.values() for name in fields})
        with tracing(item.mapping for item in items):
            records = yield from ask(lambda: ctx.crm.read(target, list(wanted), names))
        for item in items:
            record = records.get(item.draft.key)
            looked = replace(item, record_id=record.id if record else None, look_first=False, looked_at=ctx.clock.now())
            if record is not None:
                left += self._compared(looked, wanted[item.draft.key], record)
            elif item.anew:
                left.append(looked)
            else:
                self.conclude.gone(item)
        return left

    def _compared(self, item: Item, wanted: Mapping[str, Value], record: Record) -> list[Item]:
        """An update of what differs and nobody has edited; of everything, where all is to be overwritten."""
        ctx = self.context
        if record.doubles and record.id not in self._doubled:
            self._doubled.add(record.id)
            ctx.counts["doubled"] += 1
            ids = [record.id, *record.doubles]
            ctx.log.warning("activity.doubled", call_id=item.call_id, target=item.route.target.name, record_ids=ids)
        if ctx.rules.overwrite:
            return [item]
        kept = edited(ctx.ledger.secret, item.prints, wanted, record.fields, item.draft.unless_edited)
        as_wanted = frozenset(name for name, value in wanted.items() if same(value, record.fields.get(name)))
        item = replace(item, kept=kept, as_wanted=as_wanted)
        if item.sent().keys() <= as_wanted:
            self.conclude.adopted(item, record.id)
            return []
        return [item]

    def write(self, items: Sequence[Item]) -> Task[None]:
        """Write a batch of one kind."""
        items = yield from self._up_to_date(items)
        linking = [item for item in items if self._links(item)]
        linked = yield from self.links.link([item.draft for item in linking])
        linked_of = {item.draft.key: one for item, one in zip(linking, linked, strict=True)}
        person_of = {item.draft.key: linked_of[item.draft.key].person for item in linking if has_person(item.draft)}
        items = [item for item in items if not self._kept_back(item, person_of.get(item.draft.key))]
        if not items:
            self.recorder.flush()
            return
        activities = [self._activity(item, linked_of.get(item.draft.key)) for item in items]
        self._intend([item for item in items if item.linking is None], person_of)
        by_key = {item.draft.key: item for item in items}

        def conclude(receipts: Sequence[Receipt]) -> None:
            stops = [self._conclude(by_key[r.key], r, person_of.get(r.key)) for r in receipts]
            self.recorder.flush()
            for error in filter(None, stops):
                raise error

        def look_again(batch: Sequence[Activity], sent: int) -> None:
            for item in (by_key[activity.key] for activity in batch):
                counted = replace(item, attempt=item.attempt + sent)
                self.conclude.look_again(counted, person_of.get(item.draft.key))

        with tracing(item.mapping for item in items):
            route = items[0].route
            yield from self.send.batch(by_key, _by_parent(activities, route.schema), conclude, look_again)

    def _up_to_date(self, items: Sequence[Item]) -> Task[list[Item]]:
        """The items by what the CRM holds now: what it told of some is too long ago."""
        now = self.context.clock.now()
        fresh = [item for item in items if not item.is_stale(now)]
        stale = [item for item in items if item.is_stale(now)]
        again: list[Item] = []
        if updates := [item for item in stale if item.linking is None]:
            again += yield from self._looked_at(updates)
        if links := [replace(item, linking=None, search=True) for item in stale if item.linking is not None]:
            again += yield from self.later.found(links)
        for item in again:
            if item.record_id is None:
                self.outbox.add(item)
        return fresh + [item for item in again if item.record_id is not None]

    def _conclude(self, item: Item, receipt: Receipt, person: Person | Unlinked | None) -> ConnectorError | None:
        if item.linking is not None:
            return self.later.received(item, receipt)
        return self.conclude.received(item, receipt, person)

    def _links(self, item: Item) -> bool:
        """What is found is set at creation, and again only where everything is to be overwritten."""
        new = item.record_id is None or self.context.rules.overwrite
        return is_open(item.draft) and new and item.linking is None

    def _kept_back(self, item: Item, person: Person | Unlinked | None) -> bool:
        """Whether the mapping wants no new activity without a person; concluded, if so."""
        wished = wish(item.draft.person, person)
        if item.record_id is not None or wished is IfUnlinked.LOG or not isinstance(person, Unlinked):
            return False
        if wished is IfUnlinked.SKIP:
            self.conclude.left_out(item, person)
        else:
            self.conclude.held(item, person)
        return True

    def _activity(self, item: Item, linked: Linked | None) -> Activity:
        if item.linking is not None:
            return Activity(item.call_id, item.draft.key, item.linking, item.record_id)
        fields = linked.fields if linked else settled(item.draft)
        if item.record_id is not None:
            left_alone = (
                item.kept | item.as_wanted | item.route.left_alone(item.draft, overwrite=self.context.rules.overwrite)
            )
            fields = {name: value for name, value in fields.items() if name not in left_alone}
        return Activity(item.call_id, item.draft.key, fields, item.record_id)

    def _intend(self, items: Sequence[Item], person_of: Mapping[str, Person | Unlinked]) -> None:
        """From here on a crash leaves a trace: the next run fetches these calls again and looks before it writes."""
        ctx = self.context
        # What was concluded before must not be written over what is noted now.
        self.recorder.flush()
        known = ctx.ledger.calls([item.call_id for item in items])
        with ctx.ledger.transaction():
            ctx.ledger.save_calls(
                replace(known.get(item.call_id) or item.fetched.state, due_at=ctx.now, source_hash=None)
                for item in items
            )
            ctx.ledger.save_activities(
                ActivityState(
                    item.call_id,
                    item.route.target.name,
                    State.INTENT,
                    record_id=item.record_id,
                    prints=item.either(ctx.ledger.secret),
                    unlinked=may_be_unlinked(person_of.get(item.draft.key), before=item.unlinked),
                    # By Apten's time: ours may be put right before the next run asks how long ago that was.
                    at=ctx.server.now(),
                    since=item.known.since if item.known else None,
                )
                for item in items
            )


def _by_parent(activities: Sequence[Activity], schema: ObjectSchema) -> list[Activity]:
    """Rows that point to the same records side by side, always in the same order.

    A CRM locks what a row points to. Side by side, rows that wait for the same lock end up in the same half.
    """
    pointing = [field.name for field in schema.fields.values() if field.references]
    return sorted(activities, key=lambda each: ([str(each.fields.get(name) or "") for name in pointing], each.key))
