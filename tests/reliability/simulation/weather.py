"""What goes wrong, by the dice: requests that fail before or after they took effect, and the death of the process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.errors import RateLimitedError, RetryableError, UncertainWriteError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from connector.sandbox.dice import Dice
    from tests.reliability.simulation.time import VirtualTime

T = TypeVar("T")


class Death(BaseException):
    """The process was killed."""


@dataclass(frozen=True)
class Rates:
    """How likely what is, in percent of requests.

    `dies` is in percent of runs, of which some are interrupted by a person instead; `dies_after_write` in percent of
    writes that took effect. `slow` are requests that take up to a minute.
    """

    source_fails: float = 0
    crm_fails: float = 0
    answer_lost: float = 0
    row_locked: float = 0
    token_expires: float = 0
    dies: float = 0
    dies_after_write: float = 0
    slow: float = 0


FAIR = Rates()


@dataclass
class Weather:
    """Decides about each request, and each step of the process.

    Args:
        still: no time passes by itself, and nothing fails.
        loses_next: whether the answer to the next write is lost for certain.
        dies_after: after how many steps the next process is killed, if it is for certain.
    """

    dice: Dice
    time: VirtualTime
    rates: Rates
    still: bool = False
    tally: Counter[str] = field(default_factory=Counter)
    dies_after: int | None = None
    loses_next: bool = False
    _steps_left: int | None = None
    _end: type[BaseException] = Death
    _dead: bool = False

    def begin_run(self) -> None:
        """A process starts, and perhaps its end is near."""
        self._dead, self._end = False, Death
        self._steps_left, self.dies_after = self.dies_after, None
        if self._steps_left is None and not self.still and self.dice.chance(self.rates.dies):
            # Most of what may be torn apart lies near the beginning or between a write and its record.
            self._steps_left = int(self.dice.paretovariate(0.5)) if self.dice.chance(50) else self.dice.randint(1, 150)
            self._end = KeyboardInterrupt if self.dice.chance(15) else Death

    def step(self) -> None:
        """The process is about to do something, or has just done it.

        Raises:
            Death, KeyboardInterrupt: it does nothing any more.
        """
        if self._dead:
            raise Death
        if self._steps_left is not None:
            self._steps_left -= 1
            if self._steps_left <= 0:
                self._steps_left, self._dead = None, self._end is Death
                self.tally["killed" if self._dead else "interrupted"] += 1
                raise self._end

    def ask_source(self, answer: Callable[[], T]) -> T:
        """A request to Apten."""
        self._send("source")
        self._fail(self.rates.source_fails, "Apten")
        told = answer()
        self.step()
        return told

    def ask_crm(self, answer: Callable[[], T]) -> T:
        """A request to the CRM that changes nothing."""
        self._send("crm")
        self._fail(self.rates.crm_fails, "The CRM")
        told = answer()
        self.step()
        return told

    def write(self, effect: Callable[[], T]) -> T:
        """A request to the CRM that changes something; its answer may be lost."""
        self._send("crm")
        self._fail(self.rates.crm_fails, "The CRM")
        told = effect()
        if self._happens(self.rates.dies_after_write):
            self._steps_left, self._end = 1, Death
        self.step()
        if self.loses_next or self._happens(self.rates.answer_lost):
            self.loses_next = False
            self.tally["answers lost"] += 1
            raise UncertainWriteError("No answer came to the writing.")
        return told

    def row_locked(self) -> RetryableError | None:
        """Whether somebody else holds a row just now."""
        if not self._happens(self.rates.row_locked):
            return None
        self.tally["rows locked"] += 1
        return RetryableError("The row is locked.", code="UNABLE_TO_LOCK_ROW")

    def token_expires(self) -> bool:
        """Whether a page token is no longer taken."""
        expired = self._happens(self.rates.token_expires)
        self.tally["tokens expired"] += expired
        return expired

    def comes_late(self, at_most: timedelta) -> timedelta | None:
        """How much later a write takes effect that nobody waits for any more; None for one that is in time."""
        if not self._happens(self.rates.answer_lost):
            return None
        self.tally["writes late"] += 1
        return at_most * self.dice.random()

    def _send(self, to: str) -> None:
        self.step()
        self.tally[f"{to} requests"] += 1
        if not self.still:
            seconds = 60.0 if self.dice.chance(self.rates.slow) else 0.3
            self.time.pass_by(seconds=self.dice.random() * seconds)

    def _fail(self, percent: float, who: str) -> None:
        if not self._happens(percent):
            return
        self.tally["requests failed"] += 1
        if self.dice.chance(30):
            asked = self.dice.choice((None, 0.0, 2.0, 45.0, 3600.0))
            raise RateLimitedError(f"{who} asked us to slow down.", retry_after=asked)
        raise UnreachableError(f"{who} did not answer.")

    def _happens(self, percent: float) -> bool:
        return not self.still and percent > 0 and self.dice.chance(percent)
