"""Which calls a run is about: everything new, or a selection made for a one-off resync."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Protocol

from connector.errors import SetupError
from connector.mapping.apply import compile_mapping
from connector.model import CallState
from connector.sync.discover import EPOCH
from connector.sync.loop import MANY_FAILURES
from connector.sync.seen import SeenInMemory
from connector.sync.task import get, room

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from connector.mapping.load import MappingFile
    from connector.model import CallRef, Page
    from connector.ports import Ledger
    from connector.source_model import Call, Lead
    from connector.sync.discover import Discovery
    from connector.sync.fetch import Fetch
    from connector.sync.seen import Seen
    from connector.sync.task import Task

_PAGE = 500


class Selection(Protocol):
    """What a run is about."""

    @property
    def kind(self) -> str:
        """`sync` or `resync`."""

    @property
    def braked(self) -> bool:
        """Whether `stop_above` applies."""

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """The task that finds the calls and spawns their fetching."""

    def wanted(self, call: Call) -> bool:
        """Whether a fetched call belongs to the selection."""


@dataclass(frozen=True, slots=True)
class EverythingNew:
    """`sync`: what an earlier run left or is due again, then what changed at Apten."""

    kind: str = "sync"
    braked: bool = True

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """Due calls first; where too many of them keep failing, the rest is left so that new ones get their turn."""
        patience = MANY_FAILURES // 2 * discovery.context.rules.concurrency
        due = takewhile(lambda _: fetch.failing < patience, discovery.context.ledger.due_calls(discovery.context.now))
        yield from _spawn_each(due, discovery, fetch)
        yield from discovery.leads()
        yield from discovery.remaining()

    def wanted(self, _call: Call) -> bool:
        """Every call."""
        return True


@dataclass(frozen=True, slots=True)
class Named:
    """`resync CALL_ID…`: calls by id, webchat calls included."""

    call_ids: Sequence[str]
    kind: str = "resync"
    braked: bool = False

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """Fetch each id once."""
        yield from _spawn_each(states_of(dict.fromkeys(self.call_ids), discovery.context.ledger), discovery, fetch)

    def wanted(self, _call: Call) -> bool:
        """Every call."""
        return True


@dataclass(frozen=True, slots=True)
class Remembered:
    """`resync --parked`, `--mapping-changed`, `--all`: calls the ledger picks."""

    pick: Callable[[Ledger, Sequence[MappingFile]], Iterable[CallState]]
    kind: str = "resync"
    braked: bool = False

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """Fetch each call picked."""
        yield from _spawn_each(self.pick(discovery.context.ledger, discovery.context.mappings), discovery, fetch)

    def wanted(self, _call: Call) -> bool:
        """Every call."""
        return True


def states_of(call_ids: Iterable[str], ledger: Ledger) -> Iterator[CallState]:
    """What the ledger knows of each of these calls, be it no more than the id."""
    rest = iter(call_ids)
    while ids := list(islice(rest, _PAGE)):
        known = ledger.calls(ids)
        yield from (known.get(call_id) or CallState(call_id) for call_id in ids)


def mapped_otherwise(ledger: Ledger, mappings: Sequence[MappingFile]) -> Iterator[CallState]:
    """Calls logged by a mapping that is none of these."""
    current = [compile_mapping(file) for file in mappings]
    for target in {mapping.target.name for mapping in current}:
        fingerprints = [mapping.fingerprint for mapping in current if mapping.target.name == target]
        yield from ledger.calls_mapped_otherwise(target, fingerprints)


def unknown_lead(lead_id: str) -> SetupError:
    """The error for a lead that neither Apten nor the ledger knows."""
    return SetupError(
        f"Neither Apten nor the ledger knows a lead {lead_id}.",
        done="Nothing was changed.",
        todo="Check the id; it must be Apten's, not that of a record in the CRM.",
    )


@dataclass(frozen=True, slots=True)
class OfLead:
    """`resync --lead ID`: every call of one lead, listed anew. Raises SetupError for a lead that nobody knows."""

    lead_id: str
    kind: str = "resync"
    braked: bool = False

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """List the lead's events from the beginning."""
        seen = SeenInMemory()
        yield from discovery.walk_events(self.lead_id, EPOCH, lambda page: _take(page, seen, discovery, fetch))
        remembered = discovery.context.ledger.calls_of_lead(self.lead_id)
        yield from _spawn_each((call for call in remembered if seen.new([call.call_id])), discovery, fetch)
        source = discovery.context.source
        if not seen and (yield from get(lambda: source.lead(self.lead_id))) is None:
            raise unknown_lead(self.lead_id)

    def wanted(self, _call: Call) -> bool:
        """Every call."""
        return True


@dataclass(frozen=True, slots=True)
class Period:
    """`resync --since --until`: calls created in [since, until), found anew, so also with an empty ledger.

    `seen` makes the note of which calls were found already.
    """

    since: datetime
    until: datetime
    seen: Callable[[], Seen] = SeenInMemory
    kind: str = "resync"
    braked: bool = False

    def tasks(self, discovery: Discovery, fetch: Fetch) -> Task[None]:
        """List leads changed since then and their events; add what the ledger remembers of the period."""
        seen = self.seen()

        def each_lead(page: Page[Lead]) -> None:
            for lead in page.rows:
                discovery.context.spawn(self._lead(lead, seen, discovery, fetch))

        yield from discovery.walk_leads(self.since, each_lead)
        remembered = discovery.context.ledger.calls_between(self.since, self.until)
        yield from _spawn_each((call for call in remembered if seen.new([call.call_id])), discovery, fetch)

    def wanted(self, call: Call) -> bool:
        """Whether the call began in the period."""
        return self.holds(call.created_at)

    def holds(self, moment: datetime) -> bool:
        """Whether it lies in the period."""
        return self.since <= moment < self.until

    def _lead(self, lead: Lead, seen: Seen, discovery: Discovery, fetch: Fetch) -> Task[None]:
        def save(page: Page[CallRef]) -> None:
            _take(page, seen, discovery, fetch, lead=lead, may_be_wanted=self._may_be_in)

        yield from discovery.lead_events(lead.id, self.since, save, lead)

    def _may_be_in(self, state: CallState) -> bool:
        return state.created_at is None or self.holds(state.created_at)


def _take(
    page: Page[CallRef],
    seen: Seen,
    discovery: Discovery,
    fetch: Fetch,
    *,
    lead: Lead | None = None,
    may_be_wanted: Callable[[CallState], bool] = lambda _state: True,
) -> None:
    """Have a page's calls fetched, each once."""
    by_id = {ref.call_id: ref for ref in page.rows}
    refs = {call_id: by_id[call_id] for call_id in seen.new(list(by_id))}
    known = discovery.context.ledger.calls(list(refs))
    for ref in refs.values():
        state = known.get(ref.call_id) or CallState(ref.call_id, lead_id=ref.lead_id, updated_at=ref.updated_at)
        if may_be_wanted(state):
            discovery.context.spawn(fetch.call(state, lead))


def _spawn_each(states: Iterable[CallState], discovery: Discovery, fetch: Fetch) -> Task[None]:
    for state in states:
        yield from room()
        discovery.context.spawn(fetch.call(state, None))
