"""What a run costs the org, counted by the stand-in: login, describe and limits included."""

from collections.abc import Callable
from math import ceil

import pytest

from connector.sync.run import Report
from tests.clock import FakeClock
from tests.town import Town

Build = Callable[..., Town]


def most(activities: int) -> int:
    """Requests that so many writes may cost."""
    return ceil(activities / 200) + 10


def without_people(town: Town) -> Town:
    """The town with a mapping that links nobody, so that nobody is looked up."""
    text = town.mapping_path.read_text()
    town.mapping_path.write_text("\n".join(line for line in text.split("\n") if not line.startswith("  WhoId:")))
    return town


def cost(town: Town) -> tuple[Report, int]:
    """A run, and how many requests the org saw of it."""
    before = len(town.salesforce.requests)
    report = town.run()
    assert report.cost["crm requests"] == len(town.salesforce.requests) - before
    return report, len(town.salesforce.requests) - before


def test_a_thousand_activities_cost_five_writes_and_little_else(build: Build, clock: FakeClock) -> None:
    town = without_people(build("salesforce", calls=1_100, leads=200))
    report, requests = cost(town)
    assert report.counts["created"] == len(town.activities()) > 1_000
    assert requests <= most(report.counts["created"])
    clock.advance(hours=3)
    for call in town.world.loggable_calls():
        town.world.change_call(call["id"], clock.now(), summary="Another summary.")
    clock.advance(minutes=5)
    report, requests = cost(town)
    assert report.counts["updated"] > 1_000
    assert report.counts["edits kept"] == 0
    assert requests <= 2 * most(report.counts["updated"]), "a read and a write for each 200"


def test_a_change_that_no_field_shows_costs_the_crm_nothing(build: Build, clock: FakeClock) -> None:
    town = without_people(build("salesforce"))
    town.run()
    clock.advance(hours=3)
    town.run()
    changed = town.world.loggable_calls()
    for call in changed:
        town.world.change_call(call["id"], clock.now(), newsOfApten="Nobody maps it.")
    # A status that nobody knows counts as in progress for a quarter of an hour after each change.
    clock.advance(minutes=30)
    before = len(town.salesforce.requests)
    report = town.run()
    assert report.counts["unchanged"] == len(changed) > 50
    asked = [request for request in town.salesforce.requests[before:] if "describe" not in request]
    assert [request for request in asked if "Task" in request] == []


def test_looking_up_the_people_costs_at_most_twice_as_much_again(build: Build) -> None:
    town = build("salesforce", calls=1_100, leads=200)
    report, requests = cost(town)
    assert report.counts["created"] > 1_000
    assert requests <= 3 * most(report.counts["created"])


@pytest.mark.slow
def test_ten_thousand_activities_cost_sixty_requests(build: Build) -> None:
    town = without_people(build("salesforce", calls=10_300, leads=1_500))
    report, requests = cost(town)
    assert 9_900 < report.counts["created"] == len(town.activities()) <= 10_000
    assert requests <= most(10_000) == 60
