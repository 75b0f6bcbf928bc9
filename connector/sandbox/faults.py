"""Faults on order: what a stand-in does wrong, to which request, before or after the request took effect."""

from __future__ import annotations

import asyncio
import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        when: before the effect (the request never happened) or after it (only its answer is lost).
        status: answer with this status, `body` and `headers`; None leaves the true answer as it is.
        body: the answer's body; any bytes, so also garbage.
        headers: extra headers, e.g. `Retry-After`.
        delay: seconds to wait first.
        drop: close the connection without an answer.
    """

    match: str = ""
    when: When = When.BEFORE
    status: int | None = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False


class FaultQueue:
    """Faults waiting for their request. Each fault serves `times` requests; the first that matches is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault, *, times: int = 1) -> None:
        """Queue a fault for the next `times` requests it matches."""
        with self._lock:
            self._waiting.append((fault, times))

    def clear(self) -> None:
        """Forget all faults that have not shown."""
        with self._lock:
            self._waiting.clear()

    def take(self, request: str) -> Fault | None:
        """The fault for this request (`METHOD /path?query`), used up once more; None for none."""
        with self._lock:
            for index, (fault, times) in enumerate(self._waiting):
                if re.search(fault.match, request):
                    if times > 1:
                        self._waiting[index] = (fault, times - 1)
                    else:
                        del self._waiting[index]
                    return fault
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
        misbehaves = fault.drop or fault.status is not None
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.when is When.AFTER and misbehaves:
            await self._app(scope, receive, _unsent)
        if fault.drop:
            scope["drop_connection"]()
        elif fault.status is not None:
            await _answer(fault, send)
        else:
            await self._app(scope, receive, send)


def request_line(scope: Scope) -> str:
    """`METHOD /path?query` of an HTTP request."""
    query = scope["query_string"].decode("latin-1")
    return f"{scope['method']} {scope['path']}" + (f"?{query}" if query else "")


async def _unsent(_message: Message) -> None:
    """Swallow the true answer."""


async def _answer(fault: Fault, send: Send) -> None:
    headers = {"content-type": "application/json", "content-length": str(len(fault.body)), **fault.headers}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": raw})
    await send({"type": "http.response.body", "body": fault.body})
