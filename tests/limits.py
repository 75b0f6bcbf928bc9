"""Runs code in a process of its own that may use only so much processor time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_MEGABYTE = 1_000_000


def run_limited(code: str, *, seconds: int = 60, megabytes: int = 1_000) -> str:
    """What the code prints. It fails when it raises, or takes more than this.

    The limits are fuses: far above what is needed, and far below what anything unbounded would take.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MEGABYTE, megabytes * _MEGABYTE))

    ran = subprocess.run(  # noqa: S603 -- our own code
        [sys.executable, "-c", code],
        preexec_fn=limit,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert ran.returncode == 0, f"{ran.returncode}: {ran.stderr[-2_000:]}"
    return ran.stdout
