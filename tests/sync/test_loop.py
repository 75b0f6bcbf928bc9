import threading
from collections.abc import Callable
from itertools import chain

import pytest

from connector.errors import CredentialsError, OutOfAttemptsError, RateLimitedError, UnreachableError
from connector.sync.attempt import Attempts
from connector.sync.cost import Stopwatch
from connector.sync.loop import Loop, Work
from connector.sync.pace import Pace
from connector.sync.task import Task, ask, get, meeting, room
from connector.sync.workers import Threads
from tests.clock import FakeClock, SilentLog


class Stage:
    """A loop with nothing behind it: requests are plain functions, tallied by thread."""

    def __init__(self, *, concurrency: int = 3, room_for: int = 1000) -> None:
        attempts = Attempts(FakeClock(), lambda: 0.5, SilentLog())
        self.loop = Loop(
            concurrency=concurrency,
            attempts=attempts,
            pace=Pace(attempts),
            stopwatch=Stopwatch(FakeClock()),
            workers=Threads(concurrency),
        )
        self.done: list[str] = []
        self.meetings = 0
        self.answers = 0
        self.writes: list[list[str]] = []
        self.full_at = room_for
        self.outbox: list[str] = []
        self.fail_write: Exception | None = None

    def run(self) -> None:
        self.loop.run(Work(self.meet, self.next_for_crm, self.has_room, self.progress))

    def has_room(self) -> bool:
        return len(self.outbox) < self.full_at

    def progress(self) -> None:
        self.answers += 1

    def meet(self) -> Task[None]:
        self.meetings += 1
        yield from ask(lambda: None)

    def next_for_crm(self, nothing_to_come: bool) -> Task[None] | None:  # the callback's shape
        if self.outbox and (nothing_to_come or len(self.outbox) >= self.full_at):
            batch, self.outbox = self.outbox, []
            return self.write(batch)
        return None

    def write(self, batch: list[str]) -> Task[None]:
        def send() -> None:
            if self.fail_write:
                raise self.fail_write

        yield from ask(send)
        self.writes.append(batch)

    def fetch(self, name: str) -> Task[None]:
        yield from meeting()
        answer = yield from get(name.upper)
        self.outbox.append(answer)


def test_every_task_ends_and_the_crm_is_met_once() -> None:
    stage = Stage()
    for name in "abcdefgh":
        stage.loop.spawn(stage.fetch(name))
    stage.run()
    assert stage.meetings == 1
    assert stage.answers > 0
    assert sorted(chain.from_iterable(stage.writes)) == list("ABCDEFGH")


def test_nothing_to_do_asks_nobody() -> None:
    stage = Stage()
    stage.run()
    assert stage.meetings == 0


def test_a_patient_task_goes_on_only_when_there_is_room() -> None:
    stage = Stage(concurrency=2)

    def feeder() -> Task[None]:
        for name in "abcdef":
            yield from room()
            stage.loop.spawn(stage.fetch(name))

    stage.loop.spawn(feeder())
    stage.run()
    assert sorted(chain.from_iterable(stage.writes)) == list("ABCDEF")


def test_never_more_requests_under_way_than_agreed() -> None:
    stage = Stage(concurrency=2)
    lock, now, most = threading.Lock(), [0], [0]

    def counted() -> str:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        threading.Event().wait(0.002)
        with lock:
            now[0] -= 1
        return "x"

    def task() -> Task[None]:
        yield from get(counted)

    for _ in range(20):
        stage.loop.spawn(task())
    stage.run()
    assert most[0] == 2


def test_a_full_outbox_is_emptied_before_more_is_fetched() -> None:
    stage = Stage(concurrency=1, room_for=3)
    for name in "abcdefgh":
        stage.loop.spawn(stage.fetch(name))
    stage.run()
    assert [len(batch) for batch in stage.writes] == [3, 3, 2]


def failing(error: Exception) -> Callable[[], None]:
    def send() -> None:
        raise error

    return send


def test_an_error_reaches_the_task_that_asked() -> None:
    stage = Stage()

    def task() -> Task[None]:
        try:
            yield from get(failing(UnreachableError("x")))
        except UnreachableError:
            stage.done.append("caught")

    stage.loop.spawn(task())
    stage.run()
    assert stage.done == ["caught"]


def test_what_no_task_catches_stops_the_run() -> None:
    stage = Stage()

    def task() -> Task[None]:
        yield from get(failing(CredentialsError("wrong key")))

    stage.loop.spawn(task())
    with pytest.raises(CredentialsError):
        stage.run()


def test_a_request_the_run_cannot_do_without_stops_it_once_attempts_are_used_up() -> None:
    stage = Stage()

    def task() -> Task[None]:
        yield from get(failing(UnreachableError("Apten does not answer.")))

    stage.loop.spawn(task())
    with pytest.raises(OutOfAttemptsError, match=r"Apten does not answer\."):
        stage.run()


def test_a_wait_asked_for_that_no_run_waits_is_told_as_what_stopped_it() -> None:
    stage = Stage()

    def task() -> Task[None]:
        yield from get(failing(RateLimitedError("Apten asked to slow down.", retry_after=3600)))

    stage.loop.spawn(task())
    with pytest.raises(OutOfAttemptsError) as stopped:
        stage.run()
    assert "asked for 3,600 s" in stopped.value.done
    assert "attempt" not in stopped.value.done


def test_a_source_that_fails_for_everybody_stops_the_run_even_if_each_task_could_go_on() -> None:
    stage = Stage(concurrency=2)

    def task() -> Task[None]:
        try:
            yield from get(failing(UnreachableError("down")))
        except UnreachableError:
            stage.done.append("left over")

    for _ in range(50):
        stage.loop.spawn(task())
    with pytest.raises(OutOfAttemptsError):
        stage.run()
    assert len(stage.done) < 10


def test_a_run_that_stops_early_still_takes_the_answer_of_a_write_under_way() -> None:
    stage = Stage(concurrency=1, room_for=1)
    under_way, go_on = threading.Event(), threading.Event()

    def slow_write(batch: list[str]) -> Task[None]:
        def send() -> None:
            under_way.set()
            assert go_on.wait(5), "nothing else went on meanwhile"

        yield from ask(send)
        stage.writes.append(batch)

    stage.write = slow_write  # type: ignore[method-assign]  # this stage writes slowly

    def breaking() -> Task[None]:
        yield from meeting()

        def send() -> None:
            assert under_way.wait(5), "the write was not under way"
            go_on.set()
            raise CredentialsError("revoked")

        yield from get(send)

    stage.full_at = 2
    for task in (stage.fetch("a"), stage.fetch("b"), breaking()):
        stage.loop.spawn(task)
    with pytest.raises(CredentialsError):
        stage.run()
    assert [sorted(batch) for batch in stage.writes] == [["A", "B"]]
