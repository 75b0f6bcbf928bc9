"""How requests reach Salesforce: a `requests` session that never waits for ever and never goes where it should not.

simple-salesforce sets no time-outs and writes `https://` into every address, so both are settled below it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from connector.crms.salesforce.exchange import Answer

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

_CONNECT_SECONDS = 10.0
_USAGE = re.compile(r"\bapi-usage=(\d+)/(\d+)")


class Transport(HTTPAdapter):
    """Sends every request with a time-out, and to `base_url` if there is one, under its own host name all the same.

    Args:
        timeout: seconds to wait for an answer.
        base_url: a proxy or stand-in that takes all requests, logins included.

    `answer` is the last answer without its body, None if none came; `usage` the org's API requests (used, allowed).
    """

    def __init__(self, *, timeout: float, base_url: str | None) -> None:
        super().__init__()
        self._timeout = (_CONNECT_SECONDS, timeout)
        self._base_url = base_url
        self.answer: Answer | None = None
        self.usage: tuple[int, int] | None = None

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send one request; see HTTPAdapter."""
        self.answer = None
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        if self._base_url is not None:
            kwargs["proxies"] = {}
            _redirect(request, self._base_url)
        response = super().send(request, *args, **kwargs)
        self.answer = Answer(response.status_code, response.headers)
        usage = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if usage:
            self.usage = int(usage[1]), int(usage[2])
        return response


def open_session(transport: Transport) -> requests.Session:
    """A session that sends everything through the transport, and plain http, redirects and .netrc nowhere."""
    session = requests.Session()
    session.adapters.clear()
    session.mount("https://", transport)
    session.max_redirects = 0
    session.auth = _as_it_is
    session.headers["User-Agent"] = "apten-crm-connector"
    return session


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    """No authentication but the one the request carries; without this, requests would look into .netrc."""
    return request


def _redirect(request: PreparedRequest, base_url: str) -> None:
    asked, base = urlsplit(str(request.url)), urlsplit(base_url)
    request.headers["Host"] = asked.netloc
    request.url = urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + asked.path, asked.query, ""))
