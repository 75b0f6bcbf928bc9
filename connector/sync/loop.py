"""The one loop: tasks in the main thread, their requests with two groups of workers, nothing in between.

Up to `concurrency` GETs to Apten are under way, and at most one CRM request. Waiting on either is the back-pressure:
no task is started while all workers have enough to do or the outbox is full.
"""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from connector.errors import ConnectorError, OutOfAttemptsError, RetryableError, RunError
from connector.sync.attempt import LONGEST_ASKED_WAIT
from connector.sync.cost import Step
from connector.sync.task import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from concurrent.futures import Future

    from connector.sync.attempt import Attempts
    from connector.sync.cost import Stopwatch
    from connector.sync.pace import Pace
    from connector.sync.task import Request, Task
    from connector.sync.workers import Workers

    Running = Generator[Request, Any, Any]

MANY_FAILURES = 4
"""So many times `concurrency` requests that fail in a row mean that Apten is down, not that a few calls are bad."""


@dataclass(slots=True)
class Work:
    """What the loop asks of a run between requests.

    Args:
        meet: makes the task that meets the CRM; run at most once, when a task first waits for it.
        next_for_crm: the next task for the CRM, given whether nothing more is to come; None for nothing to do.
        has_room: whether more tasks may start.
        progress: told after each answer.
    """

    meet: Callable[[], Task[None]]
    next_for_crm: Callable[[bool], Task[None] | None]
    has_room: Callable[[], bool]
    progress: Callable[[], None]


class Loop:
    """Runs tasks to their end.

    Args:
        concurrency: GETs under way at once.
        attempts: how each request is sent.
        pace: how fast those to Apten may follow each other.
        stopwatch: measures the waiting.
        workers: who sends the requests.
    """

    def __init__(
        self, *, concurrency: int, attempts: Attempts, pace: Pace, stopwatch: Stopwatch, workers: Workers
    ) -> None:
        self._concurrency = concurrency
        # Some more than there are threads: one that is done finds its next request while the main thread is busy.
        self._most_gets = concurrency + concurrency // 2
        self._attempts = attempts
        self._pace = pace
        self._stopwatch = stopwatch
        self._workers = workers
        self._ready: list[Running] = []
        self._patient: deque[Running] = deque()
        self._unmet: list[Running] = []
        self._gets: dict[Future[Any], Running] = {}
        self._asks: dict[Future[Any], Running] = {}
        self._crm_task: Running | None = None
        self._met = False
        self._failed_in_a_row = 0
        self._failure: RunError | None = None

    def spawn(self, task: Task[None]) -> None:
        """Queue a task; the newest goes first, so that a lead's calls are done before the next lead is begun."""
        self._ready.append(task)

    def run(self, work: Work) -> None:
        """Run all tasks, spawned ones included, until nothing is left to do. A loop runs once.

        Where Apten fails a task that cannot go on, nothing more is looked for; what is at hand is still written.

        Raises:
            OutOfAttemptsError: a request failed at every attempt and its task could not go on without it.
            ConnectorError: whatever else a task let through.
        """
        try:
            while self._start(work):
                with self._stopwatch.timing(self._awaited()):
                    done = self._workers.wait((*self._gets, *self._asks))
                for future in done:
                    self._take(future)
                work.progress()
            if self._failure:
                raise self._failure
        finally:
            self._attempts.stopping.set()
            self._finish_write()
            self._workers.close()

    def _awaited(self) -> Step:
        if not self._asks:
            return Step.WAITING_FOR_APTEN
        return Step.WAITING_FOR_BOTH if self._gets else Step.WAITING_FOR_CRM

    def _start(self, work: Work) -> bool:
        """Start all that may start; whether anything is under way then."""
        while True:
            self._start_gets(work)
            self._start_asks(work)
            # A batch just taken up has made room.
            self._start_gets(work)
            if self._gets or self._asks:
                return True
            if not self._more_to_come():
                return False

    def _start_gets(self, work: Work) -> None:
        while self._more_to_come() and len(self._gets) < self._most_gets and work.has_room():
            if self._ready:
                self._step(self._ready.pop())
            else:
                self._step(self._patient.popleft())

    def _start_asks(self, work: Work) -> None:
        while self._crm_task is None:
            if self._unmet and not self._met:
                task: Running | None = work.meet()
            else:
                nothing_to_come = not (self._gets or self._more_to_come())
                task = work.next_for_crm(nothing_to_come)
            if task is None:
                return
            self._crm_task = task
            self._step(task)

    def _more_to_come(self) -> bool:
        return bool(self._ready or self._patient)

    def _take(self, future: Future[Any]) -> None:
        of_source = future in self._gets
        try:
            self._answer(future)
        except RunError as error:
            if not of_source:
                raise
            self._failure = self._failure or error
            # Nothing more is looked for; what is at hand is still fetched, unless Apten is down for everybody.
            self._patient.clear()
            if self._failed_in_a_row > MANY_FAILURES * self._concurrency:
                self._ready.clear()

    def _answer(self, future: Future[Any]) -> None:
        error = future.exception()
        if future in self._asks:
            task = self._asks.pop(future)
        else:
            task = self._gets.pop(future)
            self._failed_in_a_row = self._failed_in_a_row + 1 if isinstance(error, RetryableError) else 0
            if isinstance(error, RetryableError) and self._failed_in_a_row > MANY_FAILURES * self._concurrency:
                raise _given_up(error) from error
        self._step(task, None if error else future.result(), error)

    def _step(self, task: Running, value: Any = None, error: BaseException | None = None) -> None:
        """Resume a task with its answer and take up its next request."""
        try:
            request = task.throw(error) if error is not None else task.send(value)
        except StopIteration:
            self._ended(task)
            return
        except RetryableError as last:
            raise _given_up(last) from last
        match request.side:
            case Side.SOURCE:
                self._gets[self._submit(Side.SOURCE, self._pace.paced(request.send))] = task
            case Side.CRM if request.once:
                self._asks[self._workers.submit(Side.CRM, request.send)] = task
            case Side.CRM:
                self._asks[self._submit(Side.CRM, request.send)] = task
            case Side.ROOM if self._failure is None:
                self._patient.append(task)
            case Side.ROOM:
                task.close()
            case Side.MEETING if self._met:
                self._ready.append(task)
            case Side.MEETING:
                self._unmet.append(task)

    def _submit(self, side: Side, send: Callable[[], Any]) -> Future[Any]:
        return self._workers.submit(side, partial(self._attempts, send))

    def _ended(self, task: Running) -> None:
        if task is not self._crm_task:
            return
        self._crm_task = None
        # The first task for the CRM is the meeting: whoever waited for it may go on.
        self._met = True
        self._ready.extend(self._unmet)
        self._unmet.clear()

    def _finish_write(self) -> None:
        """A run that stops early still takes the CRM's answer under way, so that its receipts are recorded."""
        for future, task in self._asks.items():
            if not future.done():
                self._workers.wait([future])
            if future.exception() is None:
                with contextlib.suppress(StopIteration, ConnectorError):
                    task.send(future.result())
        self._asks.clear()


def _given_up(error: RetryableError) -> OutOfAttemptsError:
    asked = error.retry_after or 0.0
    too_long = asked > LONGEST_ASKED_WAIT
    why = f"It asked for {asked:,.0f} s, longer than a run waits" if too_long else "Every attempt failed"
    return OutOfAttemptsError(
        error.happened,
        done=f"{why}, so the run was stopped; what it had finished is recorded.",
        todo=error.todo or "The next run goes on from here by itself.",
    )
