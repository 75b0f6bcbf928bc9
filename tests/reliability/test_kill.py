"""kill -9 at random moments of a real process while the world goes on, then one clean run: every call exactly once."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.reliability.judge import judge_in_between
from tests.reliability.scenes import back_fill
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.killed import Warm
    from tests.reliability.scenes import Scene
    from tests.town import Town

KILLS = 20
ROUNDS = 6
MOST_RUNS = 20 * KILLS


@pytest.mark.parametrize("kind", ["database", "salesforce"])
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, ROUNDS))])
@pytest.mark.survives("B random kill", "killed at any time")
def test_whenever_runs_are_killed_the_next_completes_them_without_doubles(
    builds: Callable[[], Callable[..., Town]],
    warm: Warm,
    kind: str,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    dice = random.Random(f"{kind} {seed}")
    span = _seconds(back_fill(builds(), warm, kind))
    scene = back_fill(builds(), warm, kind)
    killed = 0
    for number in range(MOST_RUNS):
        if killed == KILLS:
            break
        begin = time.monotonic()
        if scene.run(after=dice.random() * span).was_killed:
            killed += 1
            judge_in_between(scene.town)
        else:
            span = time.monotonic() - begin
            _something_happens(scene.town, number)
    assert killed == KILLS, "runs ended before they could be killed"
    scene.judge()
    record_property("cases", killed)


def _seconds(scene: Scene) -> float:
    """How long a run takes on this machine."""
    begin = time.monotonic()
    assert scene.run().code == 0
    return time.monotonic() - begin


def _something_happens(town: Town, number: int) -> None:
    """Hours later: summaries arrived, and people were called."""
    town.clock.advance(hours=2)
    now = town.clock.now()
    town.world.late_summaries(8, now)
    for call in range(8):
        add_lead_with_call(town.world, 10 * number + call, now)
