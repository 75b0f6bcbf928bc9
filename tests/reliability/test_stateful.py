"""Anything in any order: calls, edits, faults, deaths, resyncs, mappings, lost ledgers; calm brings all to rights.

And whenever nothing fails, a plan says field by field what the run after it does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from connector.model import State
from connector.sync.edits import same
from connector.sync.select import EverythingNew, Named, Remembered, mapped_otherwise
from tests.reliability.simulation.conditions import Condition, Conditions, Unknown
from tests.reliability.simulation.days import come_right
from tests.reliability.simulation.life import STAYS_FOR
from tests.reliability.simulation.mappings import VERSIONS
from tests.reliability.simulation.records import read_back
from tests.reliability.simulation.simulation import Simulation
from tests.reliability.simulation.verdict import faults
from tests.reliability.simulation.weather import Rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.select import Selection
    from tests.reliability.scoreboard import HowMany

SELECTIONS: dict[str, Callable[[], Selection]] = {
    "new": EverythingNew,
    "named": lambda: Named(["call-0", "call-1", "never heard of"]),
    "parked": lambda: Remembered(lambda ledger, _: ledger.calls_in(State.PARKED)),
    "mapped otherwise": lambda: Remembered(mapped_otherwise),
    "all": lambda: Remembered(lambda ledger, _: ledger.all_calls()),
}
STORMS = st.builds(
    Rates,
    source_fails=st.sampled_from([0, 10, 50, 100]),
    crm_fails=st.sampled_from([0, 10, 50, 100]),
    answer_lost=st.sampled_from([0, 30, 100]),
    row_locked=st.sampled_from([0, 20]),
    token_expires=st.sampled_from([0, 50]),
)
PERCENT = st.sampled_from([0, 50])


class Connector(RuleBasedStateMachine):
    """A simulation in which Hypothesis decides what comes next."""

    @initialize(seed=st.integers(0, 2**16), unique=st.booleans(), lead_stays=PERCENT, summary_stays=PERCENT)
    def begin(self, seed: int, *, unique: bool, lead_stays: int, summary_stays: int) -> None:
        unknown = Unknown(lead_moves=not lead_stays, summary_moves=not summary_stays)
        base = Conditions(Condition.EVERYTHING, unknown, rounded=30, late=10, unique=unique)
        stamps = Conditions(**{**vars(base), "lead_stays": lead_stays, "summary_stays": summary_stays})
        self.simulation = Simulation(stamps, seed)
        self.simulation.life.unfold(leads=3, calls=0)
        self.calls = 0

    @precondition(lambda self: self.simulation.time.now < self.simulation.came_through + STAYS_FOR)
    @rule(minutes=st.sampled_from([1, 5, 30, 180, 900]))
    def time_passes(self, minutes: int) -> None:
        self.simulation.time.pass_by(minutes=minutes)

    @rule(lead=st.integers(0, 2), times=st.integers(1, 4))
    def lead_is_called(self, lead: int, times: int) -> None:
        simulation = self.simulation
        for _ in range(times):
            simulation.world.catch_up(simulation.time.now)
            if f"lead-{lead}" in simulation.world.lead_shelf:
                simulation.life.call(f"call-{self.calls}", f"lead-{lead}", simulation.time.now)
                self.calls += 1

    @rule(times=st.integers(1, 3))
    def people_do_something(self, times: int) -> None:
        for _ in range(times):
            self.simulation.hands.do_something()

    @rule(rates=STORMS)
    def weather_changes(self, rates: Rates) -> None:
        self.simulation.weather.rates = rates

    @rule(refuses=st.booleans())
    def key_is_refused(self, *, refuses: bool) -> None:
        self.simulation.key_refused = refuses

    @rule(call=st.integers(0, 5))
    def a_rule_refuses_a_call(self, call: int) -> None:
        self.simulation.records.refuse(f"call-{call}")

    @rule(minutes=st.integers(-60, 60))
    def clock_is_set(self, minutes: int) -> None:
        if self.simulation.records.unique:  # else it tells how long a creation may still be under way
            self.simulation.clock.set(timedelta(minutes=minutes))

    @rule(version=st.integers(0, len(VERSIONS) - 1))
    def mapping_changes(self, version: int) -> None:
        self.simulation.remap(version)

    @rule()
    def run(self) -> None:
        self.simulation.run()

    @rule(steps=st.integers(1, 200), of=st.sampled_from(["new", "all"]))
    def run_is_killed(self, steps: int, of: str) -> None:
        self.simulation.weather.dies_after = steps
        if of == "new":
            self.simulation.run()
        else:
            self.simulation.resync(SELECTIONS[of]())

    @rule(of=st.sampled_from(["named", "parked", "mapped otherwise", "all"]), overwrite=st.booleans())
    def calls_are_logged_again(self, of: str, *, overwrite: bool) -> None:
        self.simulation.resync(SELECTIONS[of](), overwrite=overwrite)

    @rule()
    def ledger_is_backed_up(self) -> None:
        self.simulation.back_up()

    @rule()
    def ledger_is_restored(self) -> None:
        self.simulation.restore_ledger()

    @rule()
    def ledger_is_lost(self) -> None:
        self.simulation.lose_ledger()

    @precondition(lambda self: not self.simulation.key_refused and not self.simulation.records.refused)
    @rule(of=st.sampled_from(sorted(SELECTIONS)))
    def plan_is_what_is_done(self, of: str) -> None:
        simulation, selection = self.simulation, SELECTIONS[of]()
        simulation.weather.still = True
        planned = {
            (write.call_id, write.record_id): {each.name: each.new for each in write.changes}
            for write in simulation.plan(selection)
        }
        before = len(simulation.records.history)
        simulation.resync(selection) if selection.kind == "resync" else simulation.run(selection)
        done = {
            (each.key, None if each.what == "create" else each.record_id): {
                name: read_back(value)
                for name, value in each.fields.items()
                if not same(read_back(each.before[name]), read_back(value))
            }
            for each in simulation.written(before)
        }
        assert planned == done
        simulation.weather.still = False

    @rule()
    def calm_returns(self) -> None:
        come_right(self.simulation)
        assert not faults(self.simulation)
        self.simulation.weather.still = False

    def teardown(self) -> None:
        if hasattr(self, "simulation"):
            self.calm_returns()


@pytest.mark.survives("E stateful", "anything in any order")
def test_anything_in_any_order(number: HowMany, record_property: Callable[[str, object], None]) -> None:
    examples = number(check=50, soak=500)
    record_property("cases", examples)
    run_state_machine_as_test(
        Connector,
        settings=settings(
            max_examples=examples,
            stateful_step_count=number(check=40, soak=60),
            deadline=None,
            suppress_health_check=[*HealthCheck],
        ),
    )
