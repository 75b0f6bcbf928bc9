"""`kill -9` at every step: a real process dies at a named moment, then one clean run puts everything right.

In `make check` each moment once per CRM; in `make soak` at its first, third and last time, in every scene that has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reliability.judge import judge_in_between
from tests.reliability.moments import MOMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.reliability.killed import Warm
    from tests.reliability.moments import Moment
    from tests.reliability.scenes import Scene

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
    moment: Moment,
    kind: str,
    make_scene: MakeScene,
    new_scene: Callable[[MakeScene, str], Scene],
    hits_of: Callable[[Moment, MakeScene, str], list[int]],
    record_property: Callable[[str, object], None],
) -> None:
    hits = hits_of(moment, make_scene, kind)
    for hit in hits:
        scene = new_scene(make_scene, kind)
        ended = scene.run(moment=moment.name, hit=hit)
        assert ended.was_killed, f"it came {ended.hits.get(moment.name, 0)} times, not {hit}: {ended.code}"
        judge_in_between(scene.town)
        scene.judge()
    record_property("cases", len(hits))


@pytest.fixture
def new_scene(warm: Warm, builds: Callable[[], Callable[..., object]]) -> Callable[[MakeScene, str], Scene]:
    """Makes a scene, in a folder of its own."""
    return lambda make_scene, kind: make_scene(builds(), warm, kind)


@pytest.fixture(scope="session")
def counted() -> dict[tuple[str, str], dict[str, int]]:
    """How often each moment comes, by scene and CRM."""
    return {}


@pytest.fixture
def hits_of(
    new_scene: Callable[[MakeScene, str], Scene],
    counted: dict[tuple[str, str], dict[str, int]],
    request: pytest.FixtureRequest,
) -> Callable[[Moment, MakeScene, str], list[int]]:
    """At which times of a moment to kill: at all that were promised, or in `make check` at the one that tells most."""

    def hits(moment: Moment, make_scene: MakeScene, kind: str) -> list[int]:
        if not request.config.getoption("--soak"):
            return [3 if moment.often else 1]
        of = make_scene.__name__, kind
        if of not in counted:
            counted[of] = new_scene(make_scene, kind).run().hits
        return sorted({1, min(3, counted[of][moment.name]), counted[of][moment.name]})

    return hits
