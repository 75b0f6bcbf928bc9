"""Asked to end, a run ends: what was finished is recorded, and the next run goes on."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

import connector.__main__
from connector.sandbox.faults import Fault
from tests.cli.conftest import run
from tests.town import ENVIRON, Town


class Interrupting:
    """Ctrl-C while this module is looked for."""

    def __init__(self, module: str) -> None:
        self.module = module

    def find_spec(self, name: str, *_: object) -> None:
        if name == self.module:
            raise KeyboardInterrupt


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


def test_a_resync_that_is_cut_short_says_that_nobody_does_the_rest(
    build: Callable[..., Town], capsys: pytest.CaptureFixture[str]
) -> None:
    town = build("database", calls=30, leads=6)
    assert run(town, "sync") == 0
    town.apten.faults.add(Fault("GET /v1/leads", status=503, headers={"retry-after": "3600"}))
    capsys.readouterr()
    assert run(town, "resync", "--since", "2026-05-01") == 3
    assert "run the same one again" in capsys.readouterr().err


def test_asked_to_end_while_the_program_still_loads_it_leaves_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    monkeypatch.delitem(sys.modules, "connector.cli.app")
    monkeypatch.delattr("connector.cli.app")
    monkeypatch.setattr(sys, "meta_path", [Interrupting("connector.cli.app"), *sys.meta_path])
    try:
        with pytest.raises(SystemExit) as left:
            connector.__main__.main()
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert left.value.code == 130
    assert capsys.readouterr() == ("", "")
