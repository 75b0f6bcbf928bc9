"""Under which conditions a seed's days pass: the rows of the score, each with both answers to what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

from connector.sandbox.dice import Dice
from tests.reliability.simulation.weather import FAIR

if TYPE_CHECKING:
    from tests.reliability.simulation.weather import Rates


class Condition(StrEnum):
    """What makes life hard."""

    CALM = "calm"
    LATE = "ties and late rows"
    SKEW = "clock an hour off"
    SLOW = "slow answers, changes meanwhile"
    TOKENS = "page tokens expire"
    CRASHES = "process killed"
    FAULTS = "requests fail, answers are lost"
    PEOPLE = "people edit, mappings change"
    AMNESIA = "ledger lost or restored"
    EVERYTHING = "everything at once"


@dataclass(frozen=True)
class Unknown:
    """Answers to what Apten does not document: whether activity moves the lead's stamp, a late summary the event's."""

    lead_moves: bool
    summary_moves: bool

    def __str__(self) -> str:
        lead = "lead's stamp moves" if self.lead_moves else "lead's stamp may stay"
        return f"{lead}, {'summary moves' if self.summary_moves else 'summary may not move'} the event's"


CLASSES = tuple(
    (condition, Unknown(lead_moves, summary_moves))
    for lead_moves, summary_moves, condition in product((True, False), (True, False), Condition)
)
"""What a seed is about: the seed's number, modulo how many there are."""


@dataclass(frozen=True)
class Conditions:
    """How one seed's days pass, in percent where nothing else is said.

    `stays` is how often a stamp does not move where nobody knows whether it does; `ahead` how many seconds the
    connector's clock is off; `unique` whether the CRM lets a key be there only once.
    """

    name: Condition
    unknown: Unknown
    rounded: float = 0
    late: float = 0
    ahead: float = 0
    jumps: float = 0
    lead_stays: float = 0
    summary_stays: float = 0
    weather: Rates = FAIR
    outage: float = 0
    hands: float = 0
    resyncs: float = 0
    remaps: float = 0
    forgets: float = 0
    unique: bool = True


def conditions_of(seed: int) -> Conditions:
    """The conditions of a seed."""
    name, unknown = CLASSES[seed % len(CLASSES)]
    dice = Dice(f"conditions {seed}")
    base = Conditions(name, unknown)
    if not unknown.lead_moves:
        base = replace(base, lead_stays=dice.choice((20, 50, 100)))
    if not unknown.summary_moves:
        base = replace(base, summary_stays=dice.choice((50, 100)))
    if name is Condition.EVERYTHING:
        for part in Condition:
            base = _with(base, part, dice) if dice.chance(70) else base
        return base
    return _with(base, name, dice)


def _with(conditions: Conditions, part: Condition, dice: Dice) -> Conditions:
    weather, changed = conditions.weather, conditions
    match part:
        case Condition.LATE:
            changed = replace(conditions, rounded=30, late=dice.choice((5, 30)))
        case Condition.SKEW:
            changed = replace(conditions, ahead=dice.uniform(-3600, 3600), jumps=dice.choice((0, 20)))
        case Condition.SLOW:
            changed = replace(conditions, weather=replace(weather, slow=80))
        case Condition.TOKENS:
            changed = replace(conditions, weather=replace(weather, token_expires=30))
        case Condition.CRASHES:
            changed = replace(conditions, weather=replace(weather, dies=40, dies_after_write=10))
        case Condition.FAULTS:
            weather = replace(weather, source_fails=dice.choice((2, 10, 40)), crm_fails=dice.choice((2, 10, 30)))
            weather = replace(weather, answer_lost=dice.choice((5, 25)), row_locked=dice.choice((0, 5)))
            changed = replace(conditions, weather=weather, outage=15, unique=dice.chance(50))
        case Condition.PEOPLE:
            changed = replace(conditions, hands=60, resyncs=25, remaps=15)
        case Condition.AMNESIA:
            changed = replace(conditions, forgets=20, hands=40)
    return changed
