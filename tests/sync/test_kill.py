"""kill -9 at random moments of a real process, then one clean run: every call exactly once."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.town import ENVIRON, Town

KILLS = 20


def start(town: Town) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "connector", "--config", str(town.config_path), "sync"]
    return subprocess.Popen(  # noqa: S603  # our own program
        command, env={**os.environ, **ENVIRON}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.parametrize("kind", ["database", "salesforce"])
def test_whenever_a_run_is_killed_the_next_completes_it_without_doubles(build: Callable[..., Town], kind: str) -> None:
    town = build(kind, calls=700, leads=60)
    # The processes' clock is the real one, so nothing may wait for a time to come.
    town.mapping_path.write_text(re.sub(r"^wait_for:.*$", "", town.mapping_path.read_text(), flags=re.MULTILINE))
    dice = random.Random(f"{kind} 7")
    moments = [0.3 + dice.random() * 1.5 for _ in range(KILLS)]
    killed = 0
    for moment in moments:
        process = start(town)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            killed += 1
        process.wait()
    assert killed, "every run ended before it could be killed"
    assert start(town).wait(120) == 0
    assert town.logged() == town.loggable()
