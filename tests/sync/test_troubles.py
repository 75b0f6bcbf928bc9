"""Trouble with one lead, call, row or record holds up nothing else, and nothing is told that is not so."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector.errors import CrmSetupError, OutOfAttemptsError, UnreachableError
from connector.model import CallRef, Page, State
from connector.sandbox.faults import Fault, When
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.source_model import Call, Lead
from connector.sync.run import Report, run
from connector.sync.select import EverythingNew, Named, Period, Remembered
from connector.usage import Usage
from connector.wiring import make_rules, open_house
from tests.clock import FakeClock
from tests.town import Town

Build = Callable[..., Town]
PARKED = Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))
ALWAYS = 10**6


def new_call(town: Town, call_id: str, **fields: Any) -> None:
    """A call like the founding one happens now."""
    now = town.clock.now().isoformat()
    town.world.add_call(
        {**town.world.call(FOUNDING_CALL["id"]), "id": call_id, "createdAt": now, "updatedAt": now} | fields
    )


def a_logged_call(town: Town) -> str:
    return str(next(call["id"] for call in town.world.loggable_calls() if call.get("summary")))


def refusing(code: str, message: str, *fields: str) -> bytes:
    """One refused row of a collections answer."""
    error = {"statusCode": code, "message": message, "fields": list(fields)}
    return json.dumps([{"success": False, "errors": [error]}]).encode()


def test_a_listing_that_fails_does_not_hold_up_calls_that_are_due(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    new_call(town, "waits-for-its-summary", summary=None)
    town.run()
    assert "waits-for-its-summary" not in town.logged()
    clock.advance(minutes=45)
    town.apten.faults.add(Fault(r"GET /v1/leads\?", status=503), times=5)
    with pytest.raises(OutOfAttemptsError):
        town.run()
    assert "waits-for-its-summary" in town.logged()


def test_one_lead_whose_listing_never_ends_holds_up_no_other(build: Build) -> None:
    town = build("database", calls=30, leads=8)
    sick = next(lead["id"] for lead in town.world.leads() if town.world.calls_of(lead["id"]))
    endless = Fault(f"/leads/{sick}/events", status=200, body=b'{"events": [], "nextToken": "x"}')
    town.apten.faults.add(endless, times=ALWAYS)
    assert town.run().exit_code == 3
    others = {call["id"] for call in town.world.loggable_calls() if call["leadId"] != sick}
    assert set(town.logged()) == others
    town.apten.faults.clear()
    town.run()
    assert town.logged() == town.loggable()


def test_calls_that_apten_cannot_give_hold_up_no_other(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=60, leads=15)
    town.run()
    bad = town.loggable()[:20]
    for call_id in bad:
        town.world.change_call(call_id, clock.now(), summary="Changed.")
    town.apten.faults.add(Fault(f"/calls/({'|'.join(bad)})", status=500), times=ALWAYS)
    clock.advance(minutes=5)
    assert town.run().exit_code == 3
    new_call(town, "fresh")
    clock.advance(minutes=5)
    town.run()
    assert "fresh" in town.logged()
    town.apten.faults.clear()
    clock.advance(minutes=30)
    town.run()
    assert {town.activity(call_id)["summary"] for call_id in bad} == {"Changed."}, "the very next run has them"


def test_a_lead_that_fails_in_a_period_is_left_over_and_the_rest_is_logged(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=60, leads=15)
    lead = next(lead["id"] for lead in town.world.leads() if town.world.calls_of(lead["id"]))
    town.apten.faults.add(Fault(f"/leads/{lead}/events", status=500), times=5)
    assert town.run(Period(clock.now() - timedelta(days=40), clock.now())).exit_code == 3
    assert town.logged()


def test_a_record_that_exists_but_is_hidden_is_not_told_as_written(build: Build) -> None:
    town = build("salesforce", calls=12, leads=4)
    body = refusing("DUPLICATE_VALUE", "duplicate value found: Apten_Call_Id__c duplicates value", "Apten_Call_Id__c")
    town.salesforce.faults.add(Fault("PATCH .*composite", status=200, body=body), times=50)
    report = town.run(Named([FOUNDING_CALL["id"]]))
    assert report.exit_code == 1
    assert report.counts["written"] == 0
    assert [problem.code for problem in report.problems] == ["exists_but_hidden"]


def test_an_answer_lost_in_a_later_run_parks_nothing(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=12, leads=4)
    town.run()
    new_call(town, "came-later")
    clock.advance(minutes=5)
    town.salesforce.faults.add(Fault("PATCH .*composite", when=When.AFTER, drop=True))
    assert town.run().exit_code == 0
    assert town.logged().count("came-later") == 1


def test_a_missing_right_stops_the_run(build: Build) -> None:
    town = build("salesforce", calls=12, leads=4)
    body = refusing("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
    town.salesforce.faults.add(Fault("PATCH .*composite", status=200, body=body), times=50)
    with pytest.raises(CrmSetupError):
        town.run(Named([FOUNDING_CALL["id"]]))
    town.salesforce.faults.clear()
    town.run()
    assert FOUNDING_CALL["id"] in town.logged()


def test_a_pause_longer_than_the_default_start_loses_nothing(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    text = town.config_path.read_text()
    town.config_path.write_text(text.replace("  start: 2026-05-01\n", "  concurrency: 8\n"))
    town.run()
    clock.advance(days=1)
    new_call(town, "before-the-pause")
    clock.advance(days=40)
    town.run()
    assert "before-the-pause" in town.logged()


def test_a_call_that_comes_back_is_no_longer_parked(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    clock.advance(hours=2)
    call_id = a_logged_call(town)
    town.world.change_call(call_id, clock.now())
    town.apten.faults.add(Fault(f"/calls/{call_id}", status=404), times=2)
    clock.advance(minutes=5)
    assert town.run().exit_code == 1
    town.world.change_call(call_id, clock.now())
    clock.advance(minutes=5)
    assert town.run().exit_code == 0


def test_a_call_gone_for_good_is_off_the_bill_once_somebody_asked_again(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    call_id = a_logged_call(town)
    town.world.change_call(call_id, clock.now())
    town.world.forget_call(call_id)
    clock.advance(minutes=5)
    assert town.run().exit_code == 1
    assert town.run(PARKED).exit_code == 0
    assert call_id in town.logged(), "its activity stays"


def test_zero_and_false_are_not_nothing(build: Build) -> None:
    town = build("database", calls=12, leads=4)
    town.mapping_path.write_text(town.mapping_path.read_text().replace("fields:\n", "write: always\nfields:\n"))
    town.run()
    before = town.activities()
    town.sql("UPDATE calls SET is_transfer = NULL, duration_seconds = NULL")
    town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert town.activities() == before


def test_an_event_whose_stamp_cannot_be_read_may_mean_a_change(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    call_id = a_logged_call(town)
    body = json.dumps({"events": [{"id": call_id, "type": "CALL", "updatedAt": "garbage"}], "nextToken": None})
    lead_id = town.world.call(call_id)["leadId"]
    town.apten.faults.add(Fault(f"/leads/{lead_id}/events", status=200, body=body.encode()), times=ALWAYS)
    town.run()
    clock.advance(hours=2)
    town.world.change_call(call_id, clock.now(), summary="Changed later.")
    clock.advance(minutes=5)
    town.run()
    assert "Changed later." in str(town.activity(call_id))


def test_an_unlinked_activity_is_told_of_once(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=30, leads=8)
    assert town.run().counts["unlinked"]
    clock.advance(hours=1)
    for call in town.world.loggable_calls():
        town.world.change_call(call["id"], clock.now(), summary="Another summary.")
    clock.advance(minutes=5)
    again = town.run()
    assert again.counts["updated"]
    assert again.counts["unlinked"] == 0


class Changing:
    """Apten with a call that changes while its older picture is under way, and then cannot be fetched."""

    usage = Usage()

    def __init__(self, town: Town, inner: Any, call_id: str) -> None:
        self.host = inner.host
        self._town, self._inner, self._call_id = town, inner, call_id
        self._changed = threading.Event()

    def call(self, call_id: str) -> Call:
        if call_id == self._call_id and self._changed.is_set():
            raise UnreachableError("Apten does not answer.")
        answer: Call = self._inner.call(call_id)
        if call_id == self._call_id:
            self._town.world.change_call(call_id, self._town.clock.now(), summary="Changed meanwhile.")
            self._changed.set()
        return answer

    def leads(self, *, updated_since: datetime, token: str | None = None) -> Page[Lead]:
        assert self._changed.wait(10)
        self._town.clock.advance(minutes=5)
        page: Page[Lead] = self._inner.leads(updated_since=updated_since, token=token)
        return page

    def lead(self, lead_id: str) -> Lead | None:
        lead: Lead | None = self._inner.lead(lead_id)
        return lead

    @property
    def server_time(self) -> datetime | None:
        told: datetime | None = self._inner.server_time
        return told

    def events(self, lead_id: str, *, since: datetime, token: str | None = None) -> Page[CallRef]:
        page: Page[CallRef] = self._inner.events(lead_id, since=since, token=token)
        return page


def test_a_change_seen_during_the_run_survives_the_older_picture(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    call_id = a_logged_call(town)
    clock.advance(hours=2)

    def with_changing() -> Report:
        with open_house(town.config(), clock=clock, log=town.log) as house:
            changing = replace(house, source=Changing(town, house.source, call_id))
            return run(changing, make_rules(town.config(), clock), EverythingNew())

    assert with_changing().exit_code == 3
    clock.advance(minutes=5)
    town.run()
    assert "Changed meanwhile." in str(town.activity(call_id))
