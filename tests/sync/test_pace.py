from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from connector.errors import RateLimitedError, RetryableError, UnreachableError
from connector.sync.attempt import Attempts
from connector.sync.pace import GENTLER, SLOWEST, Pace
from tests.clock import FakeClock, SilentLog

LIMIT = 10


class Line:
    """Requests one after the other, each taking no time; `sent` says when they went out."""

    def __init__(self, most: float | None = None, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.attempts = Attempts(self.clock, lambda: 0.5, SilentLog())
        self.pace = Pace(self.attempts, most)
        self.sent: list[float] = []

    def send(self, answer: Callable[[], None] = lambda: None) -> None:
        def request() -> None:
            self.sent.append(self.clock.monotonic())
            answer()

        self.pace.paced(request)()

    def gaps(self) -> list[float]:
        return [round(after - before, 3) for before, after in zip(self.sent, self.sent[1:], strict=False)]


class Sluggish(FakeClock):
    """Lets nobody wake up before `go`."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep, self.go = Event(), Event()

    def sleep(self, seconds: float) -> None:
        self.asleep.set()
        assert self.go.wait(10)
        super().sleep(seconds)


def refuse(retry_after: float | None = None) -> Callable[[], None]:
    def answer() -> None:
        raise RateLimitedError("too many", retry_after=retry_after)

    return answer


def test_requests_follow_each_other_evenly_at_the_rate_that_is_set() -> None:
    line = Line(most=LIMIT)
    for _ in range(50):
        line.send()
    assert line.gaps() == [0.1] * 49


def test_what_was_not_used_of_the_rate_is_not_made_up_for() -> None:
    line = Line(most=LIMIT)
    line.send()
    line.clock.advance(minutes=5)
    for _ in range(3):
        line.send()
    assert line.gaps() == [300, 0.1, 0.1]


def test_without_a_rate_nothing_is_held_back() -> None:
    line = Line()
    for _ in range(50):
        line.send()
    assert line.gaps() == [0] * 49


@pytest.mark.parametrize("error", [RateLimitedError("", retry_after=7), UnreachableError("", retry_after=7)])
def test_nothing_goes_out_for_as_long_as_apten_asks_and_then_more_slowly(error: RetryableError) -> None:
    line = Line(most=LIMIT)

    def answer() -> None:
        raise error

    for _ in range(10):
        line.send()
    with pytest.raises(RetryableError):
        line.send(answer)
    line.send()
    line.send()
    *_, waited, then = line.gaps()
    assert waited == 7
    assert 0.1 < then < 0.15


def test_a_request_that_waited_for_its_turn_when_apten_asked_for_quiet_keeps_it_too() -> None:
    clock = Sluggish()
    line = Line(most=1, clock=clock)
    with ThreadPoolExecutor(1) as other:

        def answer() -> None:
            waiting.append(other.submit(line.send))
            assert clock.asleep.wait(10)
            raise RateLimitedError("too many", retry_after=7)

        waiting: list[Future[None]] = []
        with pytest.raises(RateLimitedError):
            line.send(answer)
        clock.go.set()
        waiting[0].result(10)
    assert line.gaps() == [7]


def test_no_refusal_brings_the_rate_above_what_is_set() -> None:
    line = Line(most=SLOWEST / 2)
    with pytest.raises(RateLimitedError):
        line.send(refuse())
    assert line.pace.rate == SLOWEST / 2


def test_an_unreachable_apten_is_no_reason_to_slow_down() -> None:
    line = Line(most=LIMIT)

    def answer() -> None:
        raise UnreachableError("no answer")

    with pytest.raises(UnreachableError):
        line.send(answer)
    assert line.pace.rate == LIMIT


def test_requests_that_were_under_way_already_lower_the_rate_only_once() -> None:
    line = Line(most=LIMIT)
    late = line.pace.paced(refuse())
    sent = line.pace._turn()
    with pytest.raises(RateLimitedError):
        late()
    once = line.pace.rate
    line.pace._refused(sent, None)
    assert line.pace.rate == once == LIMIT / 2 * GENTLER


def test_it_grows_faster_again_and_never_faster_than_is_set() -> None:
    line = Line(most=LIMIT)
    for _ in range(10):
        line.clock.advance(seconds=1)
        with pytest.raises(RateLimitedError):
            line.send(refuse())
    lowest = line.pace.rate
    assert lowest is not None
    assert lowest < 1
    begun = line.clock.monotonic()
    while line.pace.rate != LIMIT:
        line.send()
    assert line.clock.monotonic() - begun < 150


@pytest.mark.parametrize("limit", [3, LIMIT, 100])
@pytest.mark.parametrize("retry_after", [None, 1])
def test_a_limit_that_nobody_told_us_of_is_found_and_used(limit: int, retry_after: float | None) -> None:
    line = Line()
    window: deque[float] = deque()
    refused = 0

    def answer() -> None:
        now = line.clock.monotonic()
        while window and window[0] <= now - 1:
            window.popleft()
        if len(window) == limit:
            raise RateLimitedError("too many", retry_after=retry_after)
        window.append(now)

    for _ in range(200 * limit):
        line.clock.advance(milliseconds=5)
        try:
            line.send(answer)
        except RateLimitedError:
            refused += 1
    took = line.sent[-1] - line.sent[0]
    assert (200 * limit - refused) / took > 0.8 * limit
    assert refused < 0.05 * 200 * limit


def test_a_limit_that_was_lifted_is_noticed() -> None:
    line = Line()
    for _ in range(20):
        line.clock.advance(seconds=1)
        line.send()
    with pytest.raises(RateLimitedError):
        line.send(refuse())
    begun = line.clock.monotonic()
    while line.pace.rate is not None and line.pace.rate < 20:
        line.send()
    assert line.clock.monotonic() - begun < 120


def test_once_the_run_stops_nothing_is_sent_any_more() -> None:
    line = Line(most=LIMIT)
    line.attempts.stopping.set()
    with pytest.raises(UnreachableError):
        line.send()
    assert not line.sent
