"""Why an address was not reached, by whichever library it was asked."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest
import requests

from connector.unreached import why

if TYPE_CHECKING:
    from collections.abc import Callable


def silent_port() -> int:
    """A port where nothing listens."""
    with closing(socket.socket()) as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.mark.parametrize("ask", [httpx.get, lambda url: requests.get(url, timeout=5)])
def test_a_name_that_is_not_known_and_a_port_where_nobody_is(ask: Callable[[str], object]) -> None:
    for url, told in (
        ("http://nowhere.invalid/", ": its name is not known here"),
        (f"http://127.0.0.1:{silent_port()}/", ": nothing takes connections there"),
    ):
        with pytest.raises((httpx.HTTPError, requests.RequestException)) as raised:
            ask(url)
        assert why(raised.value) == told


def test_what_tells_nothing_adds_nothing() -> None:
    assert why(ValueError("canary")) == ""
    assert why(OSError(101, "canary")) == ": no network leads there"
