"""What Apten, the mapping and the ledger say of a call, held against what the CRM says: pure, for looks of any kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from connector.model import Draft, IfUnlinked, PersonRef, Skip, State, Unlinked
from connector.open_values import filled
from connector.sync.decide import (
    AWAITED,
    GONE,
    IN_PROGRESS,
    NO_PERSON,
    UNDER_WAY,
    held_for,
    under_way,
)
from connector.sync.deleted_lead import LEAD_DELETED, is_deleted
from connector.sync.edits import edited, is_blank, same
from connector.sync.link import wish
from connector.sync.settle import is_running, next_search

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.mapping.apply import Mapping
    from connector.model import ActivityState, Person, Record
    from connector.source_model import Call, Lead
    from connector.sync.route import Route


class Kind(StrEnum):
    """What can be said of an activity. Those of `NOTES` are told, and are as they should be."""

    MISSING = "missing"
    STALE = "stale"
    DIFFERS = "differs"
    LINKABLE = "linkable"
    OTHER_PERSON = "other person"
    DOUBLED = "doubled"
    ORPHANED = "orphaned"
    PARKED = "parked"
    WAITING = "waiting"
    UNLINKED = "unlinked"
    EDITED = "edited"
    DELETED = "deleted"
    SKIPPED = "skipped"


REPAIRABLE = frozenset({Kind.MISSING, Kind.STALE, Kind.LINKABLE})
"""What goes away when the call is logged again, people's edits untouched."""
AS_WRITTEN = frozenset({Kind.UNLINKED, Kind.EDITED})
"""What can be said of an activity that is in order."""
NOTES = frozenset({Kind.WAITING, Kind.UNLINKED, Kind.EDITED, Kind.DELETED, Kind.SKIPPED})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that can be said of a call's activity.

    `fields` are those it is about; `reason` says why; `until` is when waiting ends at the latest, if that is known.
    """

    kind: Kind
    call_id: str
    target: str
    record_ids: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    reason: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A call under one target, before the CRM is asked.

    `call` is None for one that Apten no longer has, `known` is what the ledger says, `by` the mapping that made the
    draft.
    """

    route: Route
    call_id: str
    call: Call | None
    lead: Lead | None = None
    known: ActivityState | None = None
    made: Draft | Skip | None = None
    by: Mapping | None = None

    @property
    def key(self) -> str:
        """The key that its activity holds, or would."""
        return self.route.target.key(self.call_id)

    @property
    def draft(self) -> Draft | None:
        """What is to be logged, if anything is."""
        return self.made if isinstance(self.made, Draft) else None

    def finding(self, kind: Kind, *, reason: str | None = None, until: datetime | None = None) -> Finding:
        """Something about it that no record of the CRM has to do with."""
        ids = (self.known.record_id,) if self.known and self.known.record_id else ()
        return Finding(kind, self.call_id, self.route.target.name, ids, reason=reason, until=until)


def look_at(route: Route, call: Call, lead: Lead | None, known: ActivityState | None) -> Look:
    """A call that was fetched, under one target."""
    made = route.apply(call, lead)
    by, result = (None, made) if isinstance(made, Skip) else made
    return Look(route, call.id, call, lead, known, result, by)


def settled_before(look: Look, now: datetime) -> Finding | None:
    """What can be said without asking the CRM, if that is all there is to say."""
    known = look.known
    if look.call is None:
        return None
    if known is not None and known.state is State.PARKED:
        return look.finding(Kind.PARKED, reason=known.reason)
    if is_running(look.call, now):
        return look.finding(Kind.WAITING, reason=IN_PROGRESS)
    if isinstance(look.made, Skip):
        return look.finding(Kind.SKIPPED, reason=look.made.reason)
    return None


