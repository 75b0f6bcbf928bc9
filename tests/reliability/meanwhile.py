"""Something happens at a stand-in while a request is on its way there."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from connector.sandbox.faults import request_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Receive, Scope, Send

    from connector.sandbox.server import LocalServer


@contextmanager
def meanwhile(server: LocalServer, match: str, happens: Callable[[], None]) -> Iterator[list[int]]:
    """Let it happen right before the first request that matches is served; yields how often it did, in a list."""
    inner, times = server._app, [0]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not times[0] and re.search(match, request_line(scope)):
            times[0] += 1
            happens()
        await inner(scope, receive, send)

    server._app = app  # type: ignore[assignment]  # any ASGI application will do
    try:
        yield times
    finally:
        server._app = inner
