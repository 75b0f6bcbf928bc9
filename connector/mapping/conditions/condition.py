"""What a condition is once checked, and how conditions combine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.source_model import Call, Lead

Holds: TypeAlias = Callable[["Call", "Lead | None"], bool]
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition, and which sources are certainly there when it holds and when it does not."""

    holds: Holds
    when_true: frozenset[str] = _NOTHING
    when_false: frozenset[str] = _NOTHING


ALWAYS = Condition(lambda _call, _lead: True)
ANY_SOURCE = "*"
"""Stands for every source, where that cannot be told because of a mistake that has been reported."""
BROKEN = Condition(ALWAYS.holds, when_true=frozenset((ANY_SOURCE,)), when_false=frozenset((ANY_SOURCE,)))
"""Stands in for a condition whose mistake has been reported already."""


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Holds where every one holds."""
    if len(conditions) == 1:
        return conditions[0]
    holds = [one.holds for one in conditions]
    return Condition(
        lambda call, lead: all(one(call, lead) for one in holds),
        when_true=_NOTHING.union(*(one.when_true for one in conditions)),
    )


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Holds where at least one holds."""
    if len(conditions) == 1:
        return conditions[0]
    holds = [one.holds for one in conditions]
    return Condition(
        lambda call, lead: any(one(call, lead) for one in holds),
        when_false=_NOTHING.union(*(one.when_false for one in conditions)),
    )


def negated(one: Condition) -> Condition:
    """Holds where the other does not."""
    holds = one.holds
    return Condition(lambda call, lead: not holds(call, lead), when_true=one.when_false, when_false=one.when_true)
