"""1,000 tasks upserted by their key, each by what a user would pick instead; answers take 50 ms.

Each client is a program of its own, against the same stand-in; clients take turns, each with an org without tasks. The
tasks are those that the job of `bench/job.py` makes: 7 KB each. Jobs of Bulk 2.0 are done as soon as their data is
there, which flatters them: a real one takes seconds to minutes. The bound is the fewest requests, ceil(1,000 ÷ 200),
one after the other; "traffic" is from the first request to the last answer, "wall" the whole program.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bench import job
from bench.client import run
from bench.figures import Figure
from bench.servers import LATENCY, ROOT, serving
from connector.model import PersonRef
from connector.source_model import Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options

TITLE = "Writing beside other clients"
TASKS = 1_000
_BOUND = -(-TASKS // 200) * LATENCY
_JSFORCE = ROOT / "tests" / "node" / "salesforce" / "node_modules"
_OURS = "the connector's adapter"


def measure(options: Options) -> Iterator[Figure]:
    """All in turns."""
    figures = {name: Figure("traffic", name, "× the bound") for name in _programs()}
    with ExitStack() as opened:
        file = Path(opened.enter_context(TemporaryDirectory(prefix="bench-"))) / "tasks.json"
        file.write_text(json.dumps([_task(number) for number in range(TASKS)]), encoding="utf-8")
        for _ in range(options.repeats):
            for name, program in _programs().items():
                _measure(figures[name], program, file)
    yield from figures.values()
    others = min(median(figure.detail["wall s"]) for name, figure in figures.items() if name != _OURS)
    ours = Figure("time of the whole program", f"{_OURS}, beside that of the quickest of the others", "×")
    ours.runs = [wall / others for wall in figures[_OURS].detail["wall s"]]
    yield ours


def _programs() -> dict[str, list[str]]:
    def ours(name: str) -> list[str]:
        return [sys.executable, "-m", f"bench.peers.{name}"]

    programs = {
        _OURS: ours("connector_adapter"),
        "dlt custom destination, its defaults": ours("dlt_destination"),
        "simple-salesforce, bulk2": ours("simple_salesforce_bulk2"),
        "simple-salesforce, Task.upsert loop": ours("simple_salesforce_loop"),
    }
    if (node := shutil.which("node")) and _JSFORCE.exists():
        programs["jsforce, collections"] = [node, str(ROOT / "bench" / "peers" / "jsforce.js")]
    return programs


def _measure(figure: Figure, program: list[str], file: Path) -> None:
    with serving("salesforce") as org:
        org.control("reset")
        environment = {**os.environ, "NODE_PATH": str(_JSFORCE), "RUNTIME__DLTHUB_TELEMETRY": "false"}
        ran = run([*program, org.url, org.told["session"], str(file)], environment=environment)
        assert ran.exit_code == 0, program
        tally = org.report()
    traffic = tally["last"] - tally["first"]
    requests = sum(tally["requests"].values())
    figure.add(
        traffic / _BOUND,
        requests=requests,
        traffic_s=traffic,
        bound_s=_BOUND,
        wall_s=ran.wall,
        cpu_s=ran.cpu,
        MiB=ran.memory,
    )


def _task(number: int) -> dict[str, Any]:
    """What the job makes of a call, as JSON; nobody is linked."""
    draft = job.by_hand(Call.model_validate(job.facts(number)), None)
    values = {name: value for name, value in draft.fields.items() if not isinstance(value, PersonRef)}
    told = {name: value if isinstance(value, str | bool | int) else str(value) for name, value in values.items()}
    return {"Apten_Call_Id__c": draft.key, **told}
