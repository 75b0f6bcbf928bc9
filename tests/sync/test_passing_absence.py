"""What is not there for a moment, or odd about one call, holds up nobody and is not the last word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.errors import OutOfAttemptsError
from connector.model import State
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.select import Named, OfLead, Period, Remembered
from tests.clock import FakeClock
from tests.ledger.openings import opened
from tests.town import Town, add_lead_with_call

Build = Callable[..., Town]
FOUNDING_ID, LEAD_ID = FOUNDING_CALL["id"], FOUNDING_CALL["leadId"]
ALWAYS = 10**6
BEGIN, FOREVER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def town(build: Build) -> Town:
    return build("database", calls=12, leads=4)


def hold_a_call(town: Town, clock: FakeClock) -> None:
    """A sync after which a call of the lead still waits for its summary."""
    call = {**town.world.call(FOUNDING_ID), "id": "held", "createdAt": clock.now().isoformat()}
    town.world.add_call(call | {"updatedAt": clock.now().isoformat(), "summary": None})
    town.run()


def restore_lead(town: Town, clock: FakeClock) -> None:
    town.world.change_lead(LEAD_ID, clock.now(), deleted=False)
    clock.advance(minutes=5)


def test_a_call_that_apten_does_not_have_for_a_moment_is_logged_later_by_itself(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=12, leads=4)
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=404))
    assert town.run().exit_code == 1
    assert FOUNDING_ID not in town.logged()
    clock.advance(minutes=20)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_call_that_is_gone_is_asked_for_some_days_and_no_longer(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=1, leads=1)
    town.world.forget_call(FOUNDING_ID)
    asked = 0
    for _ in range(100):
        asked += town.run().counts["fetched"] > 0
        clock.advance(hours=6)
    assert asked < 25
    assert town.run().counts["fetched"] == 0


def test_one_404_in_a_resync_is_not_the_last_word_either(build: Build) -> None:
    town = build("salesforce", calls=12, leads=4)
    town.run()
    town.org.delete(town.activity(FOUNDING_ID)["Id"])
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=404))
    assert town.run(Named([FOUNDING_ID])).exit_code == 1
    assert town.run(Named([FOUNDING_ID])).exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_call_parked_long_ago_is_asked_for_again_like_any_other(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=1, leads=1)
    town.org.trigger_takes = 0
    assert town.run().exit_code == 1
    clock.advance(days=4)
    assert town.run().exit_code == 1, "its last look"
    clock.advance(days=5)
    town.org.trigger_takes = None
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=404))
    town.world.change_call(FOUNDING_ID, clock.now())
    clock.advance(minutes=5)
    assert town.run().exit_code == 1
    clock.advance(minutes=20)
    assert town.run().exit_code == 0
    assert town.logged() == [FOUNDING_ID]


def test_what_could_not_be_fetched_and_then_can_is_logged_though_nothing_of_it_has_changed(
    build: Build, clock: FakeClock
) -> None:
    """As where of two fetches in one run only the first fails: the other knows of the call as it was before."""
    town = build("salesforce", calls=1, leads=1)
    town.org.trigger_takes = 0
    town.run()
    town.org.trigger_takes = None
    with opened(town.folder / "ledger.db") as ledger:
        before = ledger.calls([FOUNDING_ID])[FOUNDING_ID]
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=404))
    clock.advance(hours=2)
    assert town.run().exit_code == 1
    with opened(town.folder / "ledger.db") as ledger:
        ledger.save_calls([replace(before, due_at=clock.now())])
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert town.logged() == [FOUNDING_ID]


def test_calls_of_a_lead_that_was_deleted_are_logged_once_it_is_restored(town: Town, clock: FakeClock) -> None:
    town.world.delete_lead(LEAD_ID, clock.now())
    town.run()
    assert FOUNDING_ID not in town.logged()
    for _ in range(3):
        clock.advance(days=1)
        town.run()
    restore_lead(town, clock)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_lead_that_apten_does_not_have_for_a_moment_is_asked_for_once_more(town: Town, clock: FakeClock) -> None:
    hold_a_call(town, clock)
    assert "held" not in town.logged()
    town.apten.faults.add(Fault(f"GET /v1/leads/{LEAD_ID}$", status=404))
    clock.advance(minutes=45)
    town.run()
    assert "held" not in town.logged()
    clock.advance(hours=2)
    town.run()
    assert "held" in town.logged()


def test_a_restored_lead_whose_events_cannot_be_listed_at_once_is_not_forgotten(town: Town, clock: FakeClock) -> None:
    town.world.delete_lead(LEAD_ID, clock.now())
    town.run()
    clock.advance(days=3)
    town.run()
    restore_lead(town, clock)
    town.apten.faults.add(Fault(f"/leads/{LEAD_ID}/events", status=503), times=5)
    assert town.run().exit_code == 3
    clock.advance(hours=5)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_lead_that_is_away_for_days_and_then_back(town: Town, clock: FakeClock) -> None:
    hold_a_call(town, clock)
    away = Fault(f"GET /v1/leads/{LEAD_ID}$", status=404)
    for _ in range(10):
        town.apten.faults.add(away)
        clock.advance(hours=6)
        town.run()
    assert "held" not in town.logged()
    town.apten.faults.clear()
    for _ in range(4):
        clock.advance(hours=12)
        town.run()
    assert "held" in town.logged()


def test_a_lead_that_is_away_for_a_moment_while_an_old_call_is_logged(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=1, leads=1)
    town.org.trigger_takes = 0
    assert town.run().exit_code == 1
    clock.advance(days=20)
    town.org.trigger_takes = None
    town.apten.faults.add(Fault(f"GET /v1/leads/{LEAD_ID}$", status=404))
    parked = Remembered(lambda ledger, _: ledger.calls_in(State.PARKED))
    town.run(parked)
    assert town.logged() == []
    clock.advance(minutes=20)
    assert town.run().exit_code == 0
    assert town.logged() == [FOUNDING_ID]


def test_a_call_of_a_deleted_lead_is_not_asked_for_again_for_ever(build: Build, clock: FakeClock) -> None:
    town = build("database", calls=1, leads=1)
    far = clock.now() + timedelta(days=3000)
    town.world.change_call(FOUNDING_ID, clock.now(), createdAt=far.isoformat())
    town.world.delete_lead(LEAD_ID, clock.now())
    asked = 0
    for _ in range(60):
        asked += town.run().counts["fetched"] > 0
        clock.advance(hours=6)
    assert asked < 25
    assert town.run().counts["fetched"] == 0


@pytest.mark.parametrize("days", [0, 20])
def test_events_that_apten_does_not_have_for_a_moment_are_listed_by_the_next_run(
    town: Town, clock: FakeClock, days: int
) -> None:
    clock.advance(days=days)
    town.apten.faults.add(Fault(f"/leads/{LEAD_ID}/events", status=404), times=5)
    report = town.run()
    assert (report.exit_code, report.counts[State.LEFT_OVER]) == (3, 1)
    assert FOUNDING_ID not in town.logged()
    town.apten.faults.clear()
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_resync_that_is_told_of_no_events_says_so(town: Town) -> None:
    town.apten.faults.add(Fault(f"/leads/{LEAD_ID}/events", status=404), times=ALWAYS)
    report = town.run(Period(BEGIN, FOREVER))
    assert (report.exit_code, report.counts[State.LEFT_OVER]) == (3, 1)
    with pytest.raises(OutOfAttemptsError, match=f"Apten has lead {LEAD_ID}, but no list of its events"):
        town.run(OfLead(LEAD_ID))


def test_a_lead_that_was_gone_and_comes_back_has_all_its_calls_logged(town: Town, clock: FakeClock) -> None:
    gone = [Fault(f"/leads/{LEAD_ID}/events", status=404), Fault(f"GET /v1/leads/{LEAD_ID}$", status=404)]
    town.apten.faults.add(gone[0], times=5)
    assert town.run().exit_code == 3
    for each in gone:
        town.apten.faults.add(each, times=5)
    clock.advance(minutes=5)
    assert town.run().exit_code == 0, "Apten has neither the lead nor its events"
    town.apten.faults.clear()
    clock.advance(days=12)
    town.world.change_lead(LEAD_ID, clock.now())
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


def test_a_deleted_lead_is_restored_only_when_apten_lists_it_as_that(town: Town, clock: FakeClock) -> None:
    town.world.delete_lead(LEAD_ID, clock.now())
    clock.advance(hours=1)
    add_lead_with_call(town.world, 900, clock.now())
    town.apten.faults.add(Fault(f"/leads/{LEAD_ID}/events", status=503), times=5)
    assert town.run().exit_code == 3
    clock.advance(hours=5)
    assert town.run().exit_code == 0
    for _ in range(12):
        clock.advance(days=1)
        town.run()
    restore_lead(town, clock)
    assert town.run().exit_code == 0
    assert FOUNDING_ID in town.logged()


@pytest.mark.parametrize("status", [409, 422, 451])
def test_what_is_odd_about_one_call_stops_no_other(town: Town, status: int) -> None:
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=status), times=ALWAYS)
    assert town.run().exit_code == 3
    assert town.logged() == [call_id for call_id in town.loggable() if call_id != FOUNDING_ID]


def test_what_is_odd_about_one_leads_events_stops_no_other(town: Town) -> None:
    town.apten.faults.add(Fault(f"/leads/{LEAD_ID}/events", status=400), times=ALWAYS)
    report = town.run()
    assert report.exit_code == 3
    assert report.counts[State.LEFT_OVER] == 1
    others = [call_id for call_id in town.loggable() if town.world.call(call_id)["leadId"] != LEAD_ID]
    assert town.logged() == others


def test_a_person_who_goes_between_look_up_and_write_is_looked_for_again(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=12, leads=4)
    refusal = b'[{"success": false, "errors": [{"statusCode": "ENTITY_IS_DELETED", "message": "", "fields": []}]}]'
    town.salesforce.faults.add(Fault("^PATCH ", status=200, body=refusal))
    for call_id in town.loggable():
        if call_id != FOUNDING_ID:
            town.world.forget_call(call_id)
    [problem] = [each for each in town.run().problems if each.code == "ENTITY_IS_DELETED"]
    assert (problem.parked, problem.error.todo) == (False, "The next run looks for what there is by then.")
    clock.advance(minutes=5)
    town.run()
    assert FOUNDING_ID in town.logged()
