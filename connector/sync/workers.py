"""Who sends a run's requests: threads, unless a run is handed somebody else."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from connector.sync.task import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Workers(Protocol):
    """Send requests for the loop, which alone decides how many are under way."""

    def submit(self, side: Side, send: Callable[[], Any]) -> Future[Any]:
        """Have a request sent to Apten or the CRM."""

    def wait(self, under_way: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Those of them that are done, as soon as one is; each is told once."""

    def close(self) -> None:
        """Let what was sent come to its end; nothing is sent any more."""


class Threads:
    """Satisfies `Workers`: a pool of threads for Apten, and one thread for the CRM, whose adapter takes no more.

    Args:
        concurrency: requests to Apten under way at once.
    """

    def __init__(self, concurrency: int) -> None:
        self._source = ThreadPoolExecutor(concurrency, "source")
        self._crm = ThreadPoolExecutor(1, "crm")
        # Each comes by once. To wait for all that are under way takes a lock of each, time and again.
        self._done: SimpleQueue[Future[Any]] = SimpleQueue()

    def submit(self, side: Side, send: Callable[[], Any]) -> Future[Any]:
        """Have a request sent to Apten or the CRM."""
        pool = self._crm if side is Side.CRM else self._source
        future = pool.submit(send)
        future.add_done_callback(self._done.put)
        return future

    def wait(self, under_way: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Those of them that are done, as soon as one is."""
        done: list[Future[Any]] = []
        while not done or not self._done.empty():
            future = self._done.get()
            if future in under_way:
                done.append(future)
        return done

    def close(self) -> None:
        """Let what was sent come to its end; nothing is sent any more."""
        self._source.shutdown(cancel_futures=True)
        self._crm.shutdown(cancel_futures=True)
