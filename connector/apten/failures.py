"""The one place where failures of httpx, and refusals by Apten, become errors of ours."""

from __future__ import annotations

import ssl
import zlib
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from connector.apten.headers import retry_after
from connector.errors import (
    ConfigError,
    ConnectorError,
    CredentialsError,
    RateLimitedError,
    SetupError,
    UnreachableError,
)
from connector.unreached import causes, why

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict, zlib.error)
_HAPPENED: dict[type[Exception], str] = {
    httpx.TimeoutException: "Apten did not answer {} in time.",
    httpx.ConnectError: "Apten could not be reached for {}{why}.",
    httpx.ProxyError: "The proxy did not let {} through to Apten.",
    zlib.error: "Apten's answer to {} is badly packed.",
    Exception: "The connection to Apten broke during {}.",
}
_NO_SUCH_THING = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_TRY_LATER = {*_NO_SUCH_THING, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY}
_CHECK_NETWORK = (
    "The next run tries again. If it goes on, check this machine's network, HTTPS_PROXY, if it is set, "
    "and `apten.base_url`."
)
CHECK_ADDRESS = "Check `apten.base_url`; it should read https://api.attent.app/v1."


@contextmanager
def translated(request: str) -> Iterator[None]:
    """Raise failures of httpx as errors of ours. `request` is `GET /path`.

    Raises:
        UnreachableError: no answer, or a broken one.
        ConfigError: the address is none, or its certificate is not trusted.
    """
    try:
        yield
    except _FOREIGN as error:
        raise _translation(error, request) from error


def _translation(error: Exception, request: str) -> ConnectorError:
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return ConfigError("`apten.base_url` is not an http address.", todo=CHECK_ADDRESS)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes(error)):
        return ConfigError(
            "The certificate Apten's address shows is not trusted.",
            done="Nothing was sent.",
            todo="Check this machine's clock and `apten.base_url`; if a proxy here opens TLS, name its certificate in "
            "`ca_file`.",
        )
    happened = next(_HAPPENED[kind] for kind in type(error).__mro__ if kind in _HAPPENED)
    return UnreachableError(happened.format(request, why=why(error)), todo=_CHECK_NETWORK)


def no_such_thing(response: httpx.Response) -> bool:
    """Whether Apten says there is no such thing. A page of HTML comes from something in between, not from the API."""
    return response.status_code in _NO_SUCH_THING and "html" not in response.headers.get("content-type", "")


def refusal(response: httpx.Response, request: str, *, of_one: bool) -> ConnectorError:
    """What an answer means that is neither 200 nor `no_such_thing`.

    Args:
        response: the answer; only its status and headers are read.
        request: `GET /path`, for messages.
        of_one: the request is about one call or lead, whose trouble must not hold up the others.
    """
    status = response.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return CredentialsError(
            f"Apten refused the API key ({status}) at {request}.",
            done="The run was stopped, and no call is parked for it.",
            todo="Check `apten.api_key`, and that `apten.base_url` is Apten's address.",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimitedError(
            f"Apten asked to slow down (429) at {request}.", retry_after=retry_after(response.headers)
        )
    if response.is_redirect:
        return UnreachableError(
            f"Apten redirected {request} elsewhere ({status}); the API key was not sent there.", todo=CHECK_ADDRESS
        )
    undocumented = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if undocumented and status not in _TRY_LATER and not of_one:
        return SetupError(
            f"Apten refused {request} with status {status}, which its documentation does not name.",
            done="Nothing was written for it.",
            todo=CHECK_ADDRESS,
        )
    return UnreachableError(f"Apten cannot answer {request} now ({status}).", retry_after=retry_after(response.headers))
