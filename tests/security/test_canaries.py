"""Nothing that is written holds a secret, or a word of a call: every command, all that can go wrong, both CRMs.

Only what was asked to show calls does so: `preview`, `explain` and every `--plan`, on stdout.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.app import main
from connector.sandbox.faults import Fault
from tests.security import troubles
from tests.security.canaries import CALL, FOREIGN, SECRETS, leaks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.alert.receiver import Receiver
    from tests.reliability.scoreboard import HowMany
    from tests.security.troubles import Trouble
    from tests.town import Town

    Way = tuple[str, str]
    Found = Callable[[str], Town]
    Captured = pytest.CaptureFixture[str]

ROOT = Path(__file__).parent.parent
PERIOD = ("--since", "2026-05-01")
SHOWS_CALLS = {"preview", "explain"}


def commands(kind: str, call_id: str) -> list[list[str]]:
    """Every command, in an order in which each has something to do."""
    return [
        ["init", "--crm", kind, "fresh"],
        ["setup", "--yes"],
        ["setup", "--print-metadata", "metadata"] if kind == "salesforce" else ["setup"],
        ["doctor"],
        ["check"],
        ["check", "--live"],
        ["check", "--format", "json"],
        ["check", "--format", "github"],
        ["test"],
        ["explain-code", "MAP201"],
        ["schema", "print"],
        ["preview", "--last", "2"],
        ["sync", "--plan"],
        ["sync"],
        ["sync", "--quiet"],
        ["schema", "pull"],
        ["resync", "--lead", "nobody"],
        ["resync", "--all", "--plan"],
        ["resync", call_id, "--overwrite", "--format", "json"],
        ["reconcile", *PERIOD],
        ["reconcile", *PERIOD, "--repair", "--format", "json"],
        ["explain", call_id],
        ["runs"],
        ["runs", "1"],
        ["status"],
        ["status", "--format", "json"],
        ["ledger", "check"],
        ["ledger", "backup", "copy.db"],
        ["ledger", "adopt"],
        ["sync", "--nonsense"],
        ["doctor", "--format", "json"],
    ]


WRITES = ("resync", "--all")
HARMLESS = {"apten answers 400", "apten answers 404"}
"""Calls that are gone are no trouble."""
IN_TROUBLE: Sequence[Sequence[str]] = (
    ("sync",),
    ("preview", "--last", "1"),
    ("reconcile", *PERIOD),
    ("check", "--live"),
    ("sync", "--plan"),
    ("doctor",),
    ("explain", "--lead", "nobody"),
    ("setup", "--yes"),
    ("resync", "--parked"),
    ("sync", "--quiet"),
    ("schema", "pull"),
    ("status",),
    ("runs", "2"),
    ("ledger", "check"),
)


def of_kind(kind: str) -> dict[str, Trouble]:
    of_crm = troubles.SALESFORCE if kind == "salesforce" else troubles.DATABASE
    return {**troubles.APTEN, **of_crm, **troubles.HERE}


def tried(capsys: Captured, arguments: Sequence[str], log_format: str) -> tuple[int, str, str]:
    """The exit code, what a command writes that nobody asked to show calls, and what it shows because it was asked."""
    logs = arguments[0] != "init" and arguments[:2] != ["schema", "print"]
    code = main([*arguments, *(["--log-format", log_format] if logs else [])])
    told = capsys.readouterr()
    assert "defect of its own" not in told.err
    if arguments[0] in SHOWS_CALLS or "--plan" in arguments:
        return code, told.err, told.out
    return code, told.out + told.err, ""


def left(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below the folder but those that are to hold calls, or a secret: the database, the alert's address."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in {"activities.db", "alert.url"}:
            yield str(path.relative_to(folder)), path.read_bytes()


def files_that_leak(folder: Path) -> dict[str, list[str]]:
    return {name: found for name, data in left(folder) if (found := leaks(data))}


ALL: Sequence[Any] = [
    ("salesforce", "json"),
    ("database", "console"),
    pytest.param(("salesforce", "console"), marks=pytest.mark.soak),
    pytest.param(("database", "json"), marks=pytest.mark.soak),
]


@pytest.mark.parametrize("way", ALL, ids="-".join)
def test_no_command_says_a_word_too_much(
    found: Found, receiver: Receiver, capsys: Captured, tmp_path: Path, way: Way
) -> None:
    kind, log_format = way
    town = found(kind)
    shown = ""
    for arguments in commands(kind, town.loggable()[0]):
        code, told, asked_for = tried(capsys, arguments, log_format)
        assert code in {0, 1, 2}, told
        assert leaks(told) == [], arguments
        shown += asked_for
    assert CALL["summary"] in shown, "there was something to leak"
    assert leaks(str(town.activities()))
    assert files_that_leak(tmp_path) == {}
    assert leaks(str(receiver.bodies)) == []


@pytest.mark.parametrize("way", ALL, ids="-".join)
def test_no_trouble_says_a_word_too_much(
    found: Found, receiver: Receiver, capsys: Captured, number: HowMany, way: Way
) -> None:
    kind, log_format = way
    town = found(kind)
    assert main(["sync"]) == 0
    at_a_time = number(check=1, soak=len(IN_TROUBLE))
    others = itertools.cycle(IN_TROUBLE)
    for name, trouble in of_kind(kind).items():
        for call in town.world.calls():
            town.world.change_call(call["id"], town.clock.now(), touch=False, summary=f"{CALL['summary']} ({name})")
        with trouble(town):
            for arguments in (WRITES, *itertools.islice(others, at_a_time)):
                code, told, _ = tried(capsys, arguments, log_format)
                assert leaks(told) == [], (name, arguments)
                assert code or arguments != WRITES or name in HARMLESS, name
    assert files_that_leak(town.folder.parent) == {}
    assert receiver.bodies
    assert leaks(str(receiver.bodies)) == []


@pytest.mark.parametrize("kind", ["salesforce", "database"])
def test_what_a_killed_run_leaves_holds_no_word_of_a_call(found: Found, tmp_path: Path, kind: str) -> None:
    town = found(kind)
    pace = Fault("/calls/", delay=0.2)
    town.apten.faults.add(pace, times=1_000)
    process = started("sync", "--log-format", "json")
    assert process.stderr is not None
    said = ""
    while "call.written" not in said:
        said += process.stderr.readline()
    os.kill(process.pid, signal.SIGKILL)
    said += process.communicate()[1]
    assert (town.folder / "ledger.db-wal").stat().st_size
    assert modes(town) == {0o600}
    assert leaks(said) == []
    assert files_that_leak(tmp_path) == {}


def started(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    """The program in a process of its own."""
    command = [sys.executable, "-m", "connector", *arguments]
    return subprocess.Popen(  # noqa: S603  # our own program
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def modes(town: Town) -> set[int]:
    """Who may do what with the ledger and all beside it."""
    return {stat.S_IMODE(path.stat().st_mode) for path in town.folder.glob("ledger.db*")}


def test_the_ledger_and_all_beside_it_are_for_the_owner_alone(found: Found, temporary: Path) -> None:
    town = found("database")
    town.apten.faults.add(Fault(status=401), times=1)
    assert main(["sync"]) == 2, "so that an alert is remembered"
    assert main(["sync"]) == 0
    with closing(sqlite3.connect(town.folder / "ledger.db")) as reader:
        reader.execute("SELECT count(*) FROM meta").fetchone()
        assert main(["ledger", "backup", "ledger.db.copy"]) == 0
        names = {path.name.removeprefix("ledger.db") for path in town.folder.glob("ledger.db*")}
        assert names == {"", "-wal", "-shm", ".lock", ".alert", ".copy"}
        assert modes(town) == {0o600}
    assert list(temporary.iterdir()) == []


BROKEN = """
import os
def broken(size):
    raise RuntimeError({text!r})
