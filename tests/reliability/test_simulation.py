"""Seeded days of the real sync code: whatever went wrong, all calls are in the CRM once and as they should be.

`pytest tests/reliability/test_simulation.py --seed 4711` repeats one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.reliability.simulation.conditions import CLASSES
from tests.reliability.simulation.days import live
from tests.reliability.simulation.regressions import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.scoreboard import HowMany


def _classes() -> list[object]:
    names = [f"{condition}; {unknown}" for condition, unknown in CLASSES]
    return [
        pytest.param(index, id=name, marks=pytest.mark.survives("D simulation", name))
        for index, name in enumerate(names)
    ]


@pytest.mark.parametrize("index", _classes())
def test_all_comes_right(
    index: int, number: HowMany, pytestconfig: pytest.Config, record_property: Callable[[str, object], None]
) -> None:
    wanted = pytestconfig.getoption("--seed", default=None)
    seeds = range(index, number(check=200, soak=20_000), len(CLASSES))
    if wanted is not None:
        seeds = range(wanted, wanted + 1) if wanted % len(CLASSES) == index else range(0)
    happened: Counter[str] = Counter()
    for seed in seeds:
        try:
            simulation = live(seed)
        except Exception as failure:
            failure.add_note(f"To see it again: pytest tests/reliability/test_simulation.py --seed {seed}")
            raise
        happened.update(simulation.weather.tally)
        happened.update(calls=len(simulation.world.calls()), runs=sum(simulation.ends.values()))
    record_property("cases", len(seeds))
    record_property("simulated", dict(happened))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_found_once_is_mended(seed: int) -> None:
    live(seed)
