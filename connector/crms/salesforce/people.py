"""Whom a call was with: today by the lead's external id in Apten, which holds a Lead's or Contact's record id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crms.salesforce.ids import full_id, is_id, person_object
from connector.model import Person, Unlinked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.model import Clue

EXTERNAL_ID = "lead.externalLeadId"


def settle(clues: Sequence[Clue]) -> Person | Unlinked:
    """The person the first usable clue names, or why there is none. Nothing is asked of Salesforce."""
    reasons = []
    for clue in clues:
        person = _by_id(clue.value.strip()) if clue.by == EXTERNAL_ID else Unlinked(f"{clue.by} cannot be looked up")
        if isinstance(person, Person):
            return person
        reasons.append(person.reason)
    return Unlinked("; ".join(reasons) or "the call gives nothing to find a person by")


def _by_id(text: str) -> Person | Unlinked:
    if not is_id(text):
        return Unlinked("externalLeadId is not a Salesforce record id")
    kind = person_object(text)
    return Person(full_id(text), kind) if kind else Unlinked("externalLeadId is not the id of a Lead or Contact")
