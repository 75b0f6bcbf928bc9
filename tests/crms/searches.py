"""Searches for people, and what an org was asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from connector.model import Clue, PersonSearch, Unlinked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World

ID, PHONE, EMAIL = "lead.externalLeadId", "lead.phone", "lead.email"


def search(
    *clues: tuple[str, str], objects: Sequence[str] = (), country: str | None = "US", parts: str = "id"
) -> PersonSearch:
    """A search by these clues; `parts`, with blanks between, are what is wanted of the person."""
    found = tuple(Clue(*each) for each in clues)
    return PersonSearch(found, tuple(objects), country, parts=frozenset(parts.split()))


def found(crm: Salesforce, *clues: tuple[str, str], objects: Sequence[str] = (), country: str | None = "US") -> str:
    """The id of the person found by these clues, else why there is none."""
    [one] = crm.find([search(*clues, objects=objects, country=country)])
    return one.reason if isinstance(one, Unlinked) else one.id


def asked(world: World, since: int = 0) -> list[str]:
    """What the org was asked: per query or search `FROM` or `RETURNING` and the object, else nothing."""
    texts = [unquote_plus(request) for request in world.server.requests[since:]]
    return [text.split(" FROM ")[1].split()[0] if " FROM " in text else "search" for text in texts if "?q=" in text]
