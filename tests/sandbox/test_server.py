"""Stand-ins are served over real HTTP, and misbehave exactly as ordered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connector.sandbox.faults import Fault, When
from connector.sandbox.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request


class Counter:
    """An application with an effect: each POST counts one up."""

    def __init__(self) -> None:
        self.count = 0
        self.app = Starlette(routes=[Route("/count", self._count, methods=["GET", "POST"])])

    async def _count(self, request: Request) -> Response:
        self.count += request.method == "POST"
        return PlainTextResponse(str(self.count))


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def server(counter: Counter) -> Iterator[LocalServer]:
    with LocalServer(counter.app) as running:
        yield running


@pytest.fixture
def http(server: LocalServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def test_serves_and_remembers_requests(server: LocalServer, http: httpx.Client) -> None:
    assert http.post("/count?a=1&b=%20").text == "1"
    assert http.get("/count").text == "1"
    assert server.requests == ["POST /count?a=1&b=%20", "GET /count"]


def test_answers_small_requests_at_once(http: httpx.Client) -> None:
    http.get("/count")
    began = time.monotonic()
    for _ in range(50):
        http.get("/count")
    # Nagle's algorithm with delayed acknowledgements would take 40 ms each.
    assert time.monotonic() - began < 50 * 0.040


@pytest.mark.parametrize(("when", "counted"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_an_answer_is_replaced_before_or_after_the_effect(
    counter: Counter, server: LocalServer, http: httpx.Client, when: When, counted: int
) -> None:
    server.faults.add(Fault(when=when, status=503, body=b"later", headers={"Retry-After": "1"}))
    answer = http.post("/count")
    assert (answer.status_code, answer.text, answer.headers["retry-after"]) == (503, "later", "1")
    assert counter.count == counted


@pytest.mark.parametrize(("when", "counted"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_a_connection_breaks_before_or_after_the_effect(
    counter: Counter, server: LocalServer, http: httpx.Client, when: When, counted: int
) -> None:
    server.faults.add(Fault(when=when, drop=True))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        http.post("/count")
    assert counter.count == counted
    assert http.post("/count").text == str(counted + 1)


def test_a_true_answer_is_spoiled_after_its_effect(counter: Counter, server: LocalServer, http: httpx.Client) -> None:
    noted: list[str] = []
    server.faults.add(Fault(spoil=lambda body: body + b"?", drip=0.001, shows=lambda: noted.append("shown")))
    assert http.post("/count").text == "1?"
    server.faults.add(Fault(spoil=lambda body: body, drop=True))
    with pytest.raises(httpx.TransportError):
        http.post("/count")
    assert (counter.count, server.faults.shown, noted) == (2, 2, ["shown"])


def test_a_fault_meets_the_request_it_is_for_as_often_as_ordered(server: LocalServer, http: httpx.Client) -> None:
    server.faults.add(Fault(match="^POST", status=500), times=2)
    server.faults.add(Fault(match=r"page=2$", status=404))
    assert [http.get("/count").status_code, http.get("/count?page=2").status_code] == [200, 404]
    assert [http.post("/count").status_code for _ in range(3)] == [500, 500, 200]
    server.faults.add(Fault(status=500))
    server.faults.clear()
    assert http.get("/count").status_code == 200


def test_a_fault_can_let_requests_pass_first(server: LocalServer, http: httpx.Client) -> None:
    server.faults.add(Fault(match="^POST", status=401), after=2, times=2)
    assert [http.get("/count").status_code] == [200]
    assert [http.post("/count").status_code for _ in range(5)] == [200, 200, 401, 401, 200]


@pytest.mark.parametrize("when", When)
def test_a_delay_alone_still_answers_truly(server: LocalServer, http: httpx.Client, when: When) -> None:
    server.faults.add(Fault(when=when, delay=0.05))
    began = time.monotonic()
    assert http.post("/count").text == "1"
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize(("when", "counted"), [(When.BEFORE, 0), (When.AFTER, 1)])
def test_who_does_not_wait_for_a_late_answer_is_too_early_or_too_late(
    counter: Counter, server: LocalServer, http: httpx.Client, when: When, counted: int
) -> None:
    server.faults.add(Fault(when=when, delay=60))
    with pytest.raises(httpx.ReadTimeout):
        http.post("/count", timeout=0.2)
    assert counter.count == counted


def test_ends_at_once_although_a_client_still_waits(counter: Counter) -> None:
    with LocalServer(counter.app) as server, httpx.Client(trust_env=False) as http:
        server.faults.add(Fault(delay=60))
        with pytest.raises(httpx.ReadTimeout):
            http.get(f"{server.url}/count", timeout=0.05)
        url, began = server.url, time.monotonic()
    assert time.monotonic() - began < 5
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_port_can_be_chosen(counter: Counter) -> None:
    with LocalServer(counter.app) as first:
        port = int(first.url.rsplit(":", 1)[1])
    with LocalServer(counter.app, port=port) as second:
        assert second.url.endswith(f":{port}")
        assert httpx.get(f"{second.url}/count", trust_env=False).text == "0"


def test_a_taken_port_is_said_to_be_taken(server: LocalServer, counter: Counter) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"), LocalServer(counter.app, port=port):
        pass
