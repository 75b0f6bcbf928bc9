"""Clocks that go wrong, stamps spelled oddly, rows that show late: nothing that has a stamp is lost by its stamp."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.faults import Fault
from tests.ledger.openings import leave_otherwise
from tests.reliability.converged import assert_converged
from tests.reliability.place import KINDS, LONG
from tests.town import at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.reliability.place import Place

    Settle = Callable[..., Place]

LATE = range(11)
ALWAYS = 10**6
FAR = at("2999-01-01T00:00:00+00:00")


def soaked(cases: Iterable[Any], *kept: Any) -> list[Any]:
    """Those kept as they are, all others in the full numbers only."""
    return [each if each in kept else pytest.param(each, marks=pytest.mark.soak) for each in cases]


@pytest.mark.survives("G cursor", "late commit")
@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_show_up_to_ten_minutes_after_their_stamp(
    place: Settle, kind: str, record_property: Callable[[str, int], None]
) -> None:
    here = place(kind)
    here.add_lead("talkative")
    for minutes in LATE:
        here.add_lead(f"known-{minutes}")
    here.add_call("first", "talkative")
    here.town.run()
    here.pass_by(minutes=30)
    stamp = here.theirs.now()
    for minutes in LATE:
        shows = stamp + timedelta(minutes=minutes)
        here.world.later(shows, lambda at=minutes: here.add_lead(f"new-{at}", stamp))  # type: ignore[misc]  # bound default
        for lead in ("known", "new"):
            told = (f"{lead}-call-{minutes}", f"{lead}-{minutes}", stamp)
            here.world.later(shows, lambda told=told: here.add_call(*told))  # type: ignore[misc]  # bound default
    for nth in range(7):
        here.add_call(f"meanwhile-{nth}", "talkative")
        here.pass_by(minutes=2)
        assert here.town.run().exit_code == 0
    assert here.town.logged() == here.town.loggable()
    assert_converged(here.town)
    record_property("cases", 2 * len(LATE))


@pytest.mark.survives("G cursor", "late commit")
def test_a_row_that_shows_late_on_a_lead_with_newer_activity(
    place: Settle, record_property: Callable[[str, int], None]
) -> None:
    """The lead's stamp does not tell of it: another look at the lead, or the daily sweep, finds it."""
    here = place("database")
    for minutes in LATE:
        here.add_lead(f"lead-{minutes}")
    here.town.run()
    here.pass_by(minutes=30)
    stamp = here.theirs.now()
    for minutes in LATE:
        here.add_call(f"newer-{minutes}", f"lead-{minutes}", stamp + timedelta(seconds=1))
        told = (f"late-{minutes}", f"lead-{minutes}", stamp)
        here.world.later(stamp + timedelta(minutes=minutes), lambda told=told: here.add_call(*told))  # type: ignore[misc]  # bound default
    for _ in range(4):
        here.pass_by(minutes=3)
        here.town.run()
    here.pass_by(days=1)
    assert here.town.run().exit_code == 0
    assert_converged(here.town)
    record_property("cases", len(LATE))


@pytest.mark.survives("G cursor", "late commit")
def test_no_watermark_passes_what_may_still_be_in_the_making(place: Settle) -> None:
    """However little is read again: what shows within two minutes of its stamp is found."""
    here = place("database")
    here.add_lead("early")
    here.town.run(overlap=timedelta())
    here.pass_by(minutes=30)
    stamp = here.theirs.now()
    here.add_lead("newest", stamp + timedelta(seconds=30))
    here.add_call("newest-call", "newest", stamp + timedelta(seconds=30))
    here.pass_by(seconds=40)
    here.town.run(overlap=timedelta())
    here.add_lead("late", stamp)
    here.add_call("late-call", "late", stamp)
    here.pass_by(minutes=5)
    here.town.run(overlap=timedelta())
    assert here.town.logged() == ["late-call", "newest-call"]


@pytest.mark.survives("G cursor", "late commit")
def test_a_row_that_shows_late_is_found_before_any_sweep(place: Settle) -> None:
    here = place("database")
    here.add_lead("lead")
    here.town.run()
    here.pass_by(minutes=30)
    stamp = here.theirs.now()
    here.add_call("newer", "lead", stamp + timedelta(seconds=1))
    here.world.later(stamp + timedelta(minutes=1), lambda: here.add_call("late", "lead", stamp))
    here.pass_by(seconds=30)
    here.town.run()
    here.pass_by(minutes=4)
    here.town.run()
    assert here.town.logged() == ["late", "newer"]


def live_through(here: Place, rounds: int = 3) -> None:
    """Leads come and are called, calls end, summaries come late; a run every ten minutes."""
    for number in range(rounds):
        here.add_lead(f"lead-{number}")
        here.add_call(f"done-{number}", f"lead-{number}")
        here.add_call(f"running-{number}", f"lead-{number}", callStatus="IN_PROGRESS", summary=None)
        here.pass_by(minutes=10)
        assert here.town.run().exit_code == 0
        here.world.finish_call(f"running-{number}", here.theirs.now(), summary_to_come="They met.")
        here.world.later(
            here.theirs.now() + timedelta(minutes=25),
            lambda number=number: here.world.summary_arrives(  # type: ignore[misc]  # bound default
                f"running-{number}", here.theirs.now(), touch=number % 2 == 0
            ),
        )


