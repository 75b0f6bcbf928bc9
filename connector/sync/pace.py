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

GENTLER = 0.7
"""What is left of the rate when Apten asks for less."""
REGAINED = 0.5
"""Requests a second that the rate gains in each second without a refusal."""
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
    _lowered: float = field(default=float("-inf"), init=False)
    _sent: deque[float] = field(default_factory=lambda: deque(maxlen=50), init=False)
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
        now = self.attempts.clock.monotonic()
        with self._lock:
            turn = max(now, self._next)
            self._next = turn + (1 / self.rate if self.rate else 0)
            self._sent.append(turn)
        self.attempts.pause(turn - now)
        if self.attempts.stopping.is_set():
            raise UnreachableError("The run has stopped; this request was not sent any more.")
        return turn

    def _refused(self, sent: float, asked: float | None) -> None:
        """Nothing goes out for as long as Apten asks; what was sent before the rate was lowered lowers it no more."""
        now = self.attempts.clock.monotonic()
        with self._lock:
            self._next = max(self._next, now + min(asked or 0, LONGEST_ASKED_WAIT))
            if sent < self._lowered:
                return
            self._lowered = now
            self.rate = max(SLOWEST, GENTLER * (self.rate or self._seen()))
            rate = self.rate
        self.attempts.log.info("pace.lowered", requests_per_second=round(rate, 1))

    def _answered(self) -> None:
        with self._lock:
            if self.rate is not None:
                self.rate = min(self.rate + REGAINED / self.rate, self.most or float("inf"))

    def _seen(self) -> float:
        """Requests a second of late."""
        took = self._sent[-1] - self._sent[0]
        return (len(self._sent) - 1) / took if took else float(len(self._sent))
