"""The sandbox as its user meets it: what it prints is pasted, and works."""

import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connector.cli.app import main


class Pasted:
    """A sandbox under way, and what it printed."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-P", "-m", "connector", "sandbox", "--apten-port", "0", "--salesforce-port", "0"]
        self.process = subprocess.Popen(  # noqa: S603  # our own package, no outside input
            [*command, "--calls", "40", "--leads", "12"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            text=True,
        )
        assert self.process.stdout
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("When the sandbox"):
                break
        self.text = "".join(lines)

    @property
    def config(self) -> str:
        return self.text[self.text.index("\napten:") : self.text.index("\n3. ")]

    @property
    def keys(self) -> dict[str, str]:
        return dict(re.findall(r"^export (\w+)=(.*)$", self.text, re.MULTILINE))

    @property
    def commands(self) -> list[list[str]]:
        return [shlex.split(line)[1:] for line in re.findall(r"^apten-crm .*$", self.text, re.MULTILINE)]

    def interrupt(self) -> tuple[int, str, str]:
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Pasted]:
    (tmp_path / "there").mkdir()
    pasted = Pasted(tmp_path / "there")
    try:
        yield pasted
    finally:
        pasted.process.kill()
        pasted.process.communicate()


def test_what_it_prints_can_be_pasted_and_works_and_ctrl_c_ends_it(
    sandbox: Pasted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for name, value in sandbox.keys.items():
        monkeypatch.setenv(name, value)
    init, *others = sandbox.commands
    assert main(init) == 0
    (here / "config.yaml").write_text(sandbox.config)
    assert [command[0] for command in others] == ["doctor", "preview", "sync", "sync"]
    assert [main(command) for command in others] == [0, 0, 0, 0]
    created = re.search(r"sync finished.*\n  created +(\d+)", capsys.readouterr().out)
    assert created
    assert 30 < int(created[1]) <= 40
    code, out, err = sandbox.interrupt()
    assert (code, out.strip(), err) == (0, "Ended.", "")
    assert not list((tmp_path / "there").iterdir())


def test_a_taken_port_is_named_and_nothing_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert (
            main(["sandbox", "--apten-port", "0", "--salesforce-port", str(port), "--calls", "1", "--leads", "2"]) == 2
        )
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{port} of this computer is taken" in told.err
