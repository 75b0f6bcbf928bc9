"""What simulated days brought to light, each with the shortest story that shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.shelf import stamp_text
from connector.sync.select import Named
from tests.clock import NOON
from tests.contracts.source import call_row, lead_row
from tests.reliability.simulation.conditions import Condition, Conditions, Unknown
from tests.reliability.simulation.simulation import Simulation
from tests.reliability.simulation.source import WorldSource
from tests.reliability.simulation.weather import FAIR, Rates

if TYPE_CHECKING:
    from connector.model import Page
    from connector.sandbox.world import World
    from connector.source_model import Lead

LEAVES_OUT_CALLS_OF_NO_LENGTH = 3
"""The version of the mapping that does so."""
SAID = {"summary": "They agreed on Monday.", "transcript": [{"role": "user", "content": "Monday is fine."}]}


@pytest.fixture
def simulation() -> Simulation:
    """One lead, one call, ready to be logged."""
    return simulate()


def simulate() -> Simulation:
    made = Simulation(Conditions(Condition.CALM, Unknown(lead_moves=True, summary_moves=True)), 1)
    made.records.create_only = True
    made.world.add_lead(lead_row("lead", NOON - timedelta(hours=2)))
    made.world.add_call(call_row("call", "lead", NOON - timedelta(hours=1), **SAID))
    return made


def test_a_plan_with_a_lost_ledger_finds_what_is_there_also_where_a_key_may_be_there_twice(
    simulation: Simulation,
) -> None:
    simulation.records.unique = False
    simulation.run()
    simulation.lose_ledger()
    simulation.weather.still = True
    assert simulation.plan() == []


def die_after_writing(simulation: Simulation) -> None:
    """A run is killed when its write took effect and before anybody knew."""
    simulation.weather.rates = Rates(dies_after_write=100)
    simulation.run()
    assert simulation.cut_short
    simulation.weather.rates = FAIR
    simulation.time.pass_by(minutes=5)


@pytest.mark.parametrize("create_only", [True, False])
def test_a_field_emptied_after_a_creation_of_which_nobody_heard_stays_empty(
    simulation: Simulation, create_only: bool
) -> None:
    simulation.records.create_only = create_only
    die_after_writing(simulation)
    [record_id] = simulation.records.ids("call")
    simulation.records.update(simulation.time.now, record_id, {"notes": None}, by_hand=True)
    simulation.run()
    assert simulation.records.rows[record_id]["notes"] is None


def test_an_activity_deleted_after_an_update_of_which_nobody_heard_stays_deleted(simulation: Simulation) -> None:
    simulation.run()
    simulation.time.pass_by(minutes=5)
    now = simulation.time.now
    simulation.world.change_call("call", now, summary="They agreed on Tuesday.", updatedAt=stamp_text(now))
    die_after_writing(simulation)
    [record_id] = simulation.records.ids("call")
    assert simulation.records.rows[record_id]["notes"] == "They agreed on Tuesday."
    simulation.records.delete(simulation.time.now, record_id)
    simulation.run()
    assert simulation.records.ids("call") == []


def test_what_was_written_by_an_update_of_which_nobody_heard_is_no_edit(simulation: Simulation) -> None:
    simulation.run()
    for day in ("Tuesday", "Wednesday"):
        simulation.time.pass_by(minutes=5)
        now = simulation.time.now
        simulation.world.change_call("call", now, summary=f"They agreed on {day}.", updatedAt=stamp_text(now))
        if day == "Tuesday":
            die_after_writing(simulation)
    simulation.run()
    [record_id] = simulation.records.ids("call")
    assert simulation.records.rows[record_id]["notes"] == "They agreed on Wednesday."


def test_what_was_created_by_a_request_whose_answer_was_lost_is_no_hidden_record(simulation: Simulation) -> None:
    simulation.run()
    simulation.records.delete(simulation.time.now, *simulation.records.ids("call"))
    simulation.weather.loses_next = True
    report = simulation.resync(Named(["call"]))
    assert report is not None
    assert simulation.weather.tally["answers lost"] == 1
    assert not report.counts["parked"]
    assert len(simulation.records.ids("call")) == 1


def test_a_person_who_is_unknown_at_a_creation_of_which_nobody_heard_is_linked_later(simulation: Simulation) -> None:
    simulation.world.add_lead(lead_row("new", NOON - timedelta(hours=2), externalLeadId="person-1"))
    simulation.world.add_call(call_row("second", "new", NOON - timedelta(hours=1), **SAID))
    simulation.weather.loses_next = True
    simulation.run()
    assert simulation.weather.tally["answers lost"] == 1
    assert person_of(simulation, "second") is None
    meets_somebody(simulation)
    assert person_of(simulation, "second") == "person-1"


def test_a_person_is_looked_for_again_once_the_mapping_is_changed_back(simulation: Simulation) -> None:
    simulation.world.add_lead(lead_row("new", NOON - timedelta(hours=2), externalLeadId="person-1"))
    simulation.world.add_call(call_row("second", "new", NOON - timedelta(hours=1), durationSeconds=0))
    simulation.run()
    simulation.remap(LEAVES_OUT_CALLS_OF_NO_LENGTH)
    for hours in (1, 12, 12):
        simulation.time.pass_by(hours=hours)
        simulation.run()
    simulation.remap(0)
    meets_somebody(simulation)
    assert person_of(simulation, "second") == "person-1"


def test_a_person_whom_a_killed_resync_was_about_to_set_is_linked_later() -> None:
    for steps in count(1):
        simulation = simulate()
        simulation.world.add_lead(lead_row("new", NOON - timedelta(hours=2), externalLeadId="person-1"))
        simulation.world.add_call(call_row("second", "new", NOON - timedelta(hours=1), **SAID))
        simulation.run()
        simulation.records.people.add("person-1")
        simulation.weather.dies_after = steps
        simulation.resync(Named(["second"]), overwrite=True)
        if not simulation.cut_short:
            break
        meets_somebody(simulation)
        assert person_of(simulation, "second") == "person-1", f"killed after {steps} steps"


def meets_somebody(simulation: Simulation) -> None:
    """The CRM gets to know the lead, and some days pass."""
    simulation.records.people.add("person-1")
    for _ in range(3):
        simulation.time.pass_by(hours=25)
        simulation.run()


def person_of(simulation: Simulation, call_id: str) -> object:
    """Whom the call's one record names."""
    [record_id] = simulation.records.ids(call_id)
    return simulation.records.rows[record_id].get("person_id")


