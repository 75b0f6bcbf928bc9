"""Values that a draft leaves open: following what each stands for until something is found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.model import Lookup, Person, PersonRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connector.model import Draft, DraftValue, Unlinked, Value


def chain(value: DraftValue) -> Iterator[PersonRef | Lookup]:
    """What the value stands for, then what is to be written instead, and instead of that; nothing, if it is settled."""
    while isinstance(value, PersonRef | Lookup):
        yield value
        value = value.otherwise


def ending(value: DraftValue, otherwise: DraftValue) -> DraftValue:
    """The value, with what is to be written where nothing is found of all that it stands for."""
    if isinstance(value, PersonRef | Lookup):
        return replace(value, otherwise=ending(value.otherwise, otherwise))
    return otherwise if value is None else value


def bare(lookup: Lookup) -> Lookup:
    """The look-up alone, whatever is to be written where it finds nothing."""
    return replace(lookup, otherwise=None)


def settled(draft: Draft) -> dict[str, Value]:
    """The draft's fields that are not open."""
    return {name: value for name, value in draft.fields.items() if not isinstance(value, PersonRef | Lookup)}


def filled(
    fields: Mapping[str, DraftValue], person: Person | Unlinked | None, find: Callable[[Lookup], str | None]
) -> dict[str, Value]:
    """The fields with nothing open any more; those for which nothing is found are left out.

    `find` gives the id of the one record that a look-up fits, None where there is no such record.
    """

    def settle(value: DraftValue) -> Value:
        while isinstance(value, PersonRef | Lookup):
            found = _part(person, value) if isinstance(value, PersonRef) else find(bare(value))
            if found is not None:
                return found
            value = value.otherwise
        return value

    every = {name: settle(value) for name, value in fields.items()}
    return {name: value for name, value in every.items() if value is not None or fields[name] is None}


def _part(person: Person | Unlinked | None, wanted: PersonRef) -> str | None:
    """What is wanted of the person; None if nobody is found, or one whom the field does not take."""
    if not isinstance(person, Person) or (wanted.objects and person.object not in (None, *wanted.objects)):
        return None
    return {"id": person.id, "object": person.object, "owner": person.owner, "account": person.account}[wanted.part]
