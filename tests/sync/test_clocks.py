"""Deadlines of calls outlive runs, restarts, and clocks that jump; a look ahead of its time is not the last one."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connector.errors import OutOfAttemptsError
from connector.sandbox.apten import AptenStandIn
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.world import World
from connector.sync.select import Named
from tests.clock import FakeClock
from tests.sync.conftest import NOW
from tests.town import Town, add_lead_with_call


@pytest.fixture
def apten_clock() -> FakeClock:
    """Apten's time, which is the true one."""
    return FakeClock(NOW)


@pytest.fixture
def town(tmp_path: Path, clock: FakeClock, apten_clock: FakeClock) -> Iterator[Town]:
    """A town whose connector has a clock of its own, with one call that has just ended and has no summary yet."""
    world, org = World(), SalesforceOrg(people_must_exist=False)
    call_id = add_lead_with_call(world, 1, NOW, externalLeadId="somebody")
    world.change_call(call_id, NOW, summary=None)
    with ExitStack() as stack:
        apten = stack.enter_context(LocalServer(AptenStandIn(world, now=apten_clock.now).app))
        unused = stack.enter_context(LocalServer(AptenStandIn(world, now=apten_clock.now).app))
        yield Town("database", tmp_path, world, apten, unused, org, clock)


def pass_time(*clocks: FakeClock, **span: float) -> None:
    for each in clocks:
        each.advance(**span)


@pytest.mark.parametrize("jump", [{"days": 365}, {"hours": 2}, {"hours": -2}, {"days": -30}], ids=str)
def test_a_clock_that_jumped_logs_nothing_early_and_loses_nothing(
    town: Town, clock: FakeClock, apten_clock: FakeClock, jump: dict[str, float]
) -> None:
    back = {name: -number for name, number in jump.items()}
    pass_time(clock, apten_clock, minutes=3)
    assert town.run().counts["waiting"] == 1
    pass_time(clock, apten_clock, minutes=5)
    clock.advance(**jump)
    town.run()
    assert town.logged() == [], "the call ended eight minutes ago, by the clock that counts"
    clock.advance(**back)
    for hours in (1, 2, 4):
        pass_time(clock, apten_clock, hours=hours)
        town.run()
    assert town.logged() == ["call-1"]
    town.world.change_call("call-1", apten_clock.now(), touch=False, summary="Late words.")
    for _ in range(2):
        pass_time(clock, apten_clock, hours=13)
        town.run()
    assert town.activity("call-1")["summary"] == "Late words."


def test_a_look_by_hand_does_not_stand_for_the_last_one(town: Town, clock: FakeClock, apten_clock: FakeClock) -> None:
    for hours in (1, 7, 1):
        pass_time(clock, apten_clock, hours=hours)
        town.run()
    for _ in range(3):
        assert town.run(Named(["call-1"])).counts["unchanged"] == 1
    town.world.change_call("call-1", apten_clock.now(), touch=False, summary="Late words.")
    pass_time(clock, apten_clock, hours=24)
    town.run()
    assert town.activity("call-1")["summary"] == "Late words."


def test_a_held_call_is_logged_when_its_time_is_up_however_often_it_was_looked_at(
    town: Town, clock: FakeClock, apten_clock: FakeClock
) -> None:
    for minute in range(3, 36, 4):
        pass_time(clock, apten_clock, minutes=4 if minute > 3 else 3)
        town.run()
        assert bool(town.logged()) == (minute >= 31), minute
    fetched = [request for request in town.apten.requests if "/calls/" in request]
    assert len(fetched) <= 5, "held and looked at on a schedule, not at every run"


def test_what_may_wait_is_decided_by_aptens_time_even_before_a_listing_told_it(
    town: Town, clock: FakeClock, apten_clock: FakeClock
) -> None:
    pass_time(clock, apten_clock, minutes=3)
    town.run()
    clock.advance(days=365)
    town.apten.faults.add(Fault(r"GET /v1/leads\?", status=503), times=5)
    with pytest.raises(OutOfAttemptsError):
        town.run()
    assert town.logged() == []
