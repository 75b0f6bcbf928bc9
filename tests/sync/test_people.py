"""What becomes of calls whose person is not found: logged all the same, left out, or held until there is somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector.crms.database.adapter import Database
from connector.errors import BrakeError
from connector.model import State
from connector.sandbox.world import World
from connector.sync.select import Remembered
from connector.sync.settle import LOOKED_FOR
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]


def town_that(build: Build, what: str) -> Town:
    town = build("database")
    mapping = town.mapping_path.read_text()
    assert "  by: [lead.externalLeadId]\n" in mapping
    town.mapping_path.write_text(mapping.replace("  by: [", f"  if_none: {what}\n  by: [", 1))
    return town


def strangers(town: Town) -> list[str]:
    """Loggable calls of leads without a record id."""
    without = {lead["id"] for lead in town.world.leads() if not (lead.get("externalLeadId") or "").strip()}
    return sorted(call["id"] for call in town.world.loggable_calls() if call.get("leadId") in without)


def friends(town: Town) -> list[str]:
    return sorted(set(town.loggable()) - set(strangers(town)))


def test_a_call_without_a_person_is_left_out_where_the_mapping_says_so(build: Build, clock: FakeClock) -> None:
    town = town_that(build, "skip")
    report = town.run()
    assert strangers(town)
    assert town.logged() == friends(town)
    assert report.exit_code == 0
    reasons = [fields["reason"] for event, fields in town.log.events if event == "call.skipped"]
    assert reasons.count("no person: the call gives nothing to find a person by") == len(strangers(town))
    clock.advance(minutes=5)
    assert town.run().counts["created"] == 0


def test_a_held_call_is_logged_once_there_is_a_person(build: Build, clock: FakeClock) -> None:
    town = town_that(build, "hold")
    report = town.run()
    assert town.logged() == friends(town)
    assert report.counts["waiting"] >= len(strangers(town))
    assert report.exit_code == 0, "waiting is fine"
    call_id = max(strangers(town), key=lambda each: town.world.call(each)["createdAt"])
    town.world.change_lead(town.world.call(call_id)["leadId"], clock.now(), externalLeadId="00Q5g00000FnD3a")
    clock.advance(hours=25)
    town.run()
    assert town.activity(call_id)["person_id"] == "00Q5g00000FnD3a"


def test_a_call_held_for_too_long_is_parked(build: Build, clock: FakeClock) -> None:
    town = town_that(build, "hold")
    town.run()
    for _ in range(LOOKED_FOR.days + 2):
        clock.advance(hours=25)
        report = town.run()
    assert report.exit_code == 1
    parked = town.run(Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED)))
    [problem] = parked.problems
    assert problem.code == "no_person"
    assert problem.count >= len(strangers(town))
    assert set(town.logged()).isdisjoint(strangers(town))


@pytest.mark.parametrize("what", ["skip", "hold"])
def test_an_activity_once_logged_is_kept_up_to_date_whoever_is_found(build: Build, clock: FakeClock, what: str) -> None:
    town = build("database")
    town.run()
    late = town.world.late_summaries(5, clock.now())
    mapping = town.mapping_path.read_text()
    town.mapping_path.write_text(mapping.replace("  by: [", f"  if_none: {what}\n  by: [", 1))
    clock.advance(minutes=5)
    assert town.run().counts["updated"] == len(late)


def test_held_calls_that_stay_so_are_no_writes_to_the_brake(build: Build, clock: FakeClock) -> None:
    town = build("database", world=World())
    mapping = town.mapping_path.read_text()
    town.mapping_path.write_text(mapping.replace("  by: [", "  if_none: hold\n  by: [", 1))
    held = 5 + 2 * Database.batch_size
    for number in range(1, held + 1):
        add_lead_with_call(town.world, number, clock.now() - timedelta(days=5))
    assert town.run().counts["waiting"] == held
    town.world.change_lead("lead-1", clock.now(), externalLeadId="00Q5g00000FnD3a")
    town.world.change_lead("lead-2", clock.now(), externalLeadId="00Q5g00000FnD3b")
    clock.advance(hours=25)
    with pytest.raises(BrakeError):
        town.run(stop_above=1)
    assert town.logged() == []
    report = town.run(stop_above=2)
    assert (report.counts["created"], report.exit_code) == (2, 0)
