"""Serves a stand-in over real HTTP on loopback, from a thread of this process."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from connector.sandbox.faults import FaultQueue, Faulty, request_line

if TYPE_CHECKING:
    from types import TracebackType

    from starlette.types import ASGIApp, Receive, Scope, Send

_START_SECONDS = 10.0


class LocalServer:
    """Serves `app` on 127.0.0.1 while the context is open.

    Args:
        app: the stand-in, an ASGI application.
        port: 0 takes any free port. One that is taken raises OSError on entering.

    `url` is the server's root, `faults` the queue of things to go wrong, `requests` every `METHOD /path?query` seen.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self.faults = FaultQueue()
        self.requests: list[str] = []
        self._app = Faulty(app, self.faults)
        self._port = port
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self.url = ""

    def __enter__(self) -> Self:
        # Only where the protocol is named does asyncio switch off Nagle's algorithm, which costs 40 ms an answer.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", self._port))
        except OSError:
            listening.close()
            raise
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # `date_header=False`: the stand-ins answer with their own clock's `Date`.
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            proxy_headers=False,
            http=self._protocol(),
            lifespan="off",
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            timeout_keep_alive=30,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="stand-in", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the stand-in did not start")
            time.sleep(0.005)
        self._listening = listening
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.end()
        self._thread.join()
        self._listening.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.append(request_line(scope))
        scope["drop_connection"] = partial(self._drop, tuple(scope["client"]))
        await self._app(scope, receive, send)

    def _drop(self, client: tuple[str, int]) -> None:
        transport = self._transports.get(client)
        if transport is not None:
            # With a reset, as of a machine that is no longer there, and not with a farewell.
            line: socket.socket = transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()

    def _protocol(self) -> type[asyncio.Protocol]:
        transports = self._transports

        class Protocol(H11Protocol):
            """Remembers its transport, so that a fault can cut the line."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
                super().connection_made(transport)
                transports[transport.get_extra_info("peername")[:2]] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                transports.pop(self.transport.get_extra_info("peername")[:2], None)

        return Protocol


class _Server(uvicorn.Server):
    """Ends at once, where uvicorn looks ten times a second whether it should, then waits for its clients to leave."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    def end(self) -> None:
        """End, from another thread."""
        self._loop.call_soon_threadsafe(self._ended.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self._ended.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        del sockets
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
