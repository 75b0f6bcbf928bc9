"""Asked to end, a run ends: what was finished is recorded, and the next run goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from connector.sandbox.faults import Fault
from tests.town import ENVIRON, Town


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_end_says_so_and_leaves_its_record(build: Callable[..., Town], asked: int) -> None:
    town = build("database", calls=60, leads=15)
    # The first call answers late, so that the run is under way for certain.
    town.apten.faults.add(Fault("/calls/", delay=2.0), times=8)
    command = [sys.executable, "-m", "connector", "--config", str(town.config_path), "sync"]
    process = subprocess.Popen(  # noqa: S603  # our own program
        command, env={**os.environ, **ENVIRON}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    while "run.started" not in process.stderr.readline():
        pass
    process.send_signal(asked)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said
    town.run()
    assert town.logged() == town.loggable()
