"""A resync of one call, of a period, of a lead."""

from collections.abc import Callable
from datetime import timedelta

from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.select import Named, OfLead, Period
from tests.clock import FakeClock
from tests.town import Town

FOUNDING_ID = FOUNDING_CALL["id"]
Build = Callable[..., Town]


def test_resync_of_one_call_that_is_in_order_changes_nothing(town: Town) -> None:
    town.run()
    report = town.run(Named([FOUNDING_ID]))
    assert report.counts["unchanged"] == 1


def test_resync_of_a_period_works_on_an_empty_ledger(town: Town, clock: FakeClock) -> None:
    since, until = clock.now() - timedelta(days=10), clock.now() - timedelta(days=5)
    town.run(Period(since, until))
    inside = sorted(
        call["id"]
        for call in town.world.loggable_calls()
        if since.isoformat() <= call["createdAt"].replace("Z", "+00:00") < until.isoformat()
    )
    assert town.logged() == inside
    assert inside


def test_resync_of_a_lead_logs_its_calls(town: Town) -> None:
    lead_id = FOUNDING_CALL["leadId"]
    town.run(OfLead(lead_id))
    assert town.logged() == sorted(call["id"] for call in town.world.calls_of(lead_id))
