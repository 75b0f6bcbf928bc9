"""What waits to be written, sorted into batches of one kind each.

Creates go as upserts by key, updates by record id, and what the ledger cannot vouch for is looked up first. Keeping
the kinds apart lets each request be full and each batch mean one thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.model import IfUnlinked
from connector.sync.edits import either
from connector.sync.link import has_person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from connector.mapping.apply import Mapping as CompiledMapping
    from connector.model import ActivityState, Draft, Target, Value
    from connector.sync.fetched import Fetched
    from connector.sync.route import Route

_LOOK_LASTS = timedelta(seconds=30)
"""What is older is looked at once more before it is written: no CRM takes an update only if nothing has changed."""
_MANY = 500
"""Writes that wait: more than a run that writes as it goes ever has."""


@dataclass(frozen=True, slots=True)
class Item:
    """A draft on its way to the CRM.

    `fingerprint` is of its comparable fields; `record_id` is known for an update; `look_first` says that only the CRM
    itself can tell whether the activity is there and what it holds, `looked_at` when it told; `exists`, that a
    creation was refused because it is there, as it also is where only the answer to that creation was lost. `anew`: an
    activity that is no longer there is to be made again. `kept` are the fields in which a person's edit stays;
    `as_wanted` those seen to hold what is wanted, which are not sent: an edit made in between stays, too. `known` is
    the ledger's word on the activity. `sought`: the person was looked for before the item counted as a creation.
    `search`: the person of an activity is to be looked for once more; `linking` is what was found
    for it then, and all that is written. `attempt` counts how often it has been sent, this time included.
    """

    fetched: Fetched
    route: Route
    mapping: CompiledMapping
    draft: Draft
    fingerprint: bytes
    record_id: str | None = None
    look_first: bool = False
    looked_at: datetime | None = None
    exists: bool = False
    anew: bool = True
    kept: frozenset[str] = frozenset()
    as_wanted: frozenset[str] = frozenset()
    known: ActivityState | None = None
    search: bool = False
    sought: bool = False
    linking: Mapping[str, Value] | None = None
    attempt: int = 1

    @property
    def call_id(self) -> str:
        """The call it is of."""
        return self.draft.call_id

    @property
    def prints(self) -> bytes | None:
        """What is known of the values last written."""
        return self.known.prints if self.known else None

    @property
    def unlinked(self) -> str | None:
        """Why the activity has no person; None if it has one, or is not known."""
        return self.known.unlinked if self.known else None

    @property
    def may_be_kept_back(self) -> bool:
        """Whether only the search for its person tells if it is to be created."""
        search = self.draft.person
        if search is None or self.record_id is not None or self.sought:
            return False
        return {search.if_none, search.if_many} != {IfUnlinked.LOG} and has_person(self.draft)

    def is_stale(self, now: datetime) -> bool:
        """Whether what the CRM told of the activity is so long ago that somebody may have edited it since."""
        if self.record_id is None or self.looked_at is None:
            return False
        return not timedelta() <= now - self.looked_at <= _LOOK_LASTS

    def either(self, secret: bytes) -> bytes:
        """What is known of the values as long as nobody knows whether the item was written."""
        creates = self.record_id is None
        fields = self.created() if creates else self.sent()
        return either(secret, self.prints, fields, creates=creates, filled=self.kept)

    def created(self) -> dict[str, Value]:
        """The same once the activity was made: what only a creation sets may be updated some day, too."""
        return self.sent() | self.route.filled_once(self.draft)

    def sent(self) -> dict[str, Value]:
        """The fields that hold what is wanted once an update is through: all but people's edits."""
        return {name: value for name, value in self.route.comparable(self.draft).items() if name not in self.kept}


Queue = dict[str, dict[str, Item]]
"""Per target its items by key."""


@dataclass(slots=True)
class Outbox:
    """Items by what is to be done with them next, and the batch that the CRM is being asked about."""

    looks: Queue = field(default_factory=dict)
    searches: Queue = field(default_factory=dict)
    unsought: Queue = field(default_factory=dict)
    creates: Queue = field(default_factory=dict)
    updates: Queue = field(default_factory=dict)
    _in_hand: dict[str, Callable[[], None] | None] = field(default_factory=dict)

    def add(self, item: Item) -> None:
        """Queue an item; nothing else may wait under its key (`withdraw`)."""
        if item.search:
            queue = self.searches
        elif item.look_first:
            queue = self.looks
        elif item.record_id is not None:
            queue = self.updates
        else:
            queue = self.unsought if item.may_be_kept_back else self.creates
        queue.setdefault(item.route.target.name, {})[item.draft.key] = item
        if self.writes > _MANY:
            # They wait for the brake, perhaps to the end of the run.
            item.fetched.pack()

    def withdraw(self, target: Target, call_id: str) -> None:
        """Take out what waits for this call: a newer picture of it is at hand."""
        for queue in (self.looks, self.searches, self.unsought, self.creates, self.updates):
            item = queue.get(target.name, {}).pop(target.key(call_id), None)
            if item is not None:
                item.fetched.superseded = True

    def take(self, queue: Queue, *, at_least: int, at_most: int) -> list[Item]:
        """A batch of one target from a queue holding at least so many for it; empty if there is none."""
        for items in queue.values():
            if len(items) >= at_least:
                batch = [items.pop(key) for key in list(items)[:at_most]]
                self._in_hand = {item.call_id: None for item in batch}
                return batch
        return []

    def postpone(self, call_id: str, decide: Callable[[], None]) -> bool:
        """Whether the call is in the batch in hand: what is known of it changes, so what is newer is decided later."""
        if call_id not in self._in_hand:
            return False
        self._in_hand[call_id] = decide
        return True

    def put_down(self) -> None:
        """The CRM has answered for the batch in hand: what waited for that is decided now."""
        postponed = [decide for decide in self._in_hand.values() if decide is not None]
        self._in_hand = {}
        for decide in postponed:
            decide()

    @property
    def writes(self) -> int:
        """Creates and updates waiting."""
        return _size(self.creates) + _size(self.updates)

    @property
    def size(self) -> int:
        """Everything waiting."""
        return self.writes + _size(self.looks) + _size(self.searches) + _size(self.unsought)


def _size(queue: Queue) -> int:
    return sum(len(items) for items in queue.values())