def test_a_creation_under_way_is_waited_for_though_the_clock_jumps(simulation: Simulation) -> None:
    simulation.records.unique = False
    simulation.weather.rates = Rates(answer_lost=100)
    simulation.run()
    simulation.weather.rates = FAIR
    assert simulation.records.ids("call") == []
    simulation.clock.set(timedelta(hours=1))
    simulation.run()
    for _ in range(3):
        simulation.time.pass_by(minutes=31)
        simulation.run()
    assert len(simulation.records.ids("call")) == 1


class HeldUp(WorldSource):
    """Apten whose second page of leads is asked for only twenty minutes after the first."""

    def leads(self, *, updated_since: datetime, token: str | None = None) -> Page[Lead]:
        if token and "meanwhile" not in self._world.lead_shelf:
            self._time.pass_by(minutes=20)
            add_call(self._world, "meanwhile", self._time.now)
            add_call(self._world, "late", NOON - timedelta(seconds=45))
        return super().leads(updated_since=updated_since, token=token)


def add_call(world: World, name: str, at: datetime) -> None:
    """A lead with one call, both of this time, whenever they show."""
    world.add_lead(lead_row(f"lead-{name}", at))
    world.add_call(call_row(name, f"lead-{name}", at, **SAID))


def test_a_row_that_shows_late_while_the_pages_of_a_listing_take_long_is_not_lost(
    simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.reliability.simulation.simulation.WorldSource", HeldUp)
    simulation.weather.still = True
    simulation.page_size, simulation.concurrency = 3, 1
    for seconds in (50, 40, 20):
        add_call(simulation.world, f"call-{seconds}", NOON - timedelta(seconds=seconds))
    for _ in range(3):
        simulation.run()
        simulation.time.pass_by(minutes=5)
    assert simulation.records.ids("meanwhile")
    assert simulation.records.ids("late")
