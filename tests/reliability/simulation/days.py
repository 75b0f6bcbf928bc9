"""One seed's days: some thirty hours in which things go wrong, then quiet days, in which all must come right."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from connector.model import State
from connector.sync.select import Named, OfLead, Period, Remembered, mapped_otherwise
from tests.reliability.simulation.conditions import conditions_of
from tests.reliability.simulation.life import LASTS
from tests.reliability.simulation.mappings import VERSIONS
from tests.reliability.simulation.simulation import Simulation
from tests.reliability.simulation.verdict import PROMPTLY, faults, overdue

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sync.select import Selection

PARKED = Remembered(lambda ledger, _: ledger.calls_in(State.PARKED))
MAPPED_OTHERWISE = Remembered(mapped_otherwise)
ALL = Remembered(lambda ledger, _: ledger.all_calls())
QUIET_HOURS = (8, 18, 25)
"""Between the later runs of the quiet days: enough for the last look at each call, and for two sweeps."""


def live(seed: int) -> Simulation:
    """Go through a seed's days.

    Raises:
        AssertionError: not all came right in the end.
    """
    conditions = conditions_of(seed)
    simulation = Simulation(conditions, seed)
    dice, time = simulation.dice, simulation.time
    simulation.life.unfold(leads=dice.randint(3, 8), calls=dice.randint(8, 24))
    simulation.records.people.update(f"person-{number}" for number in range(8) if dice.chance(70))
    end = time.now + LASTS
    while time.now < end:
        time.now = _next_run(simulation)
        _between_runs(simulation)
        simulation.run(limit=3 if dice.chance(5) else None)
        if dice.chance(conditions.resyncs):
            simulation.resync(_some_selection(simulation), overwrite=dice.chance(20))
    time.now = max(time.now, end)
    come_right(simulation)
    wrong = faults(simulation)
    assert not wrong, f"{conditions.name}; {conditions.unknown}: {'; '.join(wrong)}"
    return simulation


def come_right(simulation: Simulation) -> None:
    """Let the quiet days pass. What has its stamp is logged by the first run; the last has nothing left to write."""
    simulation.clear_up()
    simulation.time.pass_by(seconds=PROMPTLY.total_seconds())
    simulation.run()
    if simulation.records.was_refusing:
        simulation.resync(PARKED)
    if simulation.remapped:
        simulation.resync(MAPPED_OTHERWISE)
    tardy = overdue(simulation)
    assert not tardy, f"not at once: {'; '.join(tardy)}"
    for hours in QUIET_HOURS:
        simulation.time.pass_by(hours=hours)
        simulation.run()
    before = len(simulation.records.history)
    simulation.time.pass_by(minutes=5)
    simulation.run()
    again = [each.key for each in simulation.written(before)]
    assert not again, f"written again though nothing had changed: {again}"


def _next_run(simulation: Simulation) -> datetime:
    """When the next run begins: soon after one cut short, and often while a row has its stamp and does not show."""
    dice, now = simulation.dice, simulation.time.now
    minutes = 5 if simulation.cut_short else dice.choice((5, 5, 30, 120, 480, 720))
    late = [span for span in simulation.life.late if now < span[0] < now + timedelta(hours=12)]
    if late and dice.chance(70):
        stamp, shows = dice.choice(late)
        return stamp + (shows - stamp) * dice.random()
    return now + timedelta(minutes=minutes * (0.5 + dice.random()))


def _between_runs(simulation: Simulation) -> None:
    conditions, dice = simulation.conditions, simulation.dice
    if dice.chance(conditions.jumps):
        simulation.clock.set(timedelta(seconds=dice.uniform(-3600, 3600)))
    if dice.chance(conditions.outage):
        simulation.key_refused = not simulation.key_refused
    if conditions.outage and dice.chance(10):
        simulation.records.refuse(f"call-{dice.randint(0, 23):02}")
    if dice.chance(conditions.remaps):
        simulation.remap(dice.randrange(len(VERSIONS)))
    while dice.chance(conditions.hands):
        simulation.hands.do_something()
    if dice.chance(conditions.forgets):
        simulation.lose_ledger()
    elif dice.chance(conditions.forgets):
        simulation.restore_ledger()
    if conditions.forgets and dice.chance(30):
        simulation.back_up()


def _some_selection(simulation: Simulation) -> Selection:
    dice, now = simulation.dice, simulation.time.now
    return dice.choice(
        (
            Named([f"call-{dice.randint(0, 23):02}" for _ in range(3)]),
            OfLead(f"lead-{dice.randint(0, 7)}"),
            Period(now - timedelta(hours=dice.randint(2, 30)), now - timedelta(hours=1)),
            PARKED,
            MAPPED_OTHERWISE,
            ALL,
        )
    )
