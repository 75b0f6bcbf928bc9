"""Other processes: started, heard, killed for good."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]


@contextmanager
def start(code: str) -> Iterator[subprocess.Popen[str]]:
    """Run this Python code in a process of its own, which does not outlive the block."""
    with subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def kill_while(process: subprocess.Popen[str], enough: Callable[[str], bool]) -> list[str]:
    """Read what it prints until that is enough, then kill it the hard way; all it printed."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if enough(lines[-1]):
            break
    process.kill()
    lines += [line.rstrip("\n") for line in process.stdout if line.endswith("\n")]
    process.wait()
    return lines
