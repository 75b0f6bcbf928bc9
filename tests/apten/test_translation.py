"""Every failure httpx knows becomes one of ours; none slips through, none of its text either."""

from __future__ import annotations

import httpx
import pytest

from connector.apten.failures import refusal, translated
from connector.errors import (
    ConfigError,
    ConnectorError,
    CredentialsError,
    RateLimitedError,
    SetupError,
    UnreachableError,
)

FOREIGN = sorted(
    (kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, Exception)),
    key=lambda kind: kind.__name__,
)
ADDRESS_ERRORS = {httpx.InvalidURL, httpx.UnsupportedProtocol}


def test_httpx_has_the_exceptions_it_is_known_for() -> None:
    assert {httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.InvalidURL} <= set(FOREIGN)


@pytest.mark.parametrize("kind", FOREIGN)
def test_every_exception_of_httpx_becomes_ours(kind: type[Exception]) -> None:
    with pytest.raises(ConnectorError) as caught, translated("GET /leads"):
        raise kind.__new__(kind, "foreign words")
    assert type(caught.value) is (ConfigError if kind in ADDRESS_ERRORS else UnreachableError)
    assert "foreign" not in str(caught.value)


def test_our_own_mistakes_are_not_taken_for_failures() -> None:
    with pytest.raises(ZeroDivisionError), translated("GET /leads"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("statuses", "kind"),
    [
        ((401, 403), CredentialsError),
        ((402, 405, 406, 407, 409, 413, 414, 415, 418, 422, 431, 451), SetupError),
        ((429,), RateLimitedError),
        ((201, 204, 206, 299), UnreachableError),
        ((301, 302, 303, 307, 308), UnreachableError),
        ((400, 404, 408, 410, 425), UnreachableError),
        ((500, 501, 502, 503, 504, 520, 599), UnreachableError),
    ],
)
def test_a_status_means_what_is_to_be_done_next(statuses: tuple[int, ...], kind: type[ConnectorError]) -> None:
    for status in statuses:
        meaning = refusal(
            httpx.Response(status, headers={"location": "https://trap.example"}), "GET /leads", of_one=False
        )
        assert type(meaning) is kind
        assert f"{status}" in str(meaning)
        assert "GET /leads" in str(meaning)
        assert "trap" not in str(meaning)
