"""Counts which faults the product survived: suites, faults and cases, as a table.

A test says by `@pytest.mark.survives("G cursor", "ties")` what it is about; one that goes through many cases says how
many by `record_property("cases", number)`; `record_property("told", …)` adds a remark. Under several processes the
controller adds up what the workers report.
"""

from __future__ import annotations

import platform
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = "survives"
_WHICH = {
    True: "These are the full numbers, of `make soak`; `make check` takes a part of them",
    False: "These are the cases that `make check` takes; `make soak` takes far more, and writes this page anew",
}
_PAGE = """\
# Faults survived

The connector is broken on purpose, over and over, and each time it has to end where the
[promise](delivery-promise.md) says: each call logged once, saying what Apten says now, nobody's edit overwritten,
nothing left to do. The judge is what the stand-ins for Apten and the CRM were asked and told, never the connector's own
ledger. A fault counts as survived only if all its cases ended so.

{which}, with {versions} on {system}.

{table}
## What was tried

With the number of cases of each fault:

{tried}
"""


@dataclass
class Fault:
    """How one fault was survived: in how many cases, and whether in all."""

    cases: int = 0
    survived: bool = True
    told: str = ""


@dataclass(eq=False)
class Scoreboard:
    """A pytest plugin that keeps the score; `path`, if any, is the page to write it to."""

    path: Path | None
    soak: bool
    faults: dict[tuple[str, str], Fault] = field(default_factory=lambda: defaultdict(Fault))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, or its set-up or its end, is over."""
        told = dict(report.user_properties)
        if _MARK not in told or not (report.when == "call" or report.failed):
            return
        suite, fault = str(told[_MARK]).split("|")
        of = self.faults[suite, fault]
        of.cases += int(str(told.get("cases", 1)))
        of.survived &= report.passed
        of.told = str(told.get("told", of.told))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the score, and write it down."""
        if self.faults:
            terminalreporter.section("faults survived")
            terminalreporter.write(table(self.faults))
        if self.path is not None:
            self.path.write_text(page(self.faults, soak=self.soak), encoding="utf-8")


def table(faults: Mapping[tuple[str, str], Fault]) -> str:
    """The score by suite, with a sum, as Markdown."""
    suites: dict[str, list[Fault]] = defaultdict(list)
    for (suite, _), fault in sorted(faults.items()):
        suites[suite].append(fault)
    suites["**all**"] = list(faults.values())
    lines = ["| suite | faults survived / tried | cases |", "| --- | ---: | ---: |"]
    for suite, its in suites.items():
        survived = sum(fault.survived for fault in its)
        lines.append(f"| {suite} | {survived} / {len(its)} | {sum(fault.cases for fault in its):,} |")
    return "\n".join(lines) + "\n"


def page(faults: Mapping[tuple[str, str], Fault], *, soak: bool) -> str:
    """The score as a page of the docs: what it means, the sums, and every fault that was tried.

    `soak` says that these are the full numbers.
    """
    suites: dict[str, list[str]] = defaultdict(list)
    for (suite, name), fault in sorted(faults.items()):
        told = f"; {fault.told}" if fault.told else ""
        suites[suite].append(f"{name} ({fault.cases:,}{told})" if fault.survived else f"**{name}: not survived**")
    tried = "\n".join(f"- **{suite}**: {' · '.join(names)}" for suite, names in suites.items())
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return _PAGE.format(
        which=_WHICH[soak], versions=versions, system=platform.system(), table=table(faults), tried=tried
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the soak."""
    parser.addoption("--seed", type=int, help="simulate this seed alone")
    parser.addoption("--soak", action="store_true", help="the full numbers, which take long")
    parser.addoption("--scoreboard", type=Path, metavar="FILE", help="write the page of faults survived to a file")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the score in the process that shows it."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Scoreboard(config.getoption("--scoreboard"), soak=config.getoption("--soak")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the soak runs; put on each test what it survives."""
    for item in items:
        if mark := item.get_closest_marker(_MARK):
            item.user_properties.append((_MARK, "|".join(mark.args)))
    if not config.getoption("--soak"):
        left_out = [item for item in items if item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("soak")]


@pytest.fixture(scope="session")
def number(request: pytest.FixtureRequest) -> HowMany:
    """`number(check=200, soak=20_000)`: how many cases this run takes."""
    return HowMany(soak=request.config.getoption("--soak"))


@dataclass(frozen=True)
class HowMany:
    """Which of two numbers counts."""

    soak: bool

    def __call__(self, *, check: int, soak: int) -> int:
        return soak if self.soak else check
