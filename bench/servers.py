"""The stand-ins as a bench sees them: processes of their own, so that each one's work is measured apart."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
LATENCY = 0.05
"""Seconds until an answer, where a bench says nothing else."""


class Server:
    """A stand-in that is being served. `url` is its root, `told` what it said of itself."""

    def __init__(self, told: dict[str, str]) -> None:
        self.told = told
        self.url = told["url"]

    def report(self) -> dict[str, Any]:
        """The tally since the last reset, as `bench.stand_in.line.Tally` describes it."""
        return self.control("report")

    def control(self, name: str) -> dict[str, Any]:
        """Ask something of it that is not counted: `reset`, `revise`."""
        with urlopen(f"{self.url}/bench/{name}") as answer:  # noqa: S310  # an address of our own
            report: dict[str, Any] = json.load(answer)
            return report


@contextmanager
def serving(stand_in: str, **options: float | bool | None) -> Iterator[Server]:
    """Serve `apten` or `salesforce`; the options are those of `bench.stand_in.serve`."""
    arguments = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            arguments.append(flag)
        elif value is not None and value is not False:
            arguments += [flag, str(value)]
    command = [sys.executable, "-m", "bench.stand_in.serve", stand_in, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own
        assert process.stdout
        try:
            yield Server(json.loads(process.stdout.readline()))
        finally:
            process.terminate()
