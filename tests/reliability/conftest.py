"""What the tests of reliability can be told, and what they tell of simulated days."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from _pytest.terminal import TerminalReporter


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that repeats one simulation."""
    parser.addoption("--seed", type=int, help="simulate this seed alone: pytest tests/reliability --seed 4711")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Tell how much was simulated in all."""
    happened: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        happened.update(dict(report.user_properties).get("simulated", {}))
    if happened:
        terminalreporter.section("simulated")
        terminalreporter.write_line(", ".join(f"{times:,} {what}" for what, times in sorted(happened.items())))
