"""All that can be told of a call and its activities, from Apten and the CRM as they are now and from the ledger.

Values are fetched and computed anew; those of earlier times are kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from connector.errors import CallError, CallGoneError
from connector.mapping import source
from connector.mapping.shape import ON_CREATE
from connector.sync.attempt import Attempts
from connector.sync.context import ServerTime
from connector.sync.deleted_lead import not_there
from connector.sync.edits import same
from connector.sync.findings import Finding, Kind, Look, compared, look_at, settled_before
from connector.sync.link import Links, has_person
from connector.sync.meet import routes_to
from connector.sync.run import START
from connector.sync.task import straight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from connector.mapping.fields import Field
    from connector.model import CallState, Clue, Failure, Person, Record, Unlinked, Value
    from connector.source_model import Call, Lead
    from connector.sync.link import Linked
    from connector.sync.route import Route
    from connector.sync.run import House


class Standing(StrEnum):
    """How a field's value in the CRM stands to the one that the mapping makes now."""

    NEW = "new"
    SAME = "same"
    STALE = "stale"
    EDITED = "edited"
    DIFFERS = "differs"
    WRITTEN_ONCE = "written once"
    LEFT_ALONE = "left alone"


@dataclass(frozen=True, slots=True)
class FieldTold:
    """A field: what the mapping says of it, what Apten holds of that, what is made of it, what the CRM holds."""

    said: Field
    sources: tuple[tuple[str, object], ...]
    made: Value
    held: Value
    standing: Standing


@dataclass(frozen=True, slots=True)
class ClueTried:
    """A clue to the person, and whom it leads to by itself."""

    clue: Clue
    found: Person | Unlinked


@dataclass(frozen=True, slots=True)
class ActivityTold:
    """A call under one target. `link` is where people see its record; `clues` are in the order in which they count."""

    look: Look
    record: Record | None
    link: str | None
    findings: tuple[Finding, ...]
    person: Person | Unlinked | None
    clues: tuple[ClueTried, ...]
    fields: tuple[FieldTold, ...]
    failures: tuple[Failure, ...]

    def has(self, kind: Kind) -> Finding | None:
        """The finding of this kind, if there is one."""
        return next((finding for finding in self.findings if finding.kind is kind), None)


