"""Whatever a paged listing does, it is walked to its end, or told to have none; no row in it is lost."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from connector.errors import OutOfAttemptsError
from connector.sandbox.faults import Fault
from connector.sandbox.shelf import read_stamp
from tests.reliability.converged import assert_converged
from tests.reliability.place import BEGIN, KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.place import Place
    from tests.reliability.scoreboard import HowMany

    Settle = Callable[..., Place]

PAGE, PAGES = 4, 5
LISTINGS = {"leads": r"GET /v1/leads\?", "events": r"GET /v1/leads/busy/events"}


NUMBERS = count()


def fill(place: Place, listing: str, rows: int, *, one_stamp: bool) -> None:
    """So many calls of the last minutes, each of a lead of its own, or all of one lead."""
    place.pass_by(minutes=25)
    known = {lead["id"] for lead in place.world.leads()}
    for row in range(rows):
        stamp = place.theirs.now() - timedelta(minutes=1 if one_stamp else 20 * row / rows)
        lead_id = "busy" if listing == "events" else f"lead-{row}"
        if lead_id not in known:
            place.add_lead(lead_id, stamp)
            known.add(lead_id)
        place.add_call(f"call-{next(NUMBERS)}", lead_id, stamp)
    place.pass_by(minutes=5)


@pytest.mark.survives("G cursor", "ties")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("listing", LISTINGS)
def test_rows_with_one_stamp(
    place: Settle, kind: str, listing: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    rows = number(check=30, soak=2_500)
    here = place(kind, page=number(check=7, soak=1_000))
    fill(here, listing, rows, one_stamp=True)
    assert here.town.run().exit_code == 0
    assert len(here.town.loggable()) == rows
    assert_converged(here.town)
    record_property("cases", 1)


def refuse_once(page: int) -> Callable[[], bool]:
    """Apten refuses the token of one page, so many pages further on, once."""
    asked = count(1)
    return lambda: next(asked) == page


@pytest.mark.survives("G cursor", "token refused")
@pytest.mark.parametrize("one_stamp", [False, True])
@pytest.mark.parametrize("listing", LISTINGS)
def test_a_token_refused_at_any_page(
    place: Settle, listing: str, one_stamp: bool, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    here = place("database", page=PAGE)
    pages = range(1, number(check=2, soak=PAGES))
    for page in pages:
        fill(here, listing, PAGE * PAGES - 1, one_stamp=one_stamp)
        here.apten.token_expired = refuse_once(page)
        assert here.town.run().exit_code == 0
        assert here.town.logged() == here.town.loggable(), page
    assert_converged(here.town)
    record_property("cases", len(pages))


@pytest.mark.survives("G cursor", "token loop")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("listing", LISTINGS)
def test_tokens_that_lead_in_a_circle(place: Settle, kind: str, listing: str) -> None:
    here = place(kind, page=PAGE)
    fill(here, listing, PAGE * PAGES, one_stamp=True)
    here.apten.tokens_repeat = True
    if listing == "leads":
        with pytest.raises(OutOfAttemptsError, match="page tokens"):
            here.town.run()
    else:
        assert here.town.run().exit_code == 3
    assert len([line for line in here.town.apten.requests if "nextToken" in line]) < 10
    here.apten.tokens_repeat = False
    here.pass_by(minutes=5)
    assert here.town.run().exit_code == 0
    assert_converged(here.town)


def emptied(name: str) -> Callable[[bytes], bytes]:
    """Makes of a page one without rows, whose token leads to the rows that it had."""

    def empty(body: bytes) -> bytes:
        rows = json.loads(body)[name]
        before = min((read_stamp(row["updatedAt"]) for row in rows), default=BEGIN) - timedelta(microseconds=1)
        token = urlsafe_b64encode(json.dumps([before.isoformat(), ""]).encode()).decode()
        return json.dumps({name: [], "nextToken": token}).encode()

    return empty


@pytest.mark.survives("G cursor", "empty pages")
@pytest.mark.parametrize("listing", LISTINGS)
def test_pages_without_rows_that_lead_on(
    place: Settle, listing: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    here = place("database", page=PAGE)
    pages = range(number(check=2, soak=PAGES))
    for page in pages:
        fill(here, listing, PAGE * PAGES - 1, one_stamp=False)
        here.town.apten.faults.add(Fault(LISTINGS[listing], spoil=emptied(listing)), after=page)
        assert here.town.run().exit_code == 0
        assert here.town.apten.faults.shown == page + 1
        assert here.town.logged() == here.town.loggable(), page
    assert_converged(here.town)
    record_property("cases", len(pages))


@pytest.mark.survives("G cursor", "empty pages")
def test_pages_of_events_of_other_sorts(place: Settle) -> None:
    here = place("database", page=PAGE)
    here.add_lead("busy")
    for number in range(PAGE * PAGES):
        stamp = BEGIN - timedelta(minutes=30 - number)
        event = {"id": f"message-{number}", "roomId": "busy", "type": "SMS", "updatedAt": stamp.isoformat()}
        here.world.add_event(event)
    here.add_call("after-many-messages", "busy")
    here.pass_by(minutes=5)
    assert here.town.run().exit_code == 0
    assert here.town.logged() == ["after-many-messages"]
