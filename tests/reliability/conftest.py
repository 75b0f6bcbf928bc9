"""Towns for reliability tests, to be hurt on purpose, and places whose Apten has a clock and habits of its own."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.clock import FakeClock
from tests.ledger.conftest import room
from tests.reliability.killed import Warm
from tests.reliability.place import Place, settle_place
from tests.sync.conftest import NOW, build, clock, town, towns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from _pytest.terminal import TerminalReporter

    from tests.town import Town

__all__ = ["build", "clock", "room", "town"]


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    with Warm() as warm:
        yield warm


@pytest.fixture
def builds(tmp_path: Path) -> Iterator[Callable[[], Callable[..., Town]]]:
    """Gives a new `build` at each call, with a folder and a clock of its own."""
    with ExitStack() as stack:

        def new() -> Callable[..., Town]:
            folder = tmp_path / str(len(list(tmp_path.iterdir())))
            folder.mkdir()
            return towns(stack, folder, FakeClock(NOW))

        yield new


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Makes a place: `place("database", skew=timedelta(hours=1))`."""
    with ExitStack() as stack:
        yield lambda kind, **about: settle_place(stack, kind, tmp_path, **about)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Tell how much was simulated in all."""
    happened: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        happened.update(dict(report.user_properties).get("simulated", {}))
    if happened:
        terminalreporter.section("simulated")
        terminalreporter.write_line(", ".join(f"{times:,} {what}" for what, times in sorted(happened.items())))
