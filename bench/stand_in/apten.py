"""Apten's API over a lazy world: the documented paths and paging, and as little work as possible."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bench.stand_in.world import number_of

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from bench.stand_in.world import World

_USUAL_PAGE = 100


class Apten:
    """An ASGI application that answers for `world` to whoever brings a key."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        body = self._answer(scope["path"].split("/")[2:], scope["query_string"])
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"date", formatdate(usegmt=True).encode()),
        ]
        await send({"type": "http.response.start", "status": 200 if body else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, path: list[str], query: bytes) -> bytes:
        world = self._world
        match path:
            case ["calls", call]:
                return world.call_json(number_of(call))
            case ["leads", lead, "events"]:
                since = _since(_parameters(query)["since"])
                calls = [call for call in world.calls_of(number_of(lead)) if world.changed_at(call) >= since]
                return b'{"events":[%s],"nextToken":null}' % b",".join(map(world.event_json, calls))
            case ["leads"]:
                return self._page(_parameters(query))
            case ["leads", lead]:
                return world.lead_json(number_of(lead))
            case _:
                return b""

    def _page(self, query: dict[str, str]) -> bytes:
        token = query.get("nextToken")
        first = int(token) if token else self._world.first_lead_since(_since(query["updatedSince"]))
        end = first + int(query.get("limit", _USUAL_PAGE))
        rows = b",".join(map(self._world.lead_json, range(first, min(end, self._world.leads))))
        following = b"null" if end >= self._world.leads else b'"%d"' % end
        return b'{"leads":[%s],"nextToken":%s}' % (rows, following)


def kind(scope: Scope) -> str:
    """What a request is counted as."""
    match scope["path"].split("/")[2:]:
        case ["leads"]:
            return "leads"
        case ["leads", _, "events"]:
            return "events"
        case ["leads", _]:
            return "lead"
        case _:
            return "call"


def _parameters(query: bytes) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query.decode()).items()}


def _since(text: str) -> datetime:
    # Listings are told apart to the millisecond, and stamps are sent rounded down to it.
    return datetime.fromisoformat(text)
