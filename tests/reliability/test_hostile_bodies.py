"""Bodies made to eat memory: however much they unpack to, reading them takes little of it."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.apten.body import LARGEST as LARGEST_OF_APTEN
from connector.apten.client import Apten
from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.body import LARGEST as LARGEST_OF_SALESFORCE
from connector.crms.salesforce.body import LARGEST_REFUSAL
from connector.crms.salesforce.login import Session
from connector.errors import ConnectorError
from connector.model import Target
from tests.apten.raw_server import raw_server
from tests.clock import NOON

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable

    from connector.model import Page
    from connector.source_model import Lead

MEMBER = gzip.compress(bytes(2**24), 1)
"""16 MiB of nothing, in little."""
TASK = Target("Task", "Apten_Call_Id__c")


def saying(status: str, headers: str, pieces: Callable[[], Iterable[bytes]]) -> Callable[[socket.socket], None]:
    """A server that answers everything so, and holds nothing of it in memory."""

    def speak(wire: socket.socket) -> None:
        wire.sendall(f"HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n".encode())
        for piece in pieces():
            wire.sendall(piece)

    return speak


BOMB = ("content-encoding: gzip\r\n", lambda: (MEMBER for _ in range(64)))
GIBIBYTE = ("", lambda: (b" " * 2**16 for _ in range(2**14)))


def leads(url: str) -> Page[Lead]:
    with closing(Apten(f"{url}/v1", "key")) as apten:
        return apten.leads(updated_since=NOON)


def describe(url: str) -> object:
    with closing(Salesforce(Session("https://acme.my.salesforce.com", "token"), base_url=url)) as crm:
        return crm.describe(TASK)


@pytest.mark.parametrize("body", [BOMB, GIBIBYTE], ids=["gzip bomb", "a gibibyte"])
@pytest.mark.parametrize(
    ("ask", "status", "largest"),
    [
        (leads, "200 OK", LARGEST_OF_APTEN),
        (describe, "200 OK", LARGEST_OF_SALESFORCE),
        (describe, "500 Oops", LARGEST_REFUSAL),
    ],
)
def test_no_body_takes_more_memory_than_the_largest_honest_one(
    ask: Callable[[str], object], status: str, largest: int, body: tuple[str, Callable[[], Iterable[bytes]]]
) -> None:
    with raw_server(saying(status, *body)) as port:
        tracemalloc.start()
        try:
            with pytest.raises(ConnectorError):
                ask(f"http://127.0.0.1:{port}")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 2 * largest + 64 * 2**20
