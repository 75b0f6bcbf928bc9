"""The demo as its audience meets it: a plain process in an empty folder; and its conscience, which must not sleep."""

import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from connector.cli.app import main
from connector.cli.demo import play
from connector.cli.demo_check import fates
from connector.clock import SystemClock
from connector.errors import SetupError
from connector.sandbox.together import Sandbox
from connector.sandbox.world import World, make_world
from tests.clock import NOON, FakeClock


@dataclass(frozen=True)
class Shown:
    """A demo that was run to its end. `around` held nothing before, but for the folder `temporary`."""

    code: int
    out: str
    err: str
    seconds: float
    around: Path

    @property
    def files(self) -> Path:
        (found,) = (self.around / "temporary").iterdir()
        return found

    def number(self, pattern: str) -> int:
        found = re.search(pattern, self.out)
        assert found, pattern
        return int(found[1])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    around = tmp_path_factory.mktemp("empty")
    (around / "temporary").mkdir()
    # Whoever listens at a proxy would be a network; the discard port is none.
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:9")
    started = time.monotonic()
    told = subprocess.run(  # our own package, no outside input
        [sys.executable, "-P", "-m", "connector", "demo"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        cwd=around,
        env={"TMPDIR": str(around / "temporary"), "PATH": os.environ["PATH"], **proxies},
    )
    return Shown(told.returncode, told.stdout, told.stderr, time.monotonic() - started, around)


def test_goes_through_without_terminal_network_settings_or_noise(shown: Shown) -> None:
    assert (shown.code, shown.err) == (0, "")
    assert re.findall(r"^(\d)\. ", shown.out, re.MULTILINE) == list("12345678")


def test_is_over_before_anybody_loses_patience(shown: Shown) -> None:
    assert shown.seconds < 30


def test_fits_a_screen_of_100_columns(shown: Shown) -> None:
    lines = shown.out.replace(str(shown.files), "/tmp/apten-crm-demo-12345678").splitlines()  # noqa: S108  # as usual
    assert [line for line in lines if cell_len(line) > 100] == []


def test_leaves_nothing_but_its_own_folder(shown: Shown) -> None:
    assert [path.name for path in shown.around.iterdir()] == ["temporary"]
    assert str(shown.files) in shown.out.splitlines()[-1]
    there = {str(path.relative_to(shown.files)) for path in shown.files.rglob("*.*") if path.suffix != ".lock"}
    assert there == {
        *(f"{crm}/{name}" for crm in ("database", "salesforce") for name in ("apten-crm.db", "config.yaml")),
        *(f"{crm}/mappings/{crm}.{end}" for crm in ("database", "salesforce") for end in ("yaml", "schema.yaml")),
        "database/activities.db",
    }


def test_shows_a_world_in_which_everything_happens(shown: Shown) -> None:
    logged = shown.number(r"(\d+) rows in")
    left_out = [shown.number(pattern) for pattern in (r"out are (\d+) calls", r", (\d+) whose", r"and (\d+) of leads")]
    assert all(left_out)
    assert logged + sum(left_out) == shown.number(r"Apten +(\d+) calls") == 300
    assert shown.number(r"(\d+) tasks in") == logged
    assert shown.number(r"(\d+) of them are linked") < logged
    assert shown.number(r"(\d+) tasks updated") == 5
    for sort in ("in Apten's documentation, with Zoë Bergström", "put through to a colleague", "voicemail", "Japanese"):
        assert sort in shown.out
    assert "日本語" in shown.out
    assert re.search(r"before  No summary yet\.\n(.*\n)+? +now     (?!No summary)", shown.out)
    assert "error[MAP404]" in shown.out
    assert 'help: did you mean "durationSeconds"?' in shown.out


def test_the_database_holds_what_was_said(shown: Shown) -> None:
    with closing(sqlite3.connect(shown.files / "database/activities.db")) as connection:
        rows, calls = connection.execute("SELECT count(*), count(DISTINCT call_id) FROM calls").fetchone()
    assert rows == calls == shown.number(r"(\d+) rows in")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text("mine")
    assert main(["demo", "--folder", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_a_clock_from_before_the_documented_call_does_no_harm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = FakeClock(datetime(2025, 3, 1, 12, 0, tzinfo=UTC))
    with Sandbox(make_world(seed=10, calls=60, leads=15, now=clock.now()), now=clock.now) as box:
        play(box, tmp_path / "demo", clock)
    told = capsys.readouterr().out
    assert "Apten's documentation" not in told
    assert "A voicemail" in told


def test_a_call_that_salesforce_refuses_ends_the_demo(tmp_path: Path) -> None:
    clock = SystemClock()
    with Sandbox(make_world(seed=1, calls=30, leads=8, now=clock.now()), now=clock.now) as box:
        box.org.assumptions = replace(box.org.assumptions, deleted_rows_hold_their_key=True)
        for call in box.world.loggable_calls():
            box.org.add("Task", Apten_Call_Id__c=call["id"], IsDeleted=True)
        with pytest.raises(SetupError, match=r"exit code 1: .*\d parked"):
            play(box, tmp_path / "demo", clock)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(seed=3, calls=60, leads=15, now=NOON)


def test_every_call_has_one_fate(world: World) -> None:
    late = {call["id"] for call in world.calls_lacking_summary()}
    keys = [call["id"] for call in world.loggable_calls() if call["id"] not in late]
    assert late
    with pytest.raises(SetupError, match="not logged"):
        fates(world, keys, NOON)
    everything = [call["id"] for call in world.loggable_calls()]
    fate = fates(world, everything, NOON)
    assert fate.logged == len(everything)
    assert fate.logged + fate.under_way + fate.awaited + fate.deleted == 59  # the documented call is yet to come


def test_a_call_may_wait_for_its_summary_but_not_for_longer_than_the_mappings_say() -> None:
    now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    world = World()
    world.add_lead(
        {
            "id": "l",
            "deleted": False,
            "createdAt": "2026-06-01T00:00:00Z",
            "updatedAt": "2026-06-01T00:00:00Z",
            "lastActivityAt": "2026-06-01T00:00:00Z",
        }
    )
    world.add_call(
        {
            "id": "c",
            "leadId": "l",
            "callStatus": "COMPLETE",
            "durationSeconds": 60,
            "createdAt": "2026-06-01T11:40:00Z",
            "updatedAt": "2026-06-01T11:41:00Z",
            "transcript": [],
        }
    )
    assert fates(world, [], now).awaited == 1
    with pytest.raises(SetupError, match="not logged"):
        fates(world, [], now + timedelta(minutes=12))


def test_a_call_logged_twice_or_for_no_reason_is_noticed(world: World) -> None:
    keys = [call["id"] for call in world.loggable_calls()]
    with pytest.raises(SetupError, match="logged twice"):
        fates(world, [*keys, keys[0]], NOON)
    with pytest.raises(SetupError, match="should not have been"):
        fates(world, [*keys, world.calls_in_progress()[0]["id"]], NOON)