os.urandom = broken
"""


@pytest.mark.parametrize("command", [["sync"], ["sync", "--plan"], ["resync", "--all", "--log-format", "json"]])
def test_a_defect_is_told_without_its_text(
    found: Found, receiver: Receiver, tmp_path: Path, command: list[str]
) -> None:
    found("salesforce")
    (tmp_path / "sitecustomize.py").write_text(BROKEN.format(text=FOREIGN))
    process = started(*command, PYTHONPATH=str(tmp_path))
    out, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "a defect of its own (RuntimeError)" in err
    assert "opening.py" in err
    assert version("apten-crm-connector") in err
    assert leaks(out + err, str(receiver.bodies)) == []


def test_a_defect_where_nobody_looks_is_told_without_its_text() -> None:
    code = f"""
import threading
from connector.cli import app
app.hide_foreign_texts()
def fail():
    raise RuntimeError({FOREIGN!r})
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Falls:
    def __del__(self):
        fail()
Falls()
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stderr.count("a defect of its own (RuntimeError)") == 2
    assert leaks(told.stderr) == []


@pytest.mark.parametrize("command", [["demo"], ["sandbox", "--apten-port", "0", "--salesforce-port", "0"]])
def test_the_stand_ins_know_nothing_of_the_keys_around_them(found: Found, tmp_path: Path, command: list[str]) -> None:
    found("salesforce")
    process = started(*command)
    assert process.stdout is not None
    out = ""
    while process.poll() is None and "sandbox.db then." not in out:
        out += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    assert process.returncode in {0, 130}
    assert leaks(out + rest + err) == []
    assert files_that_leak(tmp_path) == {}


def test_no_cassette_holds_a_key() -> None:
    cassettes = list(ROOT.rglob("cassettes/*.yaml"))
    assert len(cassettes) > 5
    secret = r"x-api-key|authorization|access_token\W+(?!filtered)\w|session|set-cookie|client_secret"
    assert [path.name for path in cassettes if re.search(secret, path.read_text(encoding="utf-8").lower())] == []


def test_a_leak_is_seen_however_it_is_spelled() -> None:
    for spelling in ("ZZYZX", "(202) 555-0177", "+1 202.555.0188", "hushhush/db"):
        assert leaks(f"x{spelling}x"), spelling
        assert leaks(f"x{spelling}x".encode("utf-16-le")), spelling
    assert all(leaks(secret) for secret in SECRETS.values())
    assert leaks("202 calls, 555 found, 0177") == []
