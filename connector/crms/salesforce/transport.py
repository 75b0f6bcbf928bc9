"""How requests reach Salesforce: a `requests` session that never waits for ever and never goes where it should not.

simple-salesforce sets no time-outs and writes `https://` into every address, so both are settled below it.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context

from connector.crms.salesforce.body import Bounded
from connector.crms.salesforce.deadline import HttpPool, HttpsPool
from connector.crms.salesforce.exchange import Answer
from connector.usage import Usage

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from requests import PreparedRequest, Response
    from urllib3 import HTTPResponse

_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")


class Transport(HTTPAdapter):
    """Sends every request with a time-out, and to `base_url` if there is one, under its own host name all the same.

    Args:
        timeout: seconds until an answer must be whole.
        base_url: a proxy or stand-in that takes all requests, logins included.
        ca_file: certificates to trust besides the usual ones.
        connect_timeout: seconds to wait for a connection, and for each block of a request to go out.

    `answer` is the last answer without its body, None if none came.
    """

    def __init__(
        self, *, timeout: float, base_url: str | None, ca_file: Path | None = None, connect_timeout: float = 10.0
    ) -> None:
        self._timeout = (connect_timeout, timeout)
        self._base_url = base_url
        self._tls = _trusting(ca_file) if ca_file else None
        self.answer: Answer | None = None
        self._usage = Usage()
        self._body: HTTPResponse | None = None
        super().__init__()

    @property
    def usage(self) -> Usage:
        """What was sent and received, and what answers told of the org's requests.

        An answer that tells nothing, as behind some proxies, counts as one request more.
        """
        if self._body is not None:
            # The body is read after `send`, by whoever sent the request.
            self._usage = replace(self._usage, bytes_received=self._usage.bytes_received + self._body.tell())
            self._body = None
        return self._usage

    @usage.setter
    def usage(self, usage: Usage) -> None:
        self._usage = usage

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send one request; see HTTPAdapter."""
        self.answer = None
        size = int(request.headers.get("Content-Length") or 0)
        self.usage = replace(self.usage, sent=self.usage.sent + 1, bytes_sent=self.usage.bytes_sent + size)
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        if isinstance(request.body, bytes):
            # urllib3 wants all of a text to be out within the time-out for connecting, but of a file, one block at a
            # time: 200 calls with their transcripts are several megabytes.
            request.body = io.BytesIO(request.body)  # type: ignore[assignment]  # requests takes files, too
        if self._base_url is not None:
            kwargs["proxies"] = {}
            _redirect(request, self._base_url)
        response = super().send(request, *args, **kwargs)
        self.answer = Answer(response.status_code, response.headers)
        told = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if told:
            self.usage = replace(self.usage, used=int(told[1]), allowed=int(told[2]))
        elif self.usage.used is not None:
            self.usage = replace(self.usage, used=self.usage.used + 1)
        # Last, since to ask for the usage is to count the body as it has been read by then.
        self._body, response.raw = response.raw, Bounded(response.raw)
        return response

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """See HTTPAdapter."""
        super().init_poolmanager(*args, **kwargs)
        _bound(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """See HTTPAdapter."""
        return _bound(super().proxy_manager_for(*args, **kwargs))

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """See HTTPAdapter."""
        host, tls = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host, {**tls, "ssl_context": self._tls} if self._tls else tls


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


def _bound(manager: Any) -> Any:
    manager.pool_classes_by_scheme = {"http": HttpPool, "https": HttpsPool}
    return manager


def _trusting(ca_file: Path) -> ssl.SSLContext:
    """These certificates; the usual ones, or those of REQUESTS_CA_BUNDLE, are added by requests."""
    context = create_urllib3_context()
    context.load_verify_locations(ca_file)
    return context


def _redirect(request: PreparedRequest, base_url: str) -> None:
    asked, base = urlsplit(str(request.url)), urlsplit(base_url)
    request.headers["Host"] = asked.netloc
    request.url = urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + asked.path, asked.query, ""))
