"""A webhook that takes messages, as Slack's do: served over real HTTP, and able to fail as ordered."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from connector.sandbox.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

TOKEN = "T0CANARY/B0canary/xoCanaryWebhookToken"
"""The part of its address that must not be shown."""


@dataclass
class Receiver:
    """What came in; `server` takes faults."""

    server: LocalServer
    bodies: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.server.url}/services/{TOKEN}"

    @property
    def texts(self) -> list[str]:
        """The messages as people read them."""
        return [unescape(body["text"]) for body in self.bodies]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A webhook for as long as the context is open."""

    async def take(request: Request) -> PlainTextResponse:
        receiver.bodies.append(await request.json())
        return PlainTextResponse("ok")

    app = Starlette(routes=[Route(f"/services/{TOKEN}", take, methods=["POST"])])
    receiver = Receiver(LocalServer(app))
    with receiver.server:
        yield receiver
