"""What a CRM might find of what drafts leave open: ids of the right objects, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from connector.model import Person, Unlinked
from connector.open_values import filled
from tests.mapping.crm_rules import PREFIXES

if TYPE_CHECKING:
    from connector.model import Draft, Lookup, PersonSearch, Value


def _id(object_: str, number: int) -> str:
    return f"{PREFIXES[object_]}xx{number:013}"


def _ids(object_: str) -> st.SearchStrategy[str]:
    return st.integers(1, 3).map(lambda number: _id(object_, number))


@st.composite
def people(draw: st.DrawFn, search: PersonSearch | None) -> Person | Unlinked:
    """Whom the CRM finds: always of the objects searched; only a contact belongs to an account."""
    if search is None or not search.clues or draw(st.booleans()):
        return Unlinked("nobody")
    object_ = draw(st.sampled_from(search.objects or ("Contact", "Lead")))
    account = draw(st.none() | _ids("Account")) if object_ == "Contact" else None
    return Person(draw(_ids(object_)), object_, owner=draw(st.none() | _ids("User")), account=account)


@st.composite
def fillings(draw: st.DrawFn, draft: Draft) -> dict[str, Value]:
    """The draft's fields with what the CRM finds in place."""
    found: dict[Lookup, str | None] = {}

    def find(lookup: Lookup) -> str | None:
        if lookup not in found:
            found[lookup] = draw(st.none() | _ids(lookup.object))
        return found[lookup]

    return filled(draft.fields, draw(people(draft.person)), find)
