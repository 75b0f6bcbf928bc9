"""Fills in what drafts leave open: the person, and records that are looked up. Each is looked for once in a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.model import IfUnlinked, Lookup, Person, PersonRef, State, Unlinked
from connector.open_values import bare, chain, filled
from connector.sync.settle import next_search
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from connector.model import ActivityState, Draft, PersonSearch, Value
    from connector.ports import Crm
    from connector.source_model import Call
    from connector.sync.task import Task

_NO_CLUE = Unlinked("the call gives nothing to find a person by")
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Linked:
    """A draft's fields, nothing left open; what was not found is left out. `person` is whom the call was with."""

    fields: dict[str, Value]
    person: Person | Unlinked


@dataclass(slots=True)
class Links:
    """Whom and what was found so far in this run."""

    crm: Crm
    _people: dict[PersonSearch, Person | Unlinked] = field(default_factory=dict)
    _records: dict[Lookup, str | None] = field(default_factory=dict)

    def link(self, drafts: Sequence[Draft]) -> Task[list[Linked]]:
        """The drafts filled in, in the order given; asks the CRM at most once for people and once for records."""
        people = yield from self.people(drafts)
        lookups = {each: None for draft in drafts for each in _lookups(draft)}
        if unknown := [lookup for lookup in lookups if lookup not in self._records]:
            found = yield from ask(lambda: self.crm.look_up(unknown))
            self._records.update(
                (each, ids[0] if len(ids) == 1 else None) for each, ids in zip(unknown, found, strict=True)
            )
        return [
            Linked(filled(draft.fields, person, self._records.__getitem__), person)
            for draft, person in zip(drafts, people, strict=True)
        ]

    def people(self, drafts: Sequence[Draft]) -> Task[list[Person | Unlinked]]:
        """Whom the drafts' calls were with, in the order given; asks the CRM at most once."""
        self._forget()
        searches = {draft.person: None for draft in drafts if draft.person and draft.person.clues and has_person(draft)}
        if missing := [search for search in searches if search not in self._people]:
            people = yield from ask(lambda: self.crm.find(missing))
            self._people.update(zip(missing, people, strict=True))
        return [self._people.get(draft.person, _NO_CLUE) if draft.person else _NO_CLUE for draft in drafts]

    def _forget(self) -> None:
        """Keep memory flat in a run of a million calls."""
        for remembered in (self._people, self._records):
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()


def has_person(draft: Draft) -> bool:
    """Whether the mapping puts the person, or something of theirs, anywhere."""
    return bool(of_person(draft))


def of_person(draft: Draft, *, part: str | None = None) -> frozenset[str]:
    """The fields into which the mapping puts the person, or something of theirs: this part, if one is named."""
    return frozenset(
        name
        for name, value in draft.fields.items()
        if any(isinstance(each, PersonRef) and part in (None, each.part) for each in chain(value))
    )


def may_still_link(call: Call, known: ActivityState, now: datetime) -> bool:
    """Whether a logged activity that has no person may still get one: what tells of people is the call's lead."""
    logged = known.state is State.WRITTEN and known.record_id is not None
    return logged and known.unlinked is not None and call.lead_id is not None and next_search(call, now) is not None


def is_open(draft: Draft) -> bool:
    """Whether anything is left for the link step to fill in."""
    return any(isinstance(value, PersonRef | Lookup) for value in draft.fields.values())


def wish(search: PersonSearch | None, person: Person | Unlinked | None) -> IfUnlinked:
    """What the mapping wants for a new activity with this person; without one, what it says of such calls."""
    if search is None or not isinstance(person, Unlinked):
        return IfUnlinked.LOG
    return search.if_many if person.many else search.if_none


def why_unlinked(person: Person | Unlinked | None, *, before: str | None) -> str | None:
    """Why an activity has no person; without a look-up (None) what was known `before` still holds."""
    if person is None:
        return before
    return person.reason if isinstance(person, Unlinked) else None


def may_be_unlinked(person: Person | Unlinked | None, *, before: str | None) -> str | None:
    """Why an activity may have no person as long as nobody knows whether it was written: `before` is not over yet."""
    return before or why_unlinked(person, before=None)


def _lookups(draft: Draft) -> Iterator[Lookup]:
    for value in draft.fields.values():
        yield from (bare(each) for each in chain(value) if isinstance(each, Lookup))
