"""What was measured: figures, each with its bar, kept in `bench/results.json` with how and when they came about."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Options:
    """How a bench is run.

    Args:
        repeats: how often each case is measured; cases take turns.
        most_calls: leave out cases of more calls than this.
    """

    repeats: int = 5
    most_calls: int = 100_000

    def sizes(self, *sizes: int) -> list[int]:
        """Those numbers of calls that are to be measured."""
        return [size for size in sizes if size <= self.most_calls]


@dataclass(slots=True)
class Figure:
    """One number: the median of `runs`.

    Args:
        figure: what it is.
        case: of what.
        unit: in what.
        bar: what it is to be at the most; None for a number that is shown for comparison.
        at_least: it is to be so much at the least.
        runs: as measured, one after the other.
        detail: further numbers by name, each in every run; their medians are shown.
    """

    figure: str
    case: str
    unit: str
    bar: float | None = None
    at_least: bool = False
    runs: list[float] = field(default_factory=list)
    detail: dict[str, list[float]] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The median."""
        return median(self.runs)

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without one."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def add(self, value: float, **detail: float) -> None:
        """One more run."""
        self.runs.append(value)
        for name, number in detail.items():
            self.detail.setdefault(name.replace("_", " "), []).append(number)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the results."""
        return {
            "figure": self.figure,
            "case": self.case,
            "value": _short(self.value),
            "unit": self.unit,
            "bar": self.bar,
            "at_least": self.at_least,
            "met": self.met,
            "runs": [_short(run) for run in self.runs],
            "detail": {name: _short(median(numbers)) for name, numbers in self.detail.items()},
        }


class Bench(Protocol):
    """A module that measures something. Its docstring is its method: what is done, and what the figures are."""

    __doc__: str | None
    TITLE: str

    def measure(self, options: Options) -> Iterator[Figure]:
        """The figures, once all their runs are done."""
        ...


def save(name: str, result: Mapping[str, Any]) -> None:
    """Put a bench's result in the place of its last one."""
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = result
    whole = RESULTS.with_suffix(".new")
    whole.write_text(json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    whole.replace(RESULTS)


def _short(number: float) -> float:
    return float(f"{number:.4g}") if abs(number) < 10_000 else round(number)  # noqa: PLR2004  # digits that mean something
