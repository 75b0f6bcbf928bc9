"""The stand-in org over HTTP: the paths the connector uses, under any host name."""

from __future__ import annotations

import json
import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.salesforce import ids, saves
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.describe import describe
from connector.sandbox.salesforce.oauth import Tokens
from connector.sandbox.salesforce.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from starlette.requests import Request

    from connector.sandbox.salesforce.org import SalesforceOrg

_VERSION = re.compile(r"v(\d\d)\.0")
_VERSIONS = range(31, 69)
_LONGEST_URI = 16_384


class SalesforceStandIn:
    """An ASGI application (`app`) that answers for `org`.

    Args:
        org: the state behind it.
        now: its clock, aware UTC.
        consumer_key: the one client it knows,
        consumer_secret: and that client's secret.

    `tokens.expire_all()` ends all sessions; `queries.page` is the most records per page.
    """

    def __init__(
        self,
        org: SalesforceOrg,
        *,
        now: Callable[[], datetime],
        consumer_key: str = "sandbox-consumer-key",
        consumer_secret: str = "sandbox-consumer-secret",  # noqa: S107  # known to everyone, opens nothing
    ) -> None:
        self.org = org
        self.tokens = Tokens(consumer_key, consumer_secret)
        self.queries = Queries(org)
        self._now = now
        data = "/services/data/{version}"
        collection = data + "/composite/sobjects"
        self.app = Starlette(
            routes=[
                Route("/services/oauth2/token", self._token, methods=["POST"]),
                self._route(data + "/sobjects/{object}/describe", "GET", self._describe),
                self._route(collection, "POST", self._create),
                self._route(collection, "PATCH", self._update),
                self._route(collection + "/{object}/{key}", "PATCH", self._upsert),
                self._route(data + "/query", "GET", self._query),
                self._route(data + "/query/", "GET", self._query),
                self._route(data + "/queryAll", "GET", self._query_all),
                self._route(data + "/queryAll/", "GET", self._query_all),
                self._route(data + "/query/{cursor}", "GET", self._more),
                self._route(data + "/limits", "GET", self._limits),
                self._route(data + "/limits/", "GET", self._limits),
            ],
            exception_handlers={404: self._unknown_path, 405: self._unknown_path},
        )

    def _route(self, path: str, method: str, answer: Callable[[Request], Awaitable[Any]]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                self._admit(request)
                return self._reply(200, await answer(request))
            except RequestError as error:
                return self._reply(error.status, error.body)

        return Route(path, endpoint, methods=[method])

    def _admit(self, request: Request) -> None:
        """Session, version and quota, in this order; what passes counts."""
        if not self.tokens.accepts(request.headers.get("authorization", "")):
            raise RequestError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        version = _VERSION.fullmatch(request.path_params["version"])
        if version is None:
            raise RequestError(404, "NOT_FOUND", "The requested resource does not exist")
        if int(version[1]) not in _VERSIONS:
            raise RequestError(410, "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL")
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > _LONGEST_URI:
            raise RequestError(414, "URI_TOO_LONG", "The URI is too long")
        if self.org.requests_used >= self.org.daily_requests:
            raise RequestError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        self.org.requests_used += 1

    def _reply(self, status: int, body: Any) -> JSONResponse:
        usage = f"api-usage={self.org.requests_used}/{self.org.daily_requests}"
        return JSONResponse(body, status, headers={"Sforce-Limit-Info": usage, "Date": self._date()})

    def _date(self) -> str:
        return format_datetime(self._now(), usegmt=True)

    async def _token(self, request: Request) -> Response:
        status, body = self.tokens.answer(
            request.headers.get("authorization", ""),
            await request.body(),
            request.headers["host"],
            self.org.id,
            self._now(),
        )
        return JSONResponse(body, status, headers={"Date": self._date()})

    async def _unknown_path(self, _request: Request, _error: Exception) -> Response:
        return self._reply(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])

    async def _describe(self, request: Request) -> Any:
        _only_tasks(request)
        return describe("Task", ids.TASK, self.org.fields.values())

    async def _create(self, request: Request) -> Any:
        return saves.create(self.org, await _body(request), self._now())

    async def _update(self, request: Request) -> Any:
        return saves.update(self.org, await _body(request), self._now())

    async def _upsert(self, request: Request) -> Any:
        _only_tasks(request)
        return saves.upsert(self.org, request.path_params["key"], await _body(request), self._now())

    async def _query(self, request: Request) -> Any:
        return self._first_page(request, everything=False)

    async def _query_all(self, request: Request) -> Any:
        return self._first_page(request, everything=True)

    def _first_page(self, request: Request, *, everything: bool) -> Any:
        query = request.query_params.get("q", "")
        return self.queries.run(query, request.path_params["version"], everything=everything)

    async def _more(self, request: Request) -> Any:
        return self.queries.more(request.path_params["cursor"], request.path_params["version"])

    async def _limits(self, _request: Request) -> Any:
        left = max(0, self.org.daily_requests - self.org.requests_used)
        return {"DailyApiRequests": {"Max": self.org.daily_requests, "Remaining": left}}


def _only_tasks(request: Request) -> None:
    if request.path_params["object"] != "Task":
        raise RequestError(404, "NOT_FOUND", "The requested resource does not exist")


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        raise RequestError(400, "JSON_PARSER_ERROR", "Unexpected character at [line:1, column:1]") from None
