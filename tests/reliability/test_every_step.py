"""A small world, a run killed at each of its steps in turn, then another run: every call once, as Apten has it."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.clock import NOON
from tests.contracts.source import call_row, lead_row
from tests.reliability.simulation.conditions import Condition, Conditions, Unknown
from tests.reliability.simulation.simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.scoreboard import HowMany

SAID = {"summary": "They agreed on Monday.", "transcript": [{"role": "user", "content": "Monday is fine."}]}
LEADS = [f"lead-{number}" for number in range(3)]


@pytest.mark.parametrize("unique", [True, False])
@pytest.mark.survives("A crash at every step", "each step of a small run, in memory")
def test_a_run_killed_at_any_step_is_made_good_by_the_next(
    unique: bool, number: HowMany, record_property: Callable[[str, object], None]
) -> None:
    each = number(check=2, soak=1)
    for step in count(1, each):
        simulation = three_calls(unique=unique)
        simulation.weather.dies_after = step
        simulation.run()
        if not simulation.cut_short:
            break
        # What the CRM may still be at when the process died, it has done by then.
        simulation.time.pass_by(minutes=31)
        simulation.weather.still = True
        simulation.run()
        assert [len(simulation.records.ids(f"call-of-{lead}")) for lead in LEADS] == [1, 1, 1], step
    assert step > 50
    record_property("cases", step // each)


def three_calls(*, unique: bool) -> Simulation:
    simulation = Simulation(Conditions(Condition.CALM, Unknown(lead_moves=True, summary_moves=True)), 1)
    simulation.records.unique, simulation.records.create_only = unique, True
    simulation.page_size = simulation.batch_size = 2
    simulation.concurrency = 1
    for number, lead in enumerate(LEADS):
        # Each page of leads moves the watermark beyond what is read again.
        at = NOON - timedelta(hours=9 - number)
        simulation.world.add_lead(lead_row(lead, at))
        simulation.world.add_call(call_row(f"call-of-{lead}", lead, at, **SAID))
    return simulation
