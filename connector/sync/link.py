"""Fills the person into drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.model import Person, PersonRef, Unlinked
from connector.sync.task import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.model import Draft, Value
    from connector.sync.context import Context
    from connector.sync.task import Task


def find_people(context: Context, drafts: Sequence[Draft]) -> Task[list[Person | Unlinked]]:
    """Whom each draft's call was with, in the order given; asks the CRM once for all of them."""
    wanted = [draft.clues for draft in drafts if draft.clues]
    found = iter((yield from ask(lambda: context.crm.find(wanted))) if wanted else [])
    return [next(found) if draft.clues else Unlinked("the call gives nothing to find a person by") for draft in drafts]


def has_person(draft: Draft) -> bool:
    """Whether the mapping puts the person anywhere."""
    return any(isinstance(value, PersonRef) for value in draft.fields.values())


def fill(draft: Draft, person: Person | Unlinked) -> dict[str, Value]:
    """The draft's fields with the person in place; without a person its fields are left out."""
    fields: dict[str, Value] = {}
    for name, value in draft.fields.items():
        if not isinstance(value, PersonRef):
            fields[name] = value
        elif isinstance(person, Person):
            fields[name] = person.id
    return fields


def why_unlinked(person: Person | Unlinked | None, *, before: str | None) -> str | None:
    """Why an activity has no person; without a look-up (None) what was known `before` still holds."""
    if person is None:
        return before
    return person.reason if isinstance(person, Unlinked) else None
