"""Workers without threads: requests are sent and their answers come in an order that the dice say."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from connector.sandbox.dice import Dice
    from connector.sync.task import Side


class SeededWorkers:
    """Satisfies `sync.workers.Workers`. An answer may be older than others that come before it."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._unsent: dict[Future[Any], Callable[[], Any]] = {}

    def submit(self, side: Side, send: Callable[[], Any]) -> Future[Any]:
        del side
        future: Future[Any] = Future()
        self._unsent[future] = send
        return future

    def wait(self, under_way: Collection[Future[Any]]) -> Collection[Future[Any]]:
        for future in self._dice.sample(list(under_way), len(under_way)):
            if future in self._unsent and self._dice.chance(50):
                self._send(future)
        answered = [future for future in under_way if future.done()] or [self._dice.choice(list(under_way))]
        first = self._dice.choice(answered)
        if first in self._unsent:
            self._send(first)
        return [first]

    def close(self) -> None:
        """Requests that were sent have been answered; the others never are."""
        self._unsent.clear()

    def _send(self, future: Future[Any]) -> None:
        send = self._unsent.pop(future)
        try:
            future.set_result(send())
        except BaseException as error:  # noqa: BLE001  # a future takes whatever its request raises, as in a thread
            future.set_exception(error)
