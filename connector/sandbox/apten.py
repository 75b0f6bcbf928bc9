"""Stands in for Apten's API, as far as it is documented: same paths, same paging, same refusals, from a `World`."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from connector.sandbox.shelf import Position, Row, Shelf, join, read_stamp, to_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request

    from connector.sandbox.world import World

_LARGEST_PAGE, _USUAL_PAGE = 1000, 100


@dataclass(slots=True)
class RefusedError(Exception):
    """Why a request is not served, as the client gets to see it."""

    status: HTTPStatus
    message: str


class AptenStandIn:
    """Apten's API over a world, under `/v1`. Serve `app` with `LocalServer`.

    Args:
        world: what it shows; may be changed while it is served.
        api_key: what requests must carry in `x-api-key`.
        now: Apten's clock (aware UTC): the `Date` of every answer, and when what is to come `later` shows.

    Attributes:
        token_expired: asked for each page token that comes back; where it says yes, the token is refused (400).
        largest_page: rows that a page holds at most, however many are asked for.
        tokens_repeat: whether every page but a listing's first leads to itself, so that the listing never ends.
    """

    def __init__(self, world: World, *, api_key: str = "sandbox-key", now: Callable[[], datetime]) -> None:
        self.token_expired: Callable[[], bool] = lambda: False
        self.largest_page = _LARGEST_PAGE
        self.tokens_repeat = False
        self._world = world
        self._api_key = api_key
        self._now = now
        routes = [
            Route("/leads", self._answering(self._leads)),
            Route("/leads/{id:path}/events", self._answering(self._events)),
            Route("/leads/{id:path}", self._answering(self._lead)),
            Route("/calls/{id:path}", self._answering(self._call)),
        ]
        self.app = Starlette(routes=[Mount("/v1", routes=routes)])

    def _answering(self, answer: Callable[[Request], bytes]) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            now, status = self._now(), HTTPStatus.OK
            try:
                self._check_key(request)
                with self._world.lock:
                    self._world.catch_up(now)
                    body = answer(request)
            except RefusedError as refused:
                status, body = refused.status, to_json({"message": refused.message})
            date = format_datetime(now, usegmt=True)
            return Response(body, status, {"date": date}, media_type="application/json")

        return endpoint

    def _check_key(self, request: Request) -> None:
        if request.headers.get("x-api-key") != self._api_key:
            raise RefusedError(HTTPStatus.FORBIDDEN, "Forbidden")

    def _leads(self, request: Request) -> bytes:
        query = request.query_params
        updated, created = _stamp(query, "updatedSince"), _stamp(query, "createdSince")
        since = updated or created
        if since is None:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "updatedSince or createdSince is required")
        leads = self._world.lead_shelf
        rows, token = self._page(query, leads, "updatedAt" if updated else "createdAt", since)
        if updated and created:
            rows = [row for row in rows if read_stamp(row["createdAt"]) >= created]
        return _body("leads", leads, rows, token)

    def _events(self, request: Request) -> bytes:
        query = request.query_params
        since = _stamp(query, "since")
        if since is None:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "since is required")
        events = self._world.event_shelf(request.path_params["id"])
        if events is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, "Lead not found")
        rows, token = self._page(query, events, "updatedAt", since)
        if types := query.get("types"):
            # Filtered after paging: pages may be short, even empty, while more follow.
            rows = [row for row in rows if row["type"] in types.split(",")]
        return _body("events", events, rows, token)

    def _lead(self, request: Request) -> bytes:
        return _one(self._world.lead_shelf, request, "Lead not found")

    def _call(self, request: Request) -> bytes:
        return _one(self._world.call_shelf, request, "Call not found")

    def _page(
        self, query: Mapping[str, str], shelf: Shelf, stamp: str, since: datetime
    ) -> tuple[list[Row], str | None]:
        presented = query.get("nextToken")
        after = None if presented is None else self._position(presented)
        rows, end = shelf.page(stamp, since=since, after=after, limit=min(_limit(query), self.largest_page))
        return rows, presented if presented and self.tokens_repeat else end and _token(end)

    def _position(self, token: str) -> Position:
        if self.token_expired():
            raise RefusedError(HTTPStatus.BAD_REQUEST, "nextToken has expired")
        try:
            stamp, row_id = json.loads(urlsafe_b64decode(token.encode("ascii")))
            return read_stamp(stamp), str(row_id)
        except (ValueError, TypeError):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "nextToken is malformed") from None


def _token(position: Position) -> str:
    """Where to search on, and nothing of what is searched for: as the documented sample."""
    at, row_id = position
    return urlsafe_b64encode(json.dumps([at.isoformat(), row_id]).encode()).decode()


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit", str(_USUAL_PAGE))
    if text.isdecimal() and 1 <= int(text) <= _LARGEST_PAGE:
        return int(text)
    raise RefusedError(HTTPStatus.BAD_REQUEST, f"limit must be between 1 and {_LARGEST_PAGE}")


def _stamp(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        return read_stamp(text)
    except ValueError:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"{name} is not a time") from None


def _one(shelf: Shelf, request: Request, missing: str) -> bytes:
    row_id = request.path_params["id"]
    if row_id not in shelf:
        raise RefusedError(HTTPStatus.NOT_FOUND, missing)
    return shelf.json(row_id)


def _body(name: str, shelf: Shelf, rows: list[Row], token: str | None) -> bytes:
    listed = join(shelf.json(row["id"]) for row in rows)
    return b'{"%s":%s,"nextToken":%s}' % (name.encode(), listed, to_json(token))