def compared(
    look: Look, record: Record | None, person: Person | Unlinked | None, *, secret: bytes, now: datetime
) -> Iterator[Finding]:
    """What is to be said once the CRM has answered.

    Args:
        look: the call; nothing was to be said of it beforehand.
        record: what the CRM holds, with every field that an update sends and every field for the person.
        person: whom today's rule finds; None where the mapping asks for nobody.
        secret: of the ledger's fingerprints.
        now: Apten's present time.
    """
    draft = look.draft
    if record is None:
        yield from _without_record(look, person, now)
        return
    ids = (record.id, *record.doubles)
    finding = Finding(Kind.ORPHANED, look.call_id, look.route.target.name, ids)
    if draft is None:
        if look.call is None:
            yield finding
        return
    if record.doubles:
        yield replace(finding, kind=Kind.DOUBLED)
    if is_deleted(look.lead) and look.route.scanned and (look.known is None or look.known.record_id is None):
        return  # No run would touch it: to the ledger it is a call that was never logged, of a lead that is gone.
    prints = look.known.prints if look.known else None
    wanted = look.route.comparable(draft)
    kept = edited(secret, prints, wanted, record.fields, draft.unless_edited)
    stale = [name for name in wanted if name not in kept and not same(wanted[name], record.fields.get(name))]
    if stale:
        yield replace(finding, kind=Kind.STALE, fields=tuple(stale))
    if kept:
        kind = Kind.DIFFERS if prints is None else Kind.EDITED
        yield replace(finding, kind=kind, fields=tuple(name for name in wanted if name in kept))
    yield from _of_the_person(look, finding, draft, record, person)


def person_fields(draft: Draft) -> dict[str, PersonRef]:
    """The fields that name the person, whatever stands in for one who is not found."""
    return {
        name: replace(value, otherwise=None)
        for name, value in draft.fields.items()
        if isinstance(value, PersonRef) and value.part == "id"
    }


def _without_record(look: Look, person: Person | Unlinked | None, now: datetime) -> Iterator[Finding]:
    known = look.known
    if look.draft is not None and known is not None and (left := under_way(known, now)):
        yield look.finding(Kind.WAITING, reason=UNDER_WAY, until=now + left)
    elif look.draft is not None:
        yield _absent(look, look.draft, person, now)
    elif known is not None and known.state is State.PARKED:
        yield look.finding(Kind.PARKED, reason=known.reason)


def _absent(look: Look, draft: Draft, person: Person | Unlinked | None, now: datetime) -> Finding:
    """Why there is no activity, where there could be one."""
    known = look.known
    if known is not None and (known.record_id is not None or known.reason == GONE):
        return look.finding(Kind.DELETED)
    if is_deleted(look.lead):
        return look.finding(Kind.SKIPPED, reason=LEAD_DELETED)
    held = held_for(look.by, look.call, now) if look.by and look.call else None
    if held is not None:
        return look.finding(Kind.WAITING, reason=AWAITED, until=now + held)
    wished = wish(draft.person, person)
    if wished is IfUnlinked.LOG or not isinstance(person, Unlinked):
        return look.finding(Kind.MISSING)
    if wished is IfUnlinked.SKIP:
        return look.finding(Kind.SKIPPED, reason=f"no person: {person.reason}")
    given_up = look.call is not None and next_search(look.call, now) is None
    return look.finding(
        Kind.PARKED if given_up else Kind.WAITING, reason=NO_PERSON if given_up else f"person: {person.reason}"
    )


def _of_the_person(
    look: Look, finding: Finding, draft: Draft, record: Record, person: Person | Unlinked | None
) -> Iterator[Finding]:
    """Whether the activity is with whom today's rule chooses. A rule that finds nobody says nothing against anybody.

    One that was logged without a person, and in which nobody has put one since, can be linked to whom is found now.
    """
    fields = person_fields(draft)
    chosen = filled(fields, person, lambda _: None)
    nobody = all(is_blank(record.fields.get(name)) for name in fields)
    others = tuple(name for name, value in chosen.items() if not same(value, record.fields.get(name)))
    if others:
        reason = f"today's rule chooses {chosen[others[0]]}"
        linkable = nobody and look.known is not None and look.known.unlinked and look.route.linked_later(draft)
        kind = Kind.LINKABLE if linkable else Kind.OTHER_PERSON
        yield replace(finding, kind=kind, fields=others, reason=reason)
    elif fields and isinstance(person, Unlinked) and nobody:
        yield replace(finding, kind=Kind.UNLINKED, reason=person.reason)
