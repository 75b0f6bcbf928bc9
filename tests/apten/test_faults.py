"""Whatever goes wrong on the way, each request ends in the right error of ours, and the next one goes through."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.apten.body import TooLargeError
from connector.apten.client import Apten
from connector.errors import (
    BadCallError,
    CallGoneError,
    ConfigError,
    ConnectorError,
    CredentialsError,
    ExpiredTokenError,
    RateLimitedError,
    RetryableError,
    SetupError,
    UnreachableError,
)
from connector.sandbox.faults import Fault
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import stamp_text, to_json
from connector.sandbox.world import World
from tests.apten.serving import KEY, client, served
from tests.contracts.source import NOW, call_row, lead_row

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET_WORDS = "spoken words, never to be seen"
BOMB = gzip.compress(bytes(64 * 2**20), 1)


@dataclass(frozen=True)
class Served:
    """A running stand-in, its client, an impatient client, and a page token for each listing."""

    server: LocalServer
    source: Apten
    impatient: Apten
    lead_token: str
    event_token: str

    def send(self, name: str, *, impatiently: bool = False) -> object:
        """Every sort of request, on the first page and further on."""
        source = self.impatient if impatiently else self.source
        match name:
            case "leads":
                return source.leads(updated_since=NOW)
            case "next leads":
                return source.leads(updated_since=NOW, token=self.lead_token)
            case "lead":
                return source.lead("lead0")
            case "events":
                return source.events("lead0", since=NOW)
            case "next events":
                return source.events("lead0", since=NOW, token=self.event_token)
            case _:
                return source.call("call0")


@pytest.fixture(scope="module")
def apten() -> Iterator[Served]:
    world = World()
    for number in range(3):
        world.add_lead(lead_row(f"lead{number}", NOW))
        world.add_call(call_row(f"call{number}", "lead0", NOW))
    with served(world, NOW) as server, client(server) as source, client(server, timeout=0.2) as impatient:
        headers, since = {"x-api-key": KEY}, stamp_text(NOW)
        leads = httpx.get(f"{server.url}/v1/leads?limit=1&updatedSince={since}", headers=headers)
        events = httpx.get(f"{server.url}/v1/leads/lead0/events?limit=1&since={since}", headers=headers)
        yield Served(server, source, impatient, leads.json()["nextToken"], events.json()["nextToken"])


REQUESTS = ("leads", "next leads", "lead", "events", "next events", "call")
TRANSIENT = {
    "500": Fault(status=500),
    "502 of a proxy": Fault(status=502, body=b"<html>Bad gateway</html>", headers={"content-type": "text/html"}),
    "503": Fault(status=503, headers={"retry-after": "2"}),
    "504": Fault(status=504),
    "408": Fault(status=408),
    "no answer": Fault(drop=True),
    "HTML with 200": Fault(status=200, body=b"<html>Log in</html>", headers={"content-type": "text/html"}),
    "404 page of a proxy": Fault(status=404, body=b"<html>?</html>", headers={"content-type": "text/html; charset=x"}),
    "empty": Fault(status=200),
    "no content": Fault(status=204),
    "not modified": Fault(status=304),
    "half a body": Fault(status=200, body=b'{"id": "lead0', headers={"content-length": "16"}),
    "a short body": Fault(status=200, body=b'{"id": "lead0"}', headers={"content-length": "1800"}),
    "bad UTF-8": Fault(status=200, body=b'{"id": "lead\xff0000"}'),
    "UTF-16": Fault(status=200, body='{"id": "lead0"}'.encode("utf-16")),
    "bad gzip": Fault(status=200, body=b"\x1f\x8b nonsense", headers={"content-encoding": "gzip"}),
    "half a gzip": Fault(status=200, body=gzip.compress(b"{}" * 99)[:-9], headers={"content-encoding": "gzip"}),
    "a gzip without its checksum": Fault(
        status=200,
        body=gzip.compress(to_json(call_row("call0", "lead0", NOW, leads=[], events=[])))[:-8],
        headers={"content-encoding": "gzip"},
    ),
    "unasked packing": Fault(status=200, body=b"{}", headers={"content-encoding": "br"}),
    "doubly packed": Fault(status=200, body=BOMB, headers={"content-encoding": "gzip, gzip"}),
    "null": Fault(status=200, body=b"null"),
    "a list": Fault(status=200, body=b"[]"),
    "a text": Fault(status=200, body=b'"ok"'),
    "another object": Fault(status=200, body=b'{"message": "fine"}'),
    "a number too long": Fault(status=200, body=b'{"id": ' + b"9" * 100_000 + b"}"),
    "a redirect": Fault(status=302, headers={"location": "/v1/leads"}),
}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("fault", TRANSIENT.values(), ids=TRANSIENT)
def test_what_may_pass_asks_to_try_again(apten: Served, fault: Fault, request_name: str) -> None:
    apten.server.faults.add(fault)
    with pytest.raises(UnreachableError) as caught:
        apten.send(request_name)
    assert caught.value.retry_after == (2.0 if fault.status == 503 else None)
    apten.send(request_name)


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize(
    ("retry_after", "seconds"), [(None, None), ("3", 3.0), ("-3", None), ("9e99", None), ("9" * 12, 86_400.0)]
)
def test_a_rate_limit_tells_how_long_to_wait(
    apten: Served, request_name: str, retry_after: str | None, seconds: float | None
) -> None:
    apten.server.faults.add(Fault(status=429, headers={"retry-after": retry_after} if retry_after else {}))
    with pytest.raises(RateLimitedError) as caught:
        apten.send(request_name)
    assert caught.value.retry_after == seconds
    apten.send(request_name)


UNDOCUMENTED = [402, 409, 422, 451]


@pytest.mark.parametrize(
    ("request_name", "status", "kind"),
    [(name, status, CredentialsError) for name in REQUESTS for status in (401, 403)]
    + [(name, status, SetupError) for name in ("leads", "next leads") for status in UNDOCUMENTED],
)
def test_what_a_person_must_change_says_so(
    apten: Served, request_name: str, status: int, kind: type[SetupError]
) -> None:
    apten.server.faults.add(Fault(status=status, body=SECRET_WORDS.encode()))
    with pytest.raises(kind, match=r"`apten\.") as caught:
        apten.send(request_name)
    assert SECRET_WORDS not in str(caught.value)
    apten.send(request_name)


@pytest.mark.parametrize("request_name", ["lead", "events", "next events", "call"])
@pytest.mark.parametrize("status", UNDOCUMENTED)
def test_what_is_odd_about_one_call_or_lead_is_its_own_trouble(apten: Served, request_name: str, status: int) -> None:
    apten.server.faults.add(Fault(status=status, body=SECRET_WORDS.encode()))
    with pytest.raises(UnreachableError, match=str(status)) as caught:
        apten.send(request_name)
    assert SECRET_WORDS not in str(caught.value)


def test_a_malformed_request_means_its_token_its_id_or_a_fault_of_ours(apten: Served) -> None:
    apten.server.faults.add(Fault(status=400, body=b"{}"), times=6)
    for name in ("next leads", "next events"):
        with pytest.raises(ExpiredTokenError):
            apten.send(name)
    with pytest.raises(SetupError, match="bug"):
        apten.send("leads")
    with pytest.raises(UnreachableError, match="400"):
        apten.send("events")
    assert apten.send("lead") is None
    with pytest.raises(CallGoneError):
        apten.send("call")


def test_an_address_without_leads_is_a_wrong_address(apten: Served) -> None:
    apten.server.faults.add(Fault(status=404, body=b"{}"))
    with pytest.raises(ConfigError, match=r"apten\.base_url"):
        apten.source.leads(updated_since=NOW)


TOO_LARGE = {
    "gzip bomb": Fault(status=200, body=BOMB, headers={"content-encoding": "gzip"}),
    "33 MB": Fault(status=200, body=b" " * (32 * 2**20 + 1)),
    "nested 101 deep": Fault(status=200, body=b'{"id":' + b"[" * 100 + b"]" * 100 + b"}"),
    "nested without end": Fault(status=200, body=b"[" * 100_000),
}


@pytest.mark.parametrize("request_name", REQUESTS)
@pytest.mark.parametrize("fault", TOO_LARGE.values(), ids=TOO_LARGE)
def test_an_answer_larger_or_deeper_than_any_honest_one_is_not_taken(
    apten: Served, fault: Fault, request_name: str
) -> None:
    apten.server.faults.add(fault)
    kind = BadCallError if request_name == "call" else TooLargeError
    with pytest.raises(kind, match=r"larger|deeper"):
        apten.send(request_name)
    apten.send(request_name)


def test_packed_answers_are_read(apten: Served) -> None:
    call = call_row("call0", "lead0", NOW, summary="Grüße 🌞")
    packed = gzip.compress(json.dumps(call).encode())
    apten.server.faults.add(Fault(status=200, body=packed, headers={"content-encoding": "gzip"}))
    assert apten.source.call("call0").summary == "Grüße 🌞"


@pytest.mark.parametrize(
    "page",
    [
        {"leads": {}, "events": {}, "nextToken": None},
        {"leads": "none", "events": "none", "nextToken": None},
        {"leads": [], "events": [], "nextToken": 7},
        {"leads": [], "events": [], "nextToken": ["x"]},
        {"nextToken": None},
    ],
)
@pytest.mark.parametrize("request_name", ["leads", "next leads", "events", "next events"])
def test_a_page_of_the_wrong_shape_is_no_page(apten: Served, page: dict[str, Any], request_name: str) -> None:
    apten.server.faults.add(Fault(status=200, body=json.dumps(page).encode()))
    with pytest.raises(UnreachableError, match="is not a page of"):
        apten.send(request_name)


@pytest.mark.parametrize("page", [{"leads": None}, {"leads": [], "nextToken": ""}, {"leads": [], "more": {}}])
def test_a_page_that_says_less_than_documented_is_the_last_one(apten: Served, page: dict[str, Any]) -> None:
    apten.server.faults.add(Fault(status=200, body=json.dumps(page).encode()))
    answer = apten.source.leads(updated_since=NOW)
    assert (answer.rows, answer.next_token, answer.server_time) == ((), None, None)


def test_the_key_does_not_follow_a_redirect(apten: Served) -> None:
    with served(World(), NOW) as elsewhere:
        for status in (301, 302, 303, 307, 308):
            apten.server.faults.add(Fault(status=status, headers={"location": f"{elsewhere.url}/v1/leads"}))
            with pytest.raises(RetryableError, match="the API key was not sent"):
                apten.source.leads(updated_since=NOW)
        assert elsewhere.requests == []


def test_another_lead_or_call_than_asked_for_is_not_taken(apten: Served) -> None:
    apten.server.faults.add(Fault(match="/leads/", status=200, body=json.dumps(lead_row("other", NOW)).encode()))
    with pytest.raises(UnreachableError, match="not that lead"):
        apten.source.lead("lead0")
    apten.server.faults.add(Fault(match="/calls/", status=200, body=json.dumps(call_row("x", "y", NOW)).encode()))
    with pytest.raises(BadCallError) as caught:
        apten.source.call("call0")
    assert caught.value.code == "other_call"


def test_a_burst_of_faults_leaves_every_connection_usable(apten: Served) -> None:
    faults = [Fault(drop=True), Fault(status=500), Fault(status=200, body=b"{"), Fault(status=404)]
    for fault in faults * 10:
        apten.server.faults.add(fault)
        with pytest.raises(ConnectorError):
            apten.source.call("call0")
    for _ in range(20):
        assert apten.source.call("call0").id == "call0"


@pytest.mark.parametrize("request_name", REQUESTS)
def test_no_answer_in_time_asks_to_try_again(apten: Served, request_name: str) -> None:
    apten.server.faults.add(Fault(delay=5, drop=True))
    with pytest.raises(UnreachableError, match="in time"):
        apten.send(request_name, impatiently=True)
    apten.send(request_name)


def test_nothing_listens() -> None:
    with LocalServer(_nothing) as gone:
        url = gone.url
    with pytest.raises(UnreachableError, match="could not be reached for GET /calls/call: nothing takes connections"):
        Apten(f"{url}/v1", KEY).call("call")


async def _nothing(*_: object) -> None:
    """An application that is never asked."""