@dataclass(frozen=True, slots=True)
class CallTold:
    """A call. `call` is None if Apten no longer has it, or its record cannot be read for the reason `unreadable`.

    `begun`: how far back this ledger's syncs look; None before the first.
    """

    call_id: str
    call: Call | None
    lead: Lead | None
    state: CallState | None
    activities: tuple[ActivityTold, ...]
    unreadable: str | None = None
    begun: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether anybody has ever heard of it."""
        told = self.activities
        return bool(self.call or self.state or self.unreadable or any(each.record or each.look.known for each in told))


class Explain:
    """Tells of calls; `house` is one in which nothing can be written.

    Raises:
        SetupError: a mapping does not fit the CRM, or the ledger belongs to another.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._attempts = Attempts(house.clock, house.jitter, house.log)
        self._links = Links(house.crm)
        house.ledger.claim("apten", house.source.host)
        page = self._attempts(lambda: house.source.leads(updated_since=house.clock.now()))
        self._time = ServerTime(house.clock)
        self._time.learn(page.server_time)
        self._routes = straight(routes_to(house.crm, house.ledger, house.mappings), self._attempts)

    @property
    def now(self) -> datetime:
        """Apten's present time, by which calls go on, wait and are given up."""
        return self._time.now()

    def calls(self, call_ids: Iterable[str], *, whole: bool) -> Iterator[CallTold]:
        """What can be told of these calls, in their order; with `whole` also what each clue leads to by itself."""
        rest = iter(call_ids)
        while ids := list(islice(rest, self._house.crm.batch_size)):
            fetched = [self._fetched(call_id) for call_id in ids]
            by_route = [self._under(route, fetched, whole=whole) for route in self._routes]
            for told, activities in zip(fetched, zip(*by_route, strict=True), strict=True):
                yield replace(told, activities=activities)

    def _fetched(self, call_id: str) -> CallTold:
        house = self._house
        state = house.ledger.calls([call_id]).get(call_id)
        try:
            call = self._attempts(lambda: house.source.call(call_id))
        except CallGoneError:
            return CallTold(call_id, None, None, state, ())
        except CallError as error:
            return CallTold(call_id, None, None, state, (), unreadable=error.code)
        lead_id = call.lead_id
        lead = None
        if lead_id:
            lead = self._attempts(lambda: house.source.lead(lead_id)) or not_there(lead_id)
        return CallTold(call_id, call, lead, state, (), begun=house.ledger.mark(START))

    def _under(self, route: Route, calls: Sequence[CallTold], *, whole: bool) -> list[ActivityTold]:
        house, now = self._house, self.now
        looks = [self._look(route, told) for told in calls]
        names = sorted({name for mapping in route.mappings for name in mapping.fields})
        records = self._attempts(lambda: house.crm.read(route.target, [look.key for look in looks], names))
        drafts = [look.draft for look in looks if look.draft]
        linked = straight(self._links.link(drafts), self._attempts)
        linked_of = {draft.key: one for draft, one in zip(drafts, linked, strict=True)}
        told = []
        for look, its in zip(looks, calls, strict=True):
            record, one = records.get(look.key), linked_of.get(look.key)
            person = one.person if one and look.draft and has_person(look.draft) else None
            findings = self._findings(look, record, person, now, unreadable=its.unreadable)
            told.append(
                ActivityTold(
                    look,
                    record,
                    house.crm.link(record.id) if record else None,
                    findings,
                    person,
                    self._clues(look, person) if whole else (),
                    tuple(_fields(look, record, one, findings)),
                    tuple(each for each in house.ledger.failures(look.call_id) if each.target == route.target.name),
                )
            )
        return told

    def _look(self, route: Route, told: CallTold) -> Look:
        known = self._house.ledger.activities(route.target.name, [told.call_id]).get(told.call_id)
        if told.call is None:
            return Look(route, told.call_id, None, known=known)
        return look_at(route, told.call, told.lead, known)

    def _findings(
        self,
        look: Look,
        record: Record | None,
        person: Person | Unlinked | None,
        now: datetime,
        *,
        unreadable: str | None,
    ) -> tuple[Finding, ...]:
        first = look.finding(Kind.PARKED, reason=unreadable) if unreadable else settled_before(look, now)
        if first is not None and (record is None or look.draft is None):
            return (first,)
        house = self._house
        found = compared(look, record, person, secret=house.ledger.secret, now=now)
        return (first, *found) if first else tuple(found)

    def _clues(self, look: Look, person: Person | Unlinked | None) -> tuple[ClueTried, ...]:
        search = look.draft.person if look.draft else None
        if search is None or not search.clues:
            return ()
        if len(search.clues) == 1 and person is not None:
            return (ClueTried(search.clues[0], person),)
        alone = [replace(search, clues=(clue,)) for clue in search.clues]
        found = self._attempts(lambda: self._house.crm.find(alone))
        return tuple(ClueTried(clue, each) for clue, each in zip(search.clues, found, strict=True))


def _fields(
    look: Look, record: Record | None, linked: Linked | None, findings: Sequence[Finding]
) -> Iterator[FieldTold]:
    """Every field that the mapping may write, in its order; none where it makes no draft."""
    if look.by is None or look.draft is None or look.call is None or linked is None:
        return
    standing = {
        name: _OF_KIND[finding.kind] for finding in findings if finding.kind in _OF_KIND for name in finding.fields
    }
    sent = look.route.comparable(look.draft)
    for name, said in look.by.written.items():
        made, held = linked.fields.get(name), record.fields.get(name) if record else None
        if name not in linked.fields:
            its = Standing.LEFT_ALONE
        elif record is None:
            its = Standing.NEW
        elif same(made, held):
            its = Standing.SAME
        elif name in sent and said.policy != ON_CREATE:
            its = standing.get(name, Standing.STALE)
        else:
            its = Standing.WRITTEN_ONCE
        yield FieldTold(said, tuple(_sources(said, look.call, look.lead)), made, held, its)


_OF_KIND = {Kind.STALE: Standing.STALE, Kind.EDITED: Standing.EDITED, Kind.DIFFERS: Standing.DIFFERS}


def _sources(said: Field, call: Call, lead: Lead | None) -> Iterator[tuple[str, object]]:
    """What Apten holds of all that the value may be made of; what is of the person is told with the person."""
    for path in said.sources:
        found = source.find(path)
        if found is not None:
            yield path, found.plan.run(call, lead)
