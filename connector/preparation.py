"""What `setup` works with: what a mapping needs of a CRM, and the steps that give it that."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.model import Target


@dataclass(frozen=True, slots=True)
class Use:
    """What one mapping uses of the CRM.

    Args:
        mapping: the mapping's file, as shown to the reader.
        target: where its activities live.
        fields: the fields that it writes, without the key.
        people: the objects in which it looks for people; empty if it asks for nobody.
        clues: what it looks people up by.
        accounts: whether it asks for the accounts that people belong to.
        finds: the other objects in which it looks for records, each with the fields that it looks at.
        time_zone: where it means dates and times; None if it does not say, or says it anew for each call.
    """

    mapping: str
    target: Target
    fields: tuple[str, ...]
    people: tuple[str, ...] = ()
    clues: tuple[str, ...] = ()
    accounts: bool = False
    finds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time_zone: str | None = None


class Standing(StrEnum):
    """How a step stands."""

    THERE = "there already"
    DUE = "to do"
    YOURS = "for you to do"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a CRM must have.

    Args:
        what: the thing, in a few words.
        standing: whether it is there, is made by `do`, or takes a person.
        note: what the reader should know of it; may have several lines.
        do: makes it. It may raise whatever the CRM's methods may.
    """

    what: str
    standing: Standing
    note: str = ""
    do: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Preparation:
    """All that a CRM must have, in the order in which it is to be made.

    Args:
        of: which org or database it is of.
        user: who gets the rights; empty where that is no question.
        is_own: whether that is the user of this connection, who then sees what was made.
    """

    of: str
    steps: tuple[Step, ...]
    user: str = ""
    is_own: bool = True

    @property
    def due(self) -> tuple[Step, ...]:
        """The steps that are still to be done."""
        return tuple(step for step in self.steps if step.standing is Standing.DUE)
