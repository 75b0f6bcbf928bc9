"""Whom calls were with: clue by clue, the first that leads to exactly one person wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from connector.crm_kinds import CRMS, EMAIL, EXTERNAL_ID, PHONE
from connector.crms.salesforce.people import by_email, by_id, by_phone
from connector.crms.salesforce.people.owners import Owners
from connector.crms.salesforce.people.reasons import together
from connector.model import Person, Unlinked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.crms.salesforce.queries import Queries
    from connector.model import Clue, PersonSearch

    _Finder = Callable[[Sequence[tuple[str, PersonSearch]], Collection[str]], list[Person | Unlinked]]

_EVERYWHERE = CRMS["salesforce"].people
_MOST = 200
"""Searches answered together, so that whatever they ask for fits one query."""


@dataclass(slots=True)
class _Open:
    """A search that is not at its end: the clues left, and what those before came to."""

    search: PersonSearch
    clues: list[Clue]
    reasons: list[Unlinked] = field(default_factory=list)
    person: Person | None = None


class People:
    """Finds people in one org. `schema_of` describes an object, asked once a run."""

    def __init__(self, queries: Queries, schema_of: Callable[[str], ObjectSchema]) -> None:
        self._owners = Owners(queries)
        self._by: dict[str, _Finder] = {
            EXTERNAL_ID: partial(by_id.find, queries),
            PHONE: partial(by_phone.find, queries, schema_of),
            EMAIL: partial(by_email.find, queries),
        }

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """Whom each search leads to, in the order given."""
        found: list[Person | Unlinked] = []
        for start in range(0, len(searches), _MOST):
            found += self._find(searches[start : start + _MOST])
        return found

    def _find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        parts = frozenset(part for search in searches for part in search.parts)
        everyone = [_Open(replace(each, objects=each.objects or _EVERYWHERE), list(each.clues)) for each in searches]
        while pending := [each for each in everyone if each.person is None and each.clues]:
            kind = _next_kind(pending)
            asking = [each for each in pending if each.clues[0].by == kind]
            asked = [(each.clues.pop(0).value, each.search) for each in asking]
            for each, found in zip(asking, self._by[kind](asked, parts), strict=True):
                if isinstance(found, Person):
                    each.person = found
                else:
                    each.reasons.append(found)
        return self._with_owners([each.person or together(each.reasons) for each in everyone])

    def _with_owners(self, found: list[Person | Unlinked]) -> list[Person | Unlinked]:
        active = self._owners.active(each.owner for each in found if isinstance(each, Person) and each.owner)
        return [
            replace(each, owner=None) if isinstance(each, Person) and each.owner not in active else each
            for each in found
        ]


def _next_kind(pending: Sequence[_Open]) -> str:
    """The kind of clue to take next: one that no search still has further behind, so that each kind is asked once."""
    behind = {clue.by for each in pending for clue in each.clues[1:]}
    first = [each.clues[0].by for each in pending]
    return next((kind for kind in first if kind not in behind), first[0])
