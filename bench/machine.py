"""What a measurement was made on: the machine, how busy it was, and the versions of everything that takes part."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time, sleep
from typing import Any

from bench.client import PLAIN
from bench.servers import ROOT

_WORK = {f"key {number}": ["some text", number, {"and": None}] for number in range(500)}
_TAKING_PART = (
    *("httpx", "pydantic", "requests", "simple-salesforce", "sqlalchemy", "uvicorn", "uvloop", "httptools"),
    *("dlt", "jinja2", "jsonata-python", "cel-python", "singer-sdk"),
)
_JSFORCE = ROOT / "tests" / "node" / "salesforce" / "node_modules" / "jsforce" / "package.json"
_LOOKS = 2.0
"""Seconds for which the machine is watched."""


def machine() -> dict[str, Any]:
    """The machine, and what runs on it."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": subprocess.check_output([str(PLAIN), "-V"], text=True).split()[-1],  # noqa: S603
        "versions": {name: version(name) for name in _TAKING_PART} | _of_node(),
    }


def yardstick() -> float:
    """Milliseconds of processor time for a fixed piece of work: on the same machine, more means that others slow it."""
    times = []
    for _ in range(7):
        begun = process_time()
        for _ in range(20):
            json.loads(json.dumps(_WORK, sort_keys=True))
        times.append(process_time() - begun)
    return round(1e3 * median(times), 2)


def load() -> float:
    """How many cores are busy while no bench is running: what others take."""
    before = _spent()
    sleep(_LOOKS)
    idle, whole = (after - earlier for after, earlier in zip(_spent(), before, strict=True))
    return round((os.cpu_count() or 1) * (1 - idle / whole), 1)


def _spent() -> tuple[int, int]:
    """Time of all cores since the machine began, in the kernel's ticks: idle, and all of it."""
    first, _, _ = Path("/proc/stat").read_text(encoding="ascii").partition("\n")
    ticks = [int(each) for each in first.split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _of_node() -> dict[str, str]:
    """The versions of jsforce and of what it runs on, where they are installed."""
    if not _JSFORCE.exists():
        return {}
    node = subprocess.check_output(["node", "--version"], text=True).strip().removeprefix("v")  # noqa: S607
    return {"jsforce": json.loads(_JSFORCE.read_text(encoding="utf-8"))["version"], "node": node}


def commit() -> str:
    """What is measured: the commit, and whether the connector has changes beyond it."""
    name = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip()  # noqa: S607
    changed = subprocess.call(["git", "diff", "--quiet", "HEAD", "--", "connector", "mappings"], cwd=ROOT)  # noqa: S607
    return f"{name}, changed" if changed else name


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor()
