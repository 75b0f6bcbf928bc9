"""The program as cron runs it: a process of its own, its exit code and what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.town import ENVIRON

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

_PATIENCE = 120
"""Seconds. A fuse: nothing here takes as long."""


def start(town: Town, *arguments: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """Begin a command; `before` is called in its process first."""
    return subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "connector", "--config", str(town.config_path), *(arguments or ("sync",))],
        env={**os.environ, **ENVIRON},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=before,  # noqa: PLW1509  # no thread of ours holds a lock that it would need
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for its end: exit code and all it printed, none of it a traceback."""
    said, _ = process.communicate(timeout=_PATIENCE)
    assert "Traceback" not in said, said
    return process.returncode, said


def sync(town: Town, *, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """One whole `sync`."""
    return finish(start(town, before=before))


def wait_for_nothing(town: Town) -> None:
    """The clock of processes is the real one, so nothing may wait for a time to come."""
    mapping = town.mapping_path.read_text()
    town.mapping_path.write_text(re.sub(r"^wait_for:.*$", "", mapping, flags=re.MULTILINE))
