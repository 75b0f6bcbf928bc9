"""What `doctor` finds: each thing that was looked at, how it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Level(StrEnum):
    """How a thing stands. A problem keeps runs from succeeding, a warning does not."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        level: how it stands.
        about: what was looked at, in a few words: `key field Task.Apten_Call_Id__c`.
        found: what was found, as a sentence.
        todo: what to do about it; empty for nothing.
        passes: whether a problem may pass by itself, like a network that is down.
    """

    level: Level
    about: str
    found: str
    todo: str = ""
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at.

    Args:
        about: what is looked at, in a few words.
        look: looks, and says what it found; nothing, where there is nothing to say. It may raise what a CRM's methods
            may.
    """

    about: str
    look: Callable[[], Iterable[Finding]]