@pytest.mark.survives("G cursor", "skew")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("minutes", soaked([-60, -30, 30, 60], 60))
def test_a_clock_that_is_wrong_by_an_hour(place: Settle, kind: str, minutes: int) -> None:
    here = place(kind, skew=timedelta(minutes=minutes))
    live_through(here)
    here.rest()
    assert len(here.town.loggable()) == 6
    assert_converged(here.town)


REQUESTS = {
    "the leads": r"GET /v1/leads\?",
    "the events": "/events",
    "a call": "GET /v1/calls/",
    "the token": "POST /services/oauth2/token",
    "the write": "^PATCH ",
}


@pytest.mark.survives("G cursor", "clock jump")
@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("request_name", soaked(REQUESTS, "the events"))
def test_a_clock_that_jumps_in_a_run(place: Settle, request_name: str, hours: int) -> None:
    here = place("salesforce")
    live_through(here)
    here.add_call("in-the-run", "lead-0")
    here.pass_by(minutes=10)
    server = here.town.apten if "/v1" in REQUESTS[request_name] or "event" in request_name else here.town.salesforce
    server.faults.add(Fault(REQUESTS[request_name], shows=lambda: here.town.clock.advance(hours=hours)))
    assert here.town.run().exit_code == 0
    assert server.faults.shown == 1
    here.add_call("soon-after", "lead-0")
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    assert "soon-after" in here.town.logged()
    here.rest()
    assert_converged(here.town)


STAMP = re.compile(rb'"((?:created|updated|lastActivity)At|timestamp)":"([^"]*?)\.000Z"')
SPELLINGS = {
    "µs": rb'"\1":"\2.000000Z"',
    "nanoseconds": rb'"\1":"\2.000000000Z"',
    "+00:00": rb'"\1":"\2+00:00"',
    "another zone": None,
    "no zone": rb'"\1":"\2.000"',
    "no fraction": rb'"\1":"\2Z"',
}


def one_zone_further(found: re.Match[bytes]) -> bytes:
    local = (at(found[2].decode() + "+00:00") + timedelta(hours=2)).isoformat()
    return b'"%s":"%s"' % (found[1], local.replace("+00:00", "+02:00").encode())


@pytest.mark.survives("G cursor", "stamps")
@pytest.mark.parametrize("spelling", soaked(SPELLINGS, "µs"))
def test_stamps_spelled_otherwise(place: Settle, spelling: str) -> None:
    here = place("database")
    spelled = SPELLINGS[spelling] or one_zone_further
    here.town.apten.faults.add(Fault(spoil=lambda body: STAMP.sub(spelled, body)), times=ALWAYS)
    live_through(here)
    here.rest()
    assert "row.unreadable" not in {event for event, _ in here.town.log.events}
    assert_converged(here.town)


@pytest.mark.survives("G cursor", "stamps")
@pytest.mark.parametrize("kind", KINDS)
def test_a_leap_second(place: Settle, kind: str) -> None:
    here = place(kind)
    last = at("2026-06-20T08:59:59+00:00")
    here.town.apten.faults.add(Fault(spoil=lambda body: body.replace(b"08:59:59.000Z", b"08:59:60.000Z")), times=ALWAYS)
    here.add_lead("lead", last)
    here.add_call("call", "lead", last)
    here.pass_by(minutes=5)
    assert here.town.run().exit_code == 0
    here.world.change_call("call", here.theirs.now(), summary="They agreed after all.")
    here.rest()
    assert_converged(here.town)


@pytest.mark.survives("G cursor", "stamps")
def test_a_row_from_the_future_holds_nothing_up(place: Settle) -> None:
    here = place("database")
    live_through(here, rounds=1)
    here.add_lead("future", FAR)
    here.add_call("from-the-future", "future", FAR)
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    here.add_call("from-now", "lead-0")
    here.pass_by(minutes=10)
    here.town.run()
    assert {"from-the-future", "from-now"} <= set(here.town.logged())


@pytest.mark.survives("G cursor", "stored cursor in 2999")
@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_cursor_that_is_ahead_of_time(place: Settle, kind: str) -> None:
    here = place(kind)
    live_through(here)
    here.rest()
    ledger = here.town.folder / "ledger.db"
    leave_otherwise(ledger, "UPDATE meta SET value = ? WHERE name = 'mark watermark'", FAR.isoformat())
    leave_otherwise(ledger, "UPDATE lead SET events_since = ?", int(FAR.timestamp()) * 10**6)
    for number in range(3):
        here.add_call(f"after-{number}", f"lead-{number}")
    here.pass_by(minutes=10)
    assert here.town.run().exit_code == 0
    assert "watermark.ahead" in {event for event, _ in here.town.log.events}
    here.town.log.events.clear()
    here.add_call("later-on", "lead-0", here.theirs.now())
    here.pass_by(minutes=10)
    here.town.run()
    assert "watermark.ahead" not in {event for event, _ in here.town.log.events}
    here.pass_by(days=LONG.days)
    here.town.run()
    assert_converged(here.town)
