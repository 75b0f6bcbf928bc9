"""The connector as a user runs it: installed in a folder, started as a process, its costs as the kernel counts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from bench.servers import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.servers import Server

PLAIN = ROOT / ".venv-plain" / "bin" / "python"
"""Python with what the connector needs and nothing else, as its users have it: more packages make it start slower."""
_ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
"""Without what developers tell Python: where it keeps no bytecode, it compiles the connector at each start."""
_SECRETS = {
    "APTEN_API_KEY": "bench-key",
    "SALESFORCE_CONSUMER_KEY": "sandbox-consumer-key",
    "SALESFORCE_CONSUMER_SECRET": "sandbox-consumer-secret",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that has ended: seconds it took, seconds of processor time, MiB at the most, what it printed."""

    exit_code: int
    wall: float
    cpu: float
    memory: float
    output: str

    @property
    def told(self) -> dict[str, Any]:
        """What a sync says of itself."""
        told: dict[str, Any] = json.loads(self.output)
        return told

    @property
    def counts(self) -> dict[str, int]:
        """What a sync says that it did."""
        counts: dict[str, int] = self.told["counts"]
        return counts


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a config for the stand-ins.

    Args:
        folder: empty, or one that was set up so before.
        apten: where calls come from.
        salesforce: where they go; None for a database in the folder.
        connections: requests to Apten under way at once.
        settings: more lines for the section `sync`.
    """

    folder: Path
    apten: Server
    salesforce: Server | None = None
    connections: int = 8
    settings: tuple[str, ...] = field(default=())

    def set_up(self) -> None:
        """Write the config, and make the database's table."""
        if self.salesforce:
            crm = (
                f"  kind: salesforce\n  mapping: {ROOT}/mappings/salesforce.yaml\n  domain: bench.my\n"
                f"  auth: client_credentials\n  consumer_key: ${{SALESFORCE_CONSUMER_KEY}}\n"
                f"  consumer_secret: ${{SALESFORCE_CONSUMER_SECRET}}\n  base_url: {self.salesforce.url}\n"
            )
        else:
            crm = f"  kind: database\n  mapping: {ROOT}/mappings/database.yaml\n  url: sqlite:///activities.db\n"
        sync = [f"start: {self.apten.told['begin']}", f"concurrency: {self.connections}", "stop_above: 2000000"]
        lines = "".join(f"  {line}\n" for line in (*sync, *self.settings))
        text = (
            f"apten:\n  base_url: {self.apten.url}/v1\n  api_key: ${{APTEN_API_KEY}}\n"
            f"crm:\n{crm}ledger: sqlite:///apten-crm.db\nsync:\n{lines}"
        )
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")
        if not self.salesforce:
            ran = self.run("setup", "--yes")
            assert ran.exit_code == 0, self.log_end()

    @property
    def ledger(self) -> Path:
        """The connector's memory."""
        return self.folder / "apten-crm.db"

    def log_end(self) -> str:
        """What the last command said last."""
        return (self.folder / "log").read_text(encoding="utf-8")[-2000:]

    def sync(self, **options: Any) -> Ran:
        """What cron does. It must come to its end."""
        ran = self.run("sync", "--format", "json", **options)
        assert ran.exit_code == 0, self.log_end()
        return ran

    def run(
        self,
        *arguments: str,
        flags: tuple[str, ...] = (),
        program: tuple[str, ...] = ("connector",),
        watch: Callable[[int], bool] | None = None,
    ) -> Ran:
        """A command, its log written to a file.

        Args:
            arguments: of `apten-crm`.
            flags: of Python.
            program: the module that is run, and arguments of its own.
            watch: asked a few times a second, given the process's id; where it says no, the process is killed.
        """
        command = [str(PLAIN), *flags, "-m", *program, *arguments, "--config", str(self.folder / "config.yaml")]
        with (self.folder / "log").open("ab") as log:
            return run(command, log=log.fileno(), watch=watch, environment={**_ENVIRONMENT, **_SECRETS})


def run(
    command: list[str],
    *,
    log: int | None = None,
    watch: Callable[[int], bool] | None = None,
    environment: dict[str, str] | None = None,
) -> Ran:
    """Run a program to its end."""
    begun = monotonic()
    with TemporaryFile() as printed:
        process = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=log, env=environment)  # noqa: S603
        memory = _watched(process.pid, watch)
        _, status, used = os.wait4(process.pid, 0)
        wall = monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        output = printed.read().decode()
    return Ran(process.returncode, wall, used.ru_utime + used.ru_stime, memory, output)


def _watched(process: int, watch: Callable[[int], bool] | None) -> float:
    """Wait for a process to end, at the latest when this is interrupted; the most MiB that it took."""
    # The kernel's own figure for a process that has ended is never less than what its parent took.
    memory = 0.0
    try:
        while not os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            memory = max(memory, memory_of(process, "VmHWM"))
            if watch and not watch(process):
                break
            sleep(0.2 if watch else 0.01)
    finally:
        os.kill(process, signal.SIGKILL)
    return memory


def memory_of(process: int, which: str) -> float:
    """MiB that a process takes at present (`VmRSS`), or took at the most until now (`VmHWM`); 0 once it has ended."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 1024
    return 0.0
