"""The stand-in org over HTTP: its door (session, version, quota) and the header on every answer."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.salesforce import limits, soap
from connector.sandbox.salesforce.answers import Reply, RequestError
from connector.sandbox.salesforce.oauth import Tokens
from connector.sandbox.salesforce.org import API_VERSIONS
from connector.sandbox.salesforce.queries import Queries
from connector.sandbox.salesforce.resources import Resources

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.resources import Resource

_VERSION = re.compile(r"v(\d\d)\.0")
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
        self.tokens = Tokens(org.id, consumer_key, consumer_secret)
        self.queries = Queries(org)
        self._now = now
        resources = Resources(org, self.queries, now)
        self.app = _WithTidySlashes(
            Starlette(
                routes=[
                    Route("/services/oauth2/token", self._token, methods=["POST"]),
                    Route("/services/oauth2/userinfo", self._user_info, methods=["GET"]),
                    Route("/services/Soap/u/{version}", self._soap_login, methods=["POST"]),
                    Route("/services/data", self._versions, methods=["GET"]),
                    *(self._route(each) for each in resources.all()),
                ],
                exception_handlers={404: self._unknown_path, 405: self._unknown_path},
            )
        )

    def _route(self, resource: Resource) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                self._admit(request)
                limits.charge(self.org, resource.kind)
                answer = await resource.answer(request)
            except RequestError as error:
                return self._reply(error.status, error.body)
            return self._reply(answer.status, answer.body) if isinstance(answer, Reply) else self._reply(200, answer)

        return Route("/services/data/{version}" + resource.path, endpoint, methods=[resource.method])

    def _admit(self, request: Request) -> None:
        """Session, version, length of the address and API access, in this order."""
        if not self.tokens.accepts(request.headers.get("authorization", "")):
            raise RequestError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        version = _VERSION.fullmatch(request.path_params["version"])
        if version is None:
            raise RequestError.not_found()
        if int(version[1]) not in API_VERSIONS:
            raise RequestError(410, "UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL")
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > _LONGEST_URI:
            raise RequestError(414, "URI_TOO_LONG", "The URI is too long")
        if not self.org.access.may("ApiEnabled"):
            raise RequestError(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner")

    def _reply(self, status: int, body: Any = None) -> Response:
        headers = {**limits.usage(self.org), "Date": self._date()}
        return Response(None, status, headers) if body is None else JSONResponse(body, status, headers)

    def _date(self) -> str:
        return format_datetime(self._now(), usegmt=True)

    async def _token(self, request: Request) -> Response:
        status, body = self.tokens.answer(
            request.headers.get("authorization", ""),
            await request.body(),
            request.headers["host"],
            self._now(),
        )
        return JSONResponse(body, status, headers={"Date": self._date()})

    async def _versions(self, _request: Request) -> Response:
        """The API versions there are, to anybody who asks."""
        found = [{"label": f"v{n}", "url": f"/services/data/v{n}.0", "version": f"{n}.0"} for n in API_VERSIONS]
        return JSONResponse(found, headers={"Date": self._date()})

    async def _user_info(self, request: Request) -> Response:
        if not self.tokens.accepts(request.headers.get("authorization", "")):
            return Response("Bad_OAuth_Token", 403, media_type="text/html")
        user = {"user_id": self.org.user_id, "organization_id": self.org.id, "preferred_username": self.tokens.username}
        return JSONResponse(user, headers={"Date": self._date()})

    async def _soap_login(self, request: Request) -> Response:
        body, host = await request.body(), request.headers["host"]
        status, text = soap.login(self.tokens, request.path_params["version"], body, host)
        return Response(text, status, media_type="text/xml", headers={"Date": self._date()})

    async def _unknown_path(self, _request: Request, _error: Exception) -> Response:
        return self._reply(404, RequestError.not_found().body)


class _WithTidySlashes:
    """Salesforce does not mind a slash at the end of a path, nor two at its beginning, and clients send both."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            path = "/" + scope["path"].lstrip("/")
            scope = {**scope, "path": path[:-1] if scope["raw_path"].endswith(b"/") else path}
        await self._app(scope, receive, send)
