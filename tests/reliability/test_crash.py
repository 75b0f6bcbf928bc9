"""`kill -9` at every step: a real process dies at a named moment, then one clean run puts everything right.

In `make check` each moment once per CRM; in `make soak` at its first, third and last time, in every scene that has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.looking import lose_ledger
from tests.reliability.judge import judge_in_between
from tests.reliability.moments import MOMENTS
from tests.reliability.scenes import back_fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.reliability.killed import Warm
    from tests.reliability.moments import Moment
    from tests.reliability.scenes import Scene
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town

    MakeScene = Callable[..., Scene]


def _cases() -> Iterator[object]:
    for moment in MOMENTS:
        for kind in moment.kinds:
            for number, scene in enumerate(moment.scenes):
                marks = [pytest.mark.survives("A crash at every step", moment.name)]
                if number:
                    marks.append(pytest.mark.soak)
                name = f"{moment.name}-{kind}-{scene.__name__}"
                yield pytest.param(moment, kind, scene, marks=marks, id=name)


@pytest.mark.parametrize(("moment", "kind", "make_scene"), [*_cases()])
def test_a_run_that_dies_at_any_moment_is_made_good_by_the_next(
    moment: Moment, kind: str, make_scene: MakeScene, scenes: Scenes, record_property: Callable[[str, object], None]
) -> None:
    hits = scenes.hits(moment, make_scene, kind)
    for hit in hits:
        scene = scenes.killed(moment, make_scene, kind, hit)
        judge_in_between(scene.town)
        scene.judge()
    record_property("cases", len(hits))


@pytest.mark.parametrize("hit", [1, 3, pytest.param(12, marks=pytest.mark.soak)])
@pytest.mark.survives("A crash at every step", "backup half copied")
def test_a_backup_that_dies_leaves_the_ledger_as_it_is_and_no_half_of_one(scenes: Scenes, hit: int) -> None:
    scene = scenes.new(back_fill, "database")
    town = scene.town
    town.run()
    copy = town.folder / "copy.db"
    scene.command = ["ledger", "backup", str(copy)]
    assert scene.run(moment="page of the ledger copied", hit=hit).was_killed
    scene.command = ["sync"]
    scene.judge()
    # Whoever takes what there is of it for a backup, and puts it in the ledger's place:
    lose_ledger(town)
    for left in town.folder.glob("copy.db*"):
        left.rename(town.folder / left.name.replace("copy", "ledger"))
    scene.judge()


_TRIES = 5
_COUNTED: dict[tuple[MakeScene, str], dict[str, int]] = {}


@dataclass(frozen=True)
class Scenes:
    """Makes scenes, each in a folder of its own; knows how often a moment comes in each."""

    builds: Callable[[], Callable[..., Town]]
    warm: Warm
    soak: bool

    def new(self, make_scene: MakeScene, kind: str) -> Scene:
        """One more."""
        return make_scene(self.builds(), self.warm, kind)

    def killed(self, moment: Moment, make_scene: MakeScene, kind: str, hit: int) -> Scene:
        """One whose process died at that time of the moment; at its last, where answers came in another order."""
        for _ in range(_TRIES):
            scene = self.new(make_scene, kind)
            ended = scene.run(moment=moment.name, hit=hit)
            if ended.was_killed:
                return scene
            hit = min(hit, ended.hits.get(moment.name, 0))
            assert hit, f"it never came; exit code {ended.code}"
        raise AssertionError("it came another number of times at each try")

    def hits(self, moment: Moment, make_scene: MakeScene, kind: str) -> list[int]:
        """At which times of a moment to kill: the first, third and last; or one that is sure to come."""
        if not self.soak:
            return [3 if moment.often else 1]
        if (make_scene, kind) not in _COUNTED:
            _COUNTED[make_scene, kind] = self.new(make_scene, kind).run().hits
        times = _COUNTED[make_scene, kind][moment.name]
        return sorted({1, min(3, times), times})


@pytest.fixture
def scenes(builds: Callable[[], Callable[..., Town]], warm: Warm, number: HowMany) -> Scenes:
    return Scenes(builds, warm, number.soak)
