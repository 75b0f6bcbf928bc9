"""One GET at a time to Apten: headers, limits, and what each status means."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from connector.apten.body import read_json
from connector.apten.connections import Connections
from connector.apten.failures import no_such_thing, refusal, translated
from connector.apten.headers import server_time
from connector.errors import ConfigError, ConnectorError, CredentialsError
from connector.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

MOST_CONNECTIONS = 16
"""With more, what a sync does between requests fills the one core that Python uses."""
_HEADERS = {
    "accept": "application/json",
    "accept-encoding": "gzip",
    "connection": "keep-alive",
    "user-agent": "apten-crm-connector",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded answer, and Apten's time when it was given."""

    json: Any
    server_time: datetime | None


class AptenHttp:
    """Requests to one address, safe to share between threads. Its arguments and errors are those of `Apten`.

    `usage` is what was sent and received so far, `server_time` Apten's time as of its last answer.
    """

    def __init__(
        self, base_url: str, api_key: str, *, connections: int, timeout: float, ca_file: Path | None = None
    ) -> None:
        if not (api_key.isascii() and api_key.isprintable() and api_key.split() == [api_key]):
            raise CredentialsError(
                "`apten.api_key` is empty or holds characters that no API key has.",
                todo="Copy the key from Apten anew.",
            )
        self._root = base_url.rstrip("/")
        self._key = SecretStr(api_key)
        self._timeout = timeout
        self._extensions = {"timeout": httpx.Timeout(timeout).as_dict()}
        self.usage, self._counting = Usage(), threading.Lock()
        self.server_time: datetime | None = None
        with translated("GET /"):
            address = httpx.URL(self._root)
            if address.scheme not in {"http", "https"} or not address.host:
                raise httpx.UnsupportedProtocol("")
        self.host, self.netloc = address.host, address.netloc.decode("ascii")
        try:
            self._connections = Connections(address, min(connections, MOST_CONNECTIONS), ca_file)
        except (ImportError, OSError, ValueError):
            raise ConfigError(
                "The proxy or certificate settings of the environment cannot be used.",
                todo="Check HTTPS_PROXY, ALL_PROXY, NO_PROXY and SSL_CERT_FILE.",
            ) from None

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        malformed: ConnectorError | None = None,
        of_one: bool = True,
    ) -> Answer | None:
        """The answer to one GET; None where Apten has no such thing.

        Args:
            path: the path below the base address, its segments escaped.
            params: the query.
            malformed: what to raise if Apten finds the request malformed (400). A request without parameters has
                only its id for that, and an id Apten finds malformed is none of its own.
            of_one: whether the request is about one call or lead, so that what is odd about the answer is its own.

        Raises:
            CredentialsError: the key was refused.
            SetupError: anything else that a person must change.
            RetryableError: no answer, a broken one, or one that says "not now".
        """
        request = f"GET {path}"
        self._count(sent=1)
        with (
            translated(request),
            self._connections.lend() as connection,
            closing(connection.handle_request(self._request(path, params))) as response,
        ):
            try:
                return self._read(response, request, malformed, of_one=of_one)
            finally:
                self._count(received=response.num_bytes_downloaded)

    def _request(self, path: str, params: Mapping[str, str] | None) -> httpx.Request:
        return httpx.Request(
            "GET",
            self._root + path,
            params=params,
            headers={**_HEADERS, "x-api-key": self._key.get_secret_value()},
            extensions=self._extensions,
        )

    def _read(
        self, response: httpx.Response, request: str, malformed: ConnectorError | None, *, of_one: bool
    ) -> Answer | None:
        if response.status_code == HTTPStatus.OK:
            body = read_json(response, request, deadline=time.monotonic() + self._timeout)
            told = server_time(response.headers)
            self.server_time = told or self.server_time
            return Answer(body, told)
        if malformed and response.status_code == HTTPStatus.BAD_REQUEST:
            raise malformed
        if no_such_thing(response):
            return None
        raise refusal(response, request, of_one=of_one)

    def _count(self, *, sent: int = 0, received: int = 0) -> None:
        with self._counting:
            known = self.usage
            self.usage = replace(known, sent=known.sent + sent, bytes_received=known.bytes_received + received)
