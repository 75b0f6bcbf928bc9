"""Sends a request again while that may help: the one retry loop of the house."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.errors import ConnectorError, RetryableError
from connector.sync.judge import Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.ports import Clock, Log

T = TypeVar("T")

ATTEMPTS = 5
SHORTEST_WAIT = 0.5
LONGEST_WAIT = 30.0
LONGEST_ASKED_WAIT = 60.0


def attempts_left(error: ConnectorError, sent: int) -> int:
    """How often a request that has been sent so often, and failed with this error, may still be sent."""
    at_most = error.at_most if isinstance(error, RetryableError) else None
    return (at_most or ATTEMPTS) - sent


@dataclass(frozen=True, slots=True)
class Attempts:
    """Sends a request up to 5 times, less often where the error says so, with full jitter between 0.5 and 30 s.

    A wait the other side asks for (`Retry-After`) is kept up to 60 s; a longer one ends the attempts at once.

    Args:
        clock: for waiting.
        jitter: a random number in [0, 1).
        log: told of each repetition.
        stopping: once set, nothing is sent again and waits end within a second.
    """

    clock: Clock
    jitter: Callable[[], float]
    log: Log
    stopping: threading.Event = field(default_factory=threading.Event)

    def __call__(self, send: Callable[[], T]) -> T:
        """The request's answer.

        Raises:
            ConnectorError: the last error, when it must not or may no longer be sent again.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return send()
            except ConnectorError as error:
                if not self.go_on(attempt, error):
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def go_on(self, attempt: int, error: ConnectorError) -> bool:
        """Wait until a request that was sent so often may be sent again; whether it may."""
        if judge(error, attempts_left=attempts_left(error, attempt)) is not Verdict.AGAIN:
            return False
        wait = self.wait(attempt, error)
        if wait is None:
            return False
        self.log.info("request.repeated", error=type(error).__name__, attempt=attempt, wait_s=round(wait, 1))
        self.pause(wait)
        return not self.stopping.is_set()

    def pause(self, seconds: float) -> None:
        """Wait, but not once the run stops."""
        while seconds > 0 and not self.stopping.is_set():
            self.clock.sleep(min(1.0, seconds))
            seconds -= 1.0

    def wait(self, attempt: int, error: ConnectorError) -> float | None:
        """Seconds to wait before the next attempt; None if the other side asks for too long."""
        asked = error.retry_after if isinstance(error, RetryableError) else None
        if asked is not None:
            return asked if asked <= LONGEST_ASKED_WAIT else None
        ceiling = min(LONGEST_WAIT, SHORTEST_WAIT * float(2**attempt))
        return SHORTEST_WAIT + self.jitter() * (ceiling - SHORTEST_WAIT)
