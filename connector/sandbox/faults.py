"""Faults on order: what a stand-in does wrong, to which request, before or after the request took effect."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class When(StrEnum):
    """Whether the stand-in's state changes before the fault shows."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour.

    Args:
        match: regular expression searched in `METHOD /path?query`.
        when: before the effect (the request never happened) or after it (only its answer is lost, or late).
        status: answer with this status, `body` and `headers`; None leaves the true answer as it is.
        body: the answer's body; any bytes, so also garbage.
        headers: extra headers, e.g. `Retry-After`.
        delay: seconds to wait before anything is answered.
        drop: reset the connection without an answer; where the true one is spoiled, after what is left of it.
        spoil: makes another body of the true answer's; it goes out in chunks, so that no length is announced.
        drip: seconds between two bytes of a spoiled answer.
        shows: called when the fault shows.
    """

    match: str = ""
    when: When = When.BEFORE
    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    spoil: Callable[[bytes], bytes] | None = None
    drip: float = 0.0
    shows: Callable[[], object] = lambda: None


@dataclass(slots=True, eq=False)
class _Waiting:
    fault: Fault
    times: int
    after: int


class FaultQueue:
    """Faults waiting for their request. Each fault serves `times` requests; the first that matches is taken.

    `shown` counts the requests that met one.
    """

    def __init__(self) -> None:
        self.shown = 0
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """Queue a fault for `times` requests it matches, once it has let so many of them pass."""
        with self._lock:
            self._waiting.append(_Waiting(fault, times, after))

    def clear(self) -> None:
        """Forget all faults that have not shown."""
        with self._lock:
            self._waiting.clear()

    def take(self, request: str) -> Fault | None:
        """The fault for this request (`METHOD /path?query`), used up once more; None for none."""
        with self._lock:
            for waiting in self._waiting:
                if not re.search(waiting.fault.match, request):
                    continue
                if waiting.after:
                    waiting.after -= 1
                    continue
                self.shown += 1
                waiting.times -= 1
                if not waiting.times:
                    self._waiting.remove(waiting)
                return waiting.fault
        return None


class Faulty:
    """ASGI middleware that lets the queue's faults happen."""

    def __init__(self, app: ASGIApp, faults: FaultQueue) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or misbehave as ordered."""
        fault = self._faults.take(request_line(scope)) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        fault.shows()
        answer: list[Message] = []
        if fault.when is When.AFTER or fault.spoil:
            await self._app(scope, receive, _into(answer))
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.spoil:
            await _spoiled(fault, answer, send)
        if fault.drop:
            scope["drop_connection"]()
        elif fault.spoil:
            await send({"type": "http.response.body"})
        elif fault.status is not None:
            await _answer(fault, send)
        elif answer:
            for message in answer:
                await send(message)
        else:
            await self._app(scope, receive, send)


def request_line(scope: Scope) -> str:
    """`METHOD /path?query` of an HTTP request."""
    query = scope["query_string"].decode("latin-1")
    return f"{scope['method']} {scope['path']}" + (f"?{query}" if query else "")


def _into(answer: list[Message]) -> Send:
    """Keep the true answer back."""

    async def keep(message: Message) -> None:
        answer.append(message)

    return keep


async def _spoiled(fault: Fault, answer: list[Message], send: Send) -> None:
    """Send what the fault leaves of the true answer, but not that this is its end."""
    start, *rest = answer
    body = fault.spoil(b"".join(part.get("body", b"") for part in rest)) if fault.spoil else b""
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    given = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers.items()]
    await send({**start, "headers": kept + given})
    parts = [body[at : at + 1] for at in range(len(body))] if fault.drip else [body]
    for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
        await asyncio.sleep(fault.drip)


async def _answer(fault: Fault, send: Send) -> None:
    headers = {"content-type": "application/json", "content-length": str(len(fault.body)), **fault.headers}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": raw})
    await send({"type": "http.response.body", "body": fault.body})
