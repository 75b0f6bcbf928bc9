from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bench.stand_in.apten import Apten as AptenApp
from bench.stand_in.apten import kind
from bench.stand_in.line import Line
from bench.stand_in.world import World
from connector.apten.client import Apten
from connector.sandbox.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message, Scope

NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
LEADS, CALLS = 1_200, 2_399


@pytest.fixture
def world() -> World:
    return World(CALLS, calls_per_lead=2, now=NOW)


@pytest.fixture
def apten(world: World) -> Iterator[Apten]:
    with LocalServer(AptenApp(world)) as server:
        client = Apten(f"{server.url}/v1", "key", connections=1)
        yield client
        client.close()


def leads(apten: Apten, since: datetime) -> list[str]:
    found, token = [], None
    while True:
        page = apten.leads(updated_since=since, token=token)
        assert page.unreadable == ()
        found += [lead.id for lead in page.rows]
        if page.next_token is None:
            return found
        token = page.next_token


def test_the_connector_reads_every_lead_in_order_and_none_twice(world: World, apten: Apten) -> None:
    found = leads(apten, world.begin)
    assert len(found) == LEADS
    assert found == sorted(set(found))


def test_every_call_is_the_event_of_one_lead(world: World, apten: Apten) -> None:
    first, last = leads(apten, world.begin)[0], leads(apten, world.begin)[-1]
    refs = [*apten.events(first, since=world.begin).rows, *apten.events(last, since=world.begin).rows]
    assert len(refs) == 3
    for ref in refs:
        call = apten.call(ref.call_id)
        assert (call.lead_id, call.updated_at) == (ref.lead_id, ref.updated_at)


def test_a_listing_begins_with_what_has_the_stamp_that_is_asked_for(world: World, apten: Apten) -> None:
    ids = leads(apten, world.begin)
    page = apten.leads(updated_since=world.begin)
    stamp = page.rows[700].updated_at
    assert stamp is not None
    assert leads(apten, stamp) == ids[700:]
    assert leads(apten, stamp + timedelta(milliseconds=1)) == ids[701:]


def test_what_is_revised_comes_after_all_that_was_there(world: World, apten: Apten) -> None:
    before = [world.changed_at(call) for call in range(CALLS)]
    ref = apten.events(leads(apten, world.begin)[0], since=world.begin).rows[0]
    old = apten.call(ref.call_id)
    world.revise()
    assert len(leads(apten, max(before))) == LEADS
    new = apten.call(ref.call_id)
    assert new.updated_at > old.updated_at
    assert new.transcript == old.transcript


def ask(line: Line, path: str) -> int:
    status: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    async def receive() -> Any:
        raise AssertionError("nothing is sent along")

    scope: Scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    asyncio.run(line(scope, receive, send))
    return status[0]


def test_a_line_takes_so_many_requests_a_second_and_counts_all_that_passed(world: World) -> None:
    line = Line(AptenApp(world), latency=0.0, rate=3, kind=kind, remember=True, control={})
    call = "/v1/calls/a1b2c3d4-e5f6-7890-abcd-000000000007"
    assert [ask(line, call) for _ in range(4)] == [200, 200, 200, 429]
    assert ask(line, "/bench/report") == 200
    tally = line.report()
    assert tally["requests"] == {"call": 4}
    assert tally["repeated"] == {"call": 2}
    assert (tally["refused"], tally["most_in_a_second"]) == ({"call": 1}, 4)
    assert ask(line, "/bench/reset") == 200
    assert line.report()["requests"] == {}
