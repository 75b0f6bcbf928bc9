"""What `make bench` found, from `bench/results.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.parts.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_RESULTS = Path(__file__).parent.parent.parent / "bench" / "results.json"
_BUSY = 0.5
"""Of a core, taken by others before or after a bench: beyond that its times are not those of a quiet machine."""


def bars() -> str:
    """Every figure that has a bar."""
    rows = (
        (
            f"{figure['figure']}, {figure['case']}",
            _value(figure),
            _bar(figure),
            "yes" if figure["met"] else f"**no**{_missed(figure)}",
        )
        for result in _results().values()
        for figure in result["figures"]
        if figure["bar"] is not None
    )
    return table(("figure", "measured", "bar", "met"), rows)


def measurements() -> str:
    """Every bench with its method and all its figures."""
    return "\n\n".join(_measurement(name, result) for name, result in _results().items())


def _measurement(name: str, result: dict[str, Any]) -> str:
    repeats = len(result["figures"][0]["runs"])
    busy = max(result["load"]) > _BUSY
    options = result["options"]
    how = (
        f"`python -m bench {name} --repeats {options['repeats']} --most-calls {options['most_calls']}`, "
        f"{result['when'][:10]}, commit {code(result['commit'])}, {repeats} runs. "
        f"{_machine(result['machine'])}. {_load(result['load'], result['yardstick'], busy=busy)}"
    )
    rows = (
        (f"{each['figure']}, {each['case']}", _value(each), _spread(each), _detail(each)) for each in result["figures"]
    )
    figures = table(("figure", "median", "least to most", "medians of what it is made of"), rows)
    return f"## {result['title']}\n\n{result['method']}\n\n{how}\n\n{figures}"


def _results() -> dict[str, Any]:
    if not _RESULTS.exists():
        return {}
    results: dict[str, Any] = json.loads(_RESULTS.read_text(encoding="utf-8"))
    return results


def _machine(machine: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}; {versions}"
    )


def _load(load: list[float], yardstick: list[float], *, busy: bool) -> str:
    told = f"Load before and after: {load[0]:g} and {load[1]:g}; yardstick: {yardstick[0]:g} and {yardstick[1]:g} ms."
    return f"{told} **The machine was busy with other work: times are longer than they should be.**" if busy else told


def _value(figure: dict[str, Any]) -> str:
    return f"{_number(figure['value'])} {figure['unit']}"


def _bar(figure: dict[str, Any]) -> str:
    return f"{'≥' if figure['at_least'] else '≤'} {_number(figure['bar'])}"


def _missed(figure: dict[str, Any]) -> str:
    return f", by {_number(100 * abs(figure['value'] / figure['bar'] - 1))} %" if figure["bar"] else ""


def _spread(figure: dict[str, Any]) -> str:
    least, most = min(figure["runs"]), max(figure["runs"])
    return "" if len(figure["runs"]) == 1 else f"{_number(least)} to {_number(most)}"


def _detail(figure: dict[str, Any]) -> str:
    return "; ".join(_detailed(figure["detail"]))


def _detailed(detail: dict[str, float]) -> Iterator[str]:
    for name, value in detail.items():
        yield f"{name} {_number(value)}"


def _number(number: float) -> str:
    whole = float(number).is_integer() or abs(number) >= 1_000  # noqa: PLR2004  # digits that mean something
    return f"{number:,.0f}" if whole else f"{number:.3g}"
