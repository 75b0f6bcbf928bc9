"""Work as generators: a task yields one request at a time and is resumed with its answer.

So each step reads from top to bottom, while the one loop in `run` keeps many of them under way, and ledger, mapping
and links are touched by the main thread alone. Errors of a request are raised inside the task that asked.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias, TypeVar

from connector.errors import ConnectorError

T = TypeVar("T")


class Side(Enum):
    """Who answers a request: Apten, the CRM, or the loop itself (when there is room; once the CRM has been met)."""

    SOURCE = auto()
    CRM = auto()
    ROOM = auto()
    MEETING = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """Something to wait for. `send` runs on a worker thread and must touch nothing but its adapter.

    One to be sent `once` is not sent again by itself, whatever the error.
    """

    side: Side
    send: Callable[[], Any]
    once: bool = False


Task: TypeAlias = Generator[Request, Any, T]

_ROOM = Request(Side.ROOM, lambda: None)
_MEETING = Request(Side.MEETING, lambda: None)


def get(send: Callable[[], T]) -> Task[T]:
    """The answer of a request to Apten; several are under way at a time."""
    answer: T = yield Request(Side.SOURCE, send)
    return answer


def ask(send: Callable[[], T]) -> Task[T]:
    """The answer of a request to the CRM; one is under way at a time."""
    answer: T = yield Request(Side.CRM, send)
    return answer


def ask_once(send: Callable[[], T]) -> Task[T]:
    """The same, but the task has to say itself what is to be done should it fail."""
    answer: T = yield Request(Side.CRM, send, once=True)
    return answer


def straight(task: Task[T], send: Callable[[Callable[[], Any]], Any]) -> T:
    """The result of a task that is run by itself, one request after the other, each of them sent by `send`."""
    try:
        request = next(task)
        while True:
            try:
                answer = send(request.send)
            except ConnectorError as error:
                request = task.throw(error)
            else:
                request = task.send(answer)
    except StopIteration as ended:
        result: T = ended.value
        return result


def room() -> Task[None]:
    """Wait until the loop has room for more tasks."""
    yield _ROOM


def meeting() -> Task[None]:
    """Wait until the CRM has been met, which the first task to ask for it sets going."""
    yield _MEETING
