"""Apten's stand-in answers as Apten's reference says: paging, refusals, clock."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.sandbox.apten import AptenStandIn
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import read_stamp, stamp_text
from connector.sandbox.world import World
from tests.contracts.source import call_row, lead_row, message_row

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)


class Apten:
    """The stand-in, its world, and requests to it."""

    def __init__(self, world: World, stand_in: AptenStandIn, http: httpx.Client) -> None:
        self.world = world
        self.stand_in = stand_in
        self.http = http
        self.now = NOW

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query)

    def pages(self, path: str, **query: Any) -> list[list[str]]:
        """The ids on each page."""
        name, pages = path.rsplit("/", 1)[-1], []
        while True:
            answer = self.get(path, **query).raise_for_status().json()
            pages.append([row["id"] for row in answer[name]])
            if answer["nextToken"] is None:
                return pages
            query["nextToken"] = answer["nextToken"]


@pytest.fixture
def apten() -> Iterator[Apten]:
    world = World()
    stand_in = AptenStandIn(world, now=lambda: running.now)
    with (
        LocalServer(stand_in.app) as server,
        httpx.Client(base_url=f"{server.url}/v1", headers={"x-api-key": "sandbox-key"}, trust_env=False) as http,
    ):
        running = Apten(world, stand_in, http)
        yield running


def test_answers_the_documented_call_and_lead_verbatim(apten: Apten) -> None:
    apten.world.add_lead(FOUNDING_LEAD)
    apten.world.add_call(FOUNDING_CALL)
    assert apten.get(f"/calls/{FOUNDING_CALL['id']}").json() == FOUNDING_CALL
    assert apten.get(f"/leads/{FOUNDING_LEAD['id']}").json() == FOUNDING_LEAD
    answer = apten.get(f"/leads/{FOUNDING_LEAD['id']}/events", since="2026-06-15T00:00:00.000Z").json()
    [event] = answer["events"]
    assert (event["id"], event["roomId"], event["type"]) == (FOUNDING_CALL["id"], FOUNDING_LEAD["id"], "CALL")
    assert event["updatedAt"] == FOUNDING_CALL["updatedAt"]
    assert "transcript" not in event["data"]


def test_pages_hold_every_row_once_in_the_order_of_the_chosen_stamp(apten: Apten) -> None:
    dice = random.Random(3)  # a fixed shuffle
    rows = [
        lead_row(f"lead{number:02d}", NOW - timedelta(hours=dice.randrange(5)))
        | {"createdAt": stamp_text(NOW - timedelta(days=dice.randrange(4)))}
        for number in range(40)
    ]
    for row in rows:
        apten.world.add_lead(row)
    since = NOW - timedelta(hours=3)
    for name, stamp in (("updatedSince", "updatedAt"), ("createdSince", "createdAt")):
        expected = [(row[stamp], row["id"]) for row in rows if read_stamp(row[stamp]) >= since]
        for limit in (1, 3, 7, 1000):
            pages = apten.pages("/leads", **{name: stamp_text(since)}, limit=limit)
            assert [lead_id for page in pages for lead_id in page] == [lead_id for _, lead_id in sorted(expected)]
            assert all(len(page) == limit for page in pages[:-1])


def test_a_page_holds_a_hundred_rows_unless_asked_otherwise(apten: Apten) -> None:
    for number in range(150):
        apten.world.add_lead(lead_row(f"lead{number}", NOW))
    assert [len(page) for page in apten.pages("/leads", updatedSince=stamp_text(NOW))] == [100, 50]


def test_both_stamps_together_filter_by_both(apten: Apten) -> None:
    apten.world.add_lead(lead_row("old", NOW - timedelta(days=2)))
    apten.world.change_lead("old", NOW)
    apten.world.add_lead(lead_row("new", NOW))
    day = stamp_text(NOW - timedelta(days=1))
    assert apten.pages("/leads", updatedSince=day, createdSince=day) == [["new"]]


def test_types_make_pages_short_or_empty_while_more_follow(apten: Apten) -> None:
    apten.world.add_lead(lead_row("lead", NOW))
    for number in range(5):
        apten.world.add_event(message_row(f"msg{number}", "lead", NOW + timedelta(seconds=number)))
    apten.world.add_call(call_row("call", "lead", NOW + timedelta(seconds=5)))
    since = stamp_text(NOW)
    assert apten.pages("/leads/lead/events", since=since, types="CALL", limit=2) == [[], [], ["call"], []]
    assert apten.pages("/leads/lead/events", since=since, types="CALL,MESSAGE", limit=4) == [
        ["msg0", "msg1", "msg2", "msg3"],
        ["msg4", "call"],
    ]


def test_a_token_is_a_place_and_no_filter(apten: Apten) -> None:
    apten.world.add_lead(lead_row("lead", NOW))
    for number in range(3):
        apten.world.add_event(message_row(f"msg{number}", "lead", NOW))
    apten.world.add_call(call_row("zcall", "lead", NOW))
    token = apten.get("/leads/lead/events", since=stamp_text(NOW), types="CALL", limit=1).json()["nextToken"]
    path, since = "/leads/lead/events", stamp_text(NOW)
    assert apten.pages(path, since=since, nextToken=token, types="CALL") == [["zcall"]]
    assert apten.pages(path, since=since, nextToken=token) == [["msg1", "msg2", "zcall"]]
    assert apten.get(path, nextToken=token).status_code == 400


def test_a_row_that_changes_during_a_listing_moves_to_its_end(apten: Apten) -> None:
    for number in range(3):
        apten.world.add_lead(lead_row(f"lead{number}", NOW + timedelta(seconds=number)))
    first = apten.get("/leads", updatedSince=stamp_text(NOW), limit=2).json()
    apten.world.change_lead("lead0", NOW + timedelta(minutes=1), isHot=True)
    rest = apten.pages("/leads", updatedSince=stamp_text(NOW), limit=2, nextToken=first["nextToken"])
    assert rest == [["lead2", "lead0"], []]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/leads", {}),
        ("/leads", {"updatedSince": "yesterday"}),
        ("/leads", {"updatedSince": ""}),
        ("/leads", {"createdSince": "2026-13-01T00:00:00.000Z"}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "limit": "0"}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "limit": "1001"}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "limit": "ten"}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "nextToken": "made up"}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "nextToken": "e30="}),
        ("/leads", {"updatedSince": "2026-06-15T00:00:00.000Z", "nextToken": "ключ"}),
        ("/leads/lead/events", {}),
        ("/leads/lead/events", {"types": "CALL"}),
        ("/leads/lead/events", {"since": "now"}),
        ("/leads/lead/events", {"since": "2026-06-15T00:00:00.000Z", "limit": "-1"}),
    ],
)
def test_a_malformed_request_is_a_400(apten: Apten, path: str, query: dict[str, str]) -> None:
    apten.world.add_lead(lead_row("lead", NOW))
    answer = apten.get(path, **query)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_every_path_wants_the_key_and_answers_403_without(apten: Apten) -> None:
    for path in ("/leads", "/leads/x", "/leads/x/events", "/calls/x"):
        for headers in ({"x-api-key": "wrong"}, {"x-api-key": ""}):
            assert apten.http.get(path, headers=headers).status_code == 403


def test_what_is_not_there_is_a_404(apten: Apten) -> None:
    apten.world.add_lead(lead_row("lead", NOW))
    apten.world.add_call(call_row("call", "lead", NOW))
    apten.world.forget_call("call")
    assert apten.get("/calls/call").status_code == 404
    assert apten.pages("/leads/lead/events", since=stamp_text(NOW)) == [["call"]]
    apten.world.forget_lead("lead")
    assert apten.get("/leads/lead").status_code == 404
    assert apten.get("/leads/lead/events", since=stamp_text(NOW)).status_code == 404
    assert apten.get("/letters").status_code == 404


def test_every_answer_tells_the_time(apten: Apten) -> None:
    apten.now = NOW + timedelta(minutes=7)
    for path in ("/leads", "/leads/x", "/calls/x"):
        assert apten.get(path).headers["date"] == "Sat, 20 Jun 2026 15:07:00 GMT"


def test_refuses_tokens_when_they_are_said_to_have_expired(apten: Apten) -> None:
    for number in range(4):
        apten.world.add_lead(lead_row(f"lead{number}", NOW))
    verdicts = iter([False, True, False])
    apten.stand_in.token_expired = lambda: next(verdicts)
    query = {"updatedSince": stamp_text(NOW), "limit": 1}
    token = apten.get("/leads", **query).json()["nextToken"]
    statuses = [apten.get("/leads", **query, nextToken=token).status_code for _ in range(3)]
    assert statuses == [200, 400, 200]


def test_repeats_tokens_when_told_to(apten: Apten) -> None:
    for number in range(4):
        apten.world.add_lead(lead_row(f"lead{number}", NOW))
    apten.stand_in.tokens_repeat = True
    query = {"updatedSince": stamp_text(NOW), "limit": 1}
    token = apten.get("/leads", **query).json()["nextToken"]
    again = apten.get("/leads", **query, nextToken=token).json()
    assert ([row["id"] for row in again["leads"]], again["nextToken"]) == (["lead1"], token)


def test_shows_late_rows_from_when_they_are_committed_with_the_stamp_they_had(apten: Apten) -> None:
    apten.world.add_lead(lead_row("lead", NOW))
    call = call_row("call", "lead", NOW)
    apten.world.later(NOW + timedelta(seconds=90), lambda: apten.world.add_call(call))
    query = {"since": stamp_text(NOW), "types": "CALL"}
    assert apten.pages("/leads/lead/events", **query) == [[]]
    assert apten.get("/calls/call").status_code == 404
    apten.now = NOW + timedelta(seconds=90)
    assert apten.pages("/leads/lead/events", **query) == [["call"]]
    assert apten.get("/calls/call").json()["updatedAt"] == stamp_text(NOW)
