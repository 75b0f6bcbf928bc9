"""The command line as a process that kills itself at a named moment: `kill -9`, by its own hand, at the exact place.

    python -m tests.reliability.killed CONFIG MOMENT HIT COMMAND...

runs one such process. `Warm` keeps a process with everything imported, and forks a real one for each order, which costs
a tenth of starting Python anew. What a process writes goes to `process.log` beside its config.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.town import ENVIRON

if TYPE_CHECKING:
    from types import TracebackType

LONGEST = 60
"""Seconds after which a process hangs, and is ended."""
HITS = "hits.json"


@dataclass(frozen=True)
class Order:
    """What a process is to do.

    Args:
        config: the town's config.
        at: its clock, which moves on only when it sleeps.
        command: of the command line.
        moment: kill it there; never, if empty.
        hit: at which time of that moment.
        after: kill it after so many seconds, wherever it is.
        upgrade: its ledger is one version old.
    """

    config: str
    at: str
    command: list[str] = field(default_factory=lambda: ["sync"])
    moment: str = ""
    hit: int = 1
    after: float | None = None
    upgrade: bool = False


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, or -9 if it was killed; if not, how often each moment came."""

    code: int
    hits: dict[str, int]

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Warm:
    """A process with everything imported and no threads, from which others are forked."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.killed", "--warm"],  # our own program
            env={**os.environ, **ENVIRON},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate("")

    def run(self, order: Order) -> Ended:
        """Run a process to its end, whatever that is."""
        hits = Path(order.config).with_name(HITS)
        hits.unlink(missing_ok=True)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Ended(code, json.loads(hits.read_text()) if hits.exists() else {})


def live(order: Order) -> int:
    """Be the command line, up to the moment; its exit code, if that never comes."""
    from connector.cli import app  # noqa: PLC0415  # after what it is made of was wrapped
    from connector.clock import SystemClock  # noqa: PLC0415  # ditto
    from tests.clock import FakeClock  # noqa: PLC0415  # ditto
    from tests.reliability.failpoints import arm  # noqa: PLC0415  # ditto

    hits: Counter[str] = Counter()
    lock = threading.Lock()

    def strike(moment: str) -> None:
        with lock:
            hits[moment] += 1
            if moment == order.moment and hits[moment] == order.hit:
                os.kill(os.getpid(), signal.SIGKILL)

    arm(strike, upgrade=order.upgrade)
    clock = FakeClock(datetime.fromisoformat(order.at))
    for name, passed_in in {"now": lambda _: clock.now(), "sleep": lambda _, seconds: clock.sleep(seconds)}.items():
        setattr(SystemClock, name, passed_in)
    code = app.main(["--config", order.config, *order.command])
    Path(order.config).with_name(HITS).write_text(json.dumps(hits))
    return code


def serve() -> None:
    """Fork a process for each order that comes in, one a line, and answer how it ended."""
    for needed in ("connector.cli.app", "connector.wiring", "tests.reliability.failpoints"):
        importlib.import_module(needed)
    cold = True
    for line in sys.stdin:
        order = Order(**json.loads(line))
        if cold:
            _warm_up(order.config)
            cold = False
        over, alive = os.pipe()
        child = os.fork()
        if not child:
            _become(order)
        os.close(alive)
        # The child alone holds the other end now: it comes to an end with it.
        if order.after is not None and not select.select([over], [], [], order.after)[0]:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(over)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _warm_up(config: str) -> None:
    """Let commands, mappings and YAML be read once for all; no thread and no connection comes of it."""
    from connector.cli import app  # noqa: PLC0415  # as in `serve`

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        assert app.main(["--config", config, "check"]) == 0
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()


def _become(order: Order) -> None:
    """Be the process of an order; never returns."""
    code = 99
    try:
        signal.alarm(LONGEST)
        log = os.open(Path(order.config).with_name("process.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        code = live(order)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    if sys.argv[1:] == ["--warm"]:
        serve()
    else:
        config, moment, hit, *command = sys.argv[1:]
        os.environ.update(ENVIRON)
        now = os.environ.get("NOW") or datetime.now().astimezone().isoformat()
        sys.exit(live(Order(config, now, command or ["sync"], moment, int(hit))))
