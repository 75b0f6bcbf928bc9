"""How fast Apten is asked: never faster than is set, slower once it says so, and little by little faster again."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.errors import RateLimitedError, RetryableError, UnreachableError
from connector.sync.attempt import LONGEST_ASKED_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.attempt import Attempts

T = TypeVar("T")

GENTLER = 0.95
"""What is left, when Apten asks for less, of the rate or of what it took per second of late, whichever is less."""
REGAINED = 0.0005
"""By how much of itself the rate grows in a second, times the seconds since the last refusal.

So it stays a while just below what was refused, where the next refusal would cost a whole pause, and is soon far up
again where the limit was lifted.
"""
SLOWEST = 0.2
"""Requests a second below which no refusal brings the rate."""


@dataclass(slots=True)
class Pace:
    """Lets requests go one by one, evenly spaced; safe to use from several threads.

    Without a `most`, nothing is held back until Apten refuses a request as one too many. What was not used of the rate
    is never made up for later, so there are no bursts.

    Args:
        attempts: whose clock and log count, and who knows when the run stops.
        most: requests a second, for good; None for no limit but Apten's.
    """

    attempts: Attempts
    most: float | None = None
    rate: float | None = field(init=False)
    _next: float = field(default=float("-inf"), init=False)
    _held_until: float = field(default=float("-inf"), init=False)
    _lowered: float = field(default=float("-inf"), init=False)
    _taken: deque[float] = field(default_factory=lambda: deque(maxlen=100), init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self.rate = self.most

    def paced(self, send: Callable[[], T]) -> Callable[[], T]:
        """The same request, sent when it is its turn.

        It raises UnreachableError, and is not sent, once the run stops.
        """

        def send_in_turn() -> T:
            sent = self._turn()
            try:
                answer = send()
            except RetryableError as error:
                if isinstance(error, RateLimitedError) or error.retry_after is not None:
                    self._refused(sent, error.retry_after)
                raise
            self._answered()
            return answer

        return send_in_turn

    def _turn(self) -> float:
        """Wait for the turn; when it was."""
        while True:
            now = self.attempts.clock.monotonic()
            with self._lock:
                turn = max(now, self._next)
                self._next = turn + (1 / self.rate if self.rate else 0)
            self.attempts.pause(turn - now)
            if self.attempts.stopping.is_set():
                raise UnreachableError("The run has stopped; this request was not sent any more.")
            # Apten may have asked for quiet while this one was waiting.
            if turn >= self._held_until:
                return turn

    def _refused(self, sent: float, asked: float | None) -> None:
        """Nothing goes out for as long as Apten asks, up to 60 s; what was sent before that lowers the rate no more."""
        now = self.attempts.clock.monotonic()
        with self._lock:
            self._held_until = max(self._held_until, now + min(asked or 0, LONGEST_ASKED_WAIT))
            self._next = max(self._next, self._held_until)
            if sent < self._lowered:
                return
            self._lowered = now
            self.rate = rate = min(max(SLOWEST, GENTLER * self._sustained(now)), self.most or float("inf"))
        self.attempts.log.info("pace.lowered", requests_per_second=round(rate, 1))

    def _answered(self) -> None:
        now = self.attempts.clock.monotonic()
        with self._lock:
            self._taken.append(now)
            if self.rate is not None:
                self.rate = min(self.rate + REGAINED * (now - self._lowered), self.most or float("inf"))

    def _sustained(self, now: float) -> float:
        """Requests a second that went out and were taken of late, pauses included; half as many if none was taken."""
        if not self._taken:
            return (self.rate or 2.0) / 2
        took = now - self._taken[0]
        return min(self.rate or float("inf"), len(self._taken) / (took or 1.0))
