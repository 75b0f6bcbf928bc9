"""A gate before a stand-in: requests wait there until it is opened, so that two processes are sure to meet."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

    from connector.sandbox.server import LocalServer


@contextmanager
def gate(server: LocalServer) -> Iterator[threading.Event]:
    """Hold back every request to the server until the event is set, or the block ends."""
    inner, is_open = server._app, threading.Event()

    async def held(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(is_open.wait)
        await inner(scope, receive, send)

    server._app = held  # type: ignore[assignment]  # any ASGI application will do
    try:
        yield is_open
    finally:
        is_open.set()
        server._app = inner
