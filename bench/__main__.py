"""Measures: `python -m bench`, or `python -m bench idle crm_requests` for some of the benches."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, cast

from bench import machine
from bench.figures import Options, save

if TYPE_CHECKING:
    from bench.figures import Bench, Figure

BENCHES = (
    "whole_path",
    "idle",
    "parts",
    "crm_requests",
    "growth",
    "rate_limit",
    "mapping",
    "beside_engines",
    "beside_clients",
)
LONG = ("memory",)
"""Takes an hour, and is measured only where it is named."""
_SMALLEST = 1_000
"""Calls: with fewer, some benches have nothing to measure."""


def main() -> None:
    """Measure, print every figure, and keep them in `bench/results.json`."""
    # Whoever is asked to end takes stand-ins and clients along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=", ".join((*BENCHES, *LONG)), default=BENCHES)
    parser.add_argument(
        "--repeats", type=int, default=Options().repeats, help="how often each case is measured (5), where it varies"
    )
    parser.add_argument(
        "--most-calls", type=int, default=Options().most_calls, help="leave out larger cases (100,000); 1,000 at least"
    )
    parser.add_argument("--look", action="store_true", help="print the figures and keep none of them")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.benches if name not in (*BENCHES, *LONG)]:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join((*BENCHES, *LONG))}")
    if chosen.repeats < 1 or chosen.most_calls < _SMALLEST:
        parser.error(f"--repeats is 1 at least, --most-calls {_SMALLEST:,}")
    options = Options(chosen.repeats, chosen.most_calls)
    for name in chosen.benches:
        bench = cast("Bench", import_module(f"bench.{name}"))
        print(f"\n{bench.TITLE}")
        result: dict[str, Any] = {
            "title": bench.TITLE,
            "method": cleandoc(bench.__doc__ or ""),
            "when": datetime.now(UTC).isoformat(timespec="minutes"),
            "options": asdict(options),
            "commit": machine.commit(),
            "machine": machine.machine(),
        }
        load, yardstick = machine.load(), machine.yardstick()
        figures = []
        for figure in bench.measure(options):
            figures.append(figure.as_json())
            _print(figure)
            sys.stdout.flush()
        result |= {
            "load": [load, machine.load()],
            "yardstick": [yardstick, machine.yardstick()],
            "figures": figures,
        }
        if result["commit"] != machine.commit():
            sys.exit("The connector was changed meanwhile: it is not known what was measured, and nothing was kept.")
        if not chosen.look:
            save(name, result)


def _print(figure: Figure) -> None:
    told = figure.as_json()
    bar = ""
    if figure.bar is not None:
        bar = f"   bar: at {'least' if figure.at_least else 'most'} {figure.bar:g}, {'met' if figure.met else 'MISSED'}"
    print(f"  {figure.figure}, {figure.case}: {told['value']:,} {figure.unit}{bar}")
    if told["detail"]:
        print("    " + "   ".join(f"{name} {value:,}" for name, value in told["detail"].items()))


if __name__ == "__main__":
    main()
