from collections.abc import Callable

import pytest

from connector.errors import CredentialsError, RateLimitedError, UnreachableError
from connector.sync.attempt import ATTEMPTS, Attempts
from tests.clock import FakeClock, SilentLog


def attempts(clock: FakeClock, jitter: float = 0.5) -> Attempts:
    return Attempts(clock, lambda: jitter, SilentLog())


def failing(times: int, error: Exception) -> Callable[[], str]:
    left = [times]

    def send() -> str:
        if left[0]:
            left[0] -= 1
            raise error
        return "answer"

    return send


def test_gives_the_answer_after_failures_that_pass(clock: FakeClock) -> None:
    assert attempts(clock)(failing(ATTEMPTS - 1, UnreachableError("x"))) == "answer"


def test_gives_up_after_the_last_attempt(clock: FakeClock) -> None:
    with pytest.raises(UnreachableError):
        attempts(clock)(failing(ATTEMPTS, UnreachableError("x")))


def test_sends_nothing_again_that_cannot_help(clock: FakeClock) -> None:
    with pytest.raises(CredentialsError):
        attempts(clock)(failing(1, CredentialsError("x")))
    assert clock.slept == 0


def test_waits_between_half_a_second_and_half_a_minute(clock: FakeClock) -> None:
    error = UnreachableError("x")
    for attempt in range(1, 12):
        assert attempts(clock, 0.0).wait(attempt, error) == 0.5
        longest = attempts(clock, 0.999).wait(attempt, error)
        assert longest is not None
        assert 0.5 < longest <= 30


def test_keeps_the_wait_that_was_asked_for(clock: FakeClock) -> None:
    assert attempts(clock)(failing(1, RateLimitedError("x", retry_after=42))) == "answer"
    assert clock.slept == 42


def test_leaves_it_to_the_next_run_when_asked_to_wait_for_too_long(clock: FakeClock) -> None:
    with pytest.raises(RateLimitedError):
        attempts(clock)(failing(1, RateLimitedError("x", retry_after=61)))
    assert clock.slept == 0


def test_a_run_that_stops_does_not_wait_for_its_requests(clock: FakeClock) -> None:
    stopping = attempts(clock)
    stopping.stopping.set()
    with pytest.raises(UnreachableError):
        stopping(failing(1, UnreachableError("x", retry_after=60)))
    assert clock.slept == 0
