"""An org whose own trigger copes with few rows at a time gets few at a time, and every call."""

from collections.abc import Callable

import pytest

from tests.clock import FakeClock
from tests.town import Town

Build = Callable[..., Town]


@pytest.mark.parametrize("takes", [20, 1])
def test_a_back_fill_goes_through_a_trigger_that_takes_few_rows(build: Build, takes: int) -> None:
    town = build("salesforce", calls=330, leads=40)
    town.org.trigger_takes = takes
    report = town.run()
    assert report.exit_code == 0
    assert town.logged() == town.loggable()


def test_updates_go_through_it_too(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=120, leads=20)
    town.run()
    town.org.trigger_takes = 7
    for call_id in town.loggable():
        town.world.change_call(call_id, clock.now(), summary="Another summary.")
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert all("Another summary." in town.activity(call_id)["Description"] for call_id in town.loggable())


def test_a_row_that_is_too_much_even_by_itself_is_parked(build: Build) -> None:
    town = build("salesforce", calls=33, leads=4)
    town.org.trigger_takes = 0
    report = town.run()
    assert report.exit_code == 1
    assert not town.logged()
    assert report.parked == len(town.loggable())


def test_how_few_rows_are_taken_is_learnt_once_and_not_for_each_batch(build: Build) -> None:
    town = build("salesforce", calls=330, leads=40)
    town.org.trigger_takes = 20
    town.run()
    assert town.org.requests_by_kind["PATCH composite/sobjects"] < len(town.loggable()) / 8
