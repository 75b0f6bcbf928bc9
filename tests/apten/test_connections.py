"""How many connections one client opens, however many threads use it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.apten.client import Apten
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import to_json
from tests.apten.serving import KEY
from tests.contracts.source import NOW, call_row

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Busy:
    """Answers any request for a call after a moment, and counts how many are under way and by which connections."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.clients: set[tuple[str, int]] = set()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.clients.add(tuple(scope["client"]))
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": to_json(call_row("call", "lead", NOW))})


@pytest.mark.parametrize(("asked", "most"), [(8, 8), (64, 16)])
def test_connections_are_reused_and_never_more_than_asked_for_nor_than_sixteen(asked: int, most: int) -> None:
    busy = Busy()
    with (
        LocalServer(busy) as server,
        closing(Apten(server.url, KEY, connections=asked, timeout=10)) as source,
        ThreadPoolExecutor(32) as pool,
    ):
        calls = list(pool.map(source.call, ["call"] * 96))
    assert len(calls) == 96
    assert busy.most <= most
    assert len(busy.clients) <= most
