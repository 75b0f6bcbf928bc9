"""One person out of several records: by preference between objects, never by a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.crms.salesforce.people.by_id import follow
from connector.crms.salesforce.people.record import contact_of, is_converted, person
from connector.model import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from connector.crms.salesforce.people.reasons import Why
    from connector.crms.salesforce.queries import Queries, Row
    from connector.model import PersonSearch


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds what was looked for. `became` is the contact that a converted lead lives on as, if any."""

    person: Person
    converted: bool
    became: str | None


def hit(name: str, row: Row) -> Hit:
    """A record of an object as a hit."""
    return Hit(person(name, row), is_converted(row), contact_of(row))


def is_decided(hits: Iterable[Hit], objects: Sequence[str]) -> bool:
    """Whether one of these objects, the most preferred ones, has a record of its own among the hits."""
    return any(each.person.object in objects and not each.converted for each in hits)


def reached(
    queries: Queries, hits: Iterable[tuple[PersonSearch, Sequence[Hit]]], parts: Collection[str]
) -> dict[str, Person | Why]:
    """The contacts that converted leads became, as they are now; only those that may matter are asked for."""
    ids = {
        each.became
        for search, found in hits
        if not is_decided(found, search.objects[:1])
        for each in found
        if each.became is not None
    }
    return follow(queries, ids, parts)


def preferred(hits: Sequence[Hit], objects: Sequence[str], reached: Mapping[str, Person | Why]) -> list[Person]:
    """The people of the first object that has any: one is the answer, several are none.

    A converted lead stands for the contact it became, which counts behind contacts that hold the same themselves.
    """
    for name in objects:
        own = {each.person.id: each.person for each in hits if not each.converted and each.person.object == name}
        became = {
            contact.id: contact
            for each in hits
            if each.became is not None
            and isinstance(contact := reached.get(each.became), Person)
            and contact.object == name
        }
        if found := own or became:
            return list(found.values())
    return []
