"""What differs between two versions of what becomes of a call; who made them is all the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from connector.mapping.shape import ALWAYS, ON_CREATE, UNLESS_EDITED
from connector.model import Draft, Skip

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.model import DraftValue, PersonSearch

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What was, and what is instead."""

    old: T
    new: T


@dataclass(frozen=True, slots=True)
class Written:
    """What a field is given: a value, None to empty it; and when it is written, by the word of the language."""

    value: DraftValue
    policy: str = ALWAYS


@dataclass(frozen=True, slots=True)
class Made:
    """What a mapping makes of a call, and until when the call is held at most before that; None if it is not."""

    result: Draft | Skip
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything in which two versions differ. What is alike is left out: None, or not among the fields.

    Attributes:
        skipped: why the call is left out; None on a side that logs it.
        fields: fields that get another value; None on a side that leaves the field alone.
        policies: fields that both write, but not under the same policy.
        person: how the person is to be found; None on a side that asks for none.
        wait_until: until when the call is held at most.

    A side that leaves the call out writes no field, looks for nobody and waits for nothing.
    """

    skipped: Change[str | None] | None = None
    fields: Mapping[str, Change[Written | None]] = field(default_factory=dict)
    policies: Mapping[str, Change[str]] = field(default_factory=dict)
    person: Change[PersonSearch | None] | None = None
    wait_until: Change[datetime | None] | None = None

    @property
    def change_the_call(self) -> bool:
        """Whether the call is logged otherwise. Policies alone only say when a field is written, not what."""
        return bool(self.skipped or self.fields or self.person or self.wait_until)


def compare(old: Made, new: Made) -> Differences:
    """In what two versions of the same call, under the same target, differ."""
    before, after = _written(old), _written(new)
    return Differences(
        skipped=_change(_reason(old), _reason(new)),
        fields=field_changes(before, after),
        policies={
            name: Change(before[name].policy, written.policy)
            for name, written in after.items()
            if name in before and before[name].policy != written.policy
        },
        person=_change(_person(old), _person(new)),
        wait_until=_change(_wait(old), _wait(new)),
    )


def field_changes(old: Mapping[str, Written], new: Mapping[str, Written]) -> dict[str, Change[Written | None]]:
    """The fields that get another value, in the order of `new`; those that `new` leaves alone come last."""
    names = dict.fromkeys((*new, *old))
    return {
        name: Change(old.get(name), new.get(name)) for name in names if not _same_value(old.get(name), new.get(name))
    }


def _same_value(old: Written | None, new: Written | None) -> bool:
    if old is None or new is None:
        return False
    # To Python true is 1; to a reader, and to a CRM, it is not.
    return old.value == new.value and isinstance(old.value, bool) == isinstance(new.value, bool)


def _change(old: T, new: T) -> Change[T] | None:
    return None if old == new else Change(old, new)


def _written(made: Made) -> dict[str, Written]:
    match made.result:
        case Skip():
            return {}
        case Draft() as draft:
            return {name: Written(value, _policy(draft, name)) for name, value in draft.fields.items()}


def _policy(draft: Draft, name: str) -> str:
    if name in draft.on_create:
        return ON_CREATE
    return UNLESS_EDITED if name in draft.unless_edited else ALWAYS


def _reason(made: Made) -> str | None:
    return made.result.reason if isinstance(made.result, Skip) else None


def _person(made: Made) -> PersonSearch | None:
    return None if isinstance(made.result, Skip) else made.result.person


def _wait(made: Made) -> datetime | None:
    return None if isinstance(made.result, Skip) else made.wait_until
