"""What every test shares: unhurried property tests, and no silent skipping of the tests that need Node.js."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Generator

# A shared machine has slow moments; they say nothing about the code. A failure prints what repeats it, and takes no
# minutes to explain itself.
settings.register_profile(
    "unhurried",
    max_examples=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
# `make soak`: the same promises, held to many more cases than a person waits for.
settings.register_profile("soak", settings.get_profile("unhurried"), max_examples=6_000)
settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--require-node", action="store_true", help="a test that needs Node.js and is skipped has failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.get_closest_marker("node") and item.config.getoption("--require-node"):
        report.outcome = "failed"
        report.longrepr = "skipped, though --require-node was given"
    return report
