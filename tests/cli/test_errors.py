"""Whatever is wrong ends with the documented exit code and a message that says what to do; nothing is half-done."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from connector.cli.app import main
from connector.ledger.lock import hold_lock
from connector.sandbox.faults import Fault
from tests.cli.conftest import run
from tests.sync.conftest import ANOTHER_ORG, another_org
from tests.town import Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


def test_a_wrong_api_key(build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APTEN_API_KEY", "canary-wrong-key")
    town = build("database")
    assert run(town, "sync") == 2
    said = capsys.readouterr().err
    assert "apten.api_key" in said
    assert "canary-wrong-key" not in said
    assert town.activities() == []


def test_a_wrong_crm_secret(build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_CONSUMER_SECRET", "canary-wrong-secret")
    town = build("salesforce")
    assert run(town, "sync") == 2
    said = capsys.readouterr().err
    assert "consumer secret" in said
    assert "canary-wrong-secret" not in said
    assert town.activities() == []


def test_a_crm_that_is_down(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=5, leads=2)
    town.salesforce.faults.add(Fault("composite", status=503, headers={"Retry-After": "0"}), times=50)
    assert run(town, "sync") == 3
    said = capsys.readouterr().err
    assert "Salesforce" in said
    assert "next run" in said
    town.salesforce.faults.clear()
    assert run(town, "sync") in {0, 1}


def test_no_config(tmp_path: Path, capsys: Captured) -> None:
    assert main(["--config", str(tmp_path / "none.yaml"), "sync"]) == 2
    assert "apten-crm init" in capsys.readouterr().err


def test_a_config_that_is_not_text(build: Build, capsys: Captured) -> None:
    town = build("database")
    town.config_path.write_bytes(b"\xff\xfe\x00\x80apten")
    assert run(town, "sync") == 2
    assert str(town.config_path) in capsys.readouterr().err


@pytest.mark.parametrize("command", ["sync", "preview", "resync"])
def test_an_unset_variable(build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.delenv("APTEN_API_KEY")
    town = build("database")
    arguments = ["--all"] if command == "resync" else []
    assert run(town, command, *arguments) == 2
    said = capsys.readouterr().err
    assert "APTEN_API_KEY" in said
    assert re.search(r"config\.yaml:2:\d+|config\.yaml:3:\d+", said)


def test_a_mapping_with_five_mistakes_shows_all_five(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.mapping_path.write_text("""\
version: 1
name: Five mistakes
activity: salesforce/Task
key: Apten_Call_Id__c
fields:
  Stautus: Completed
  CallDurationInSeconds: {from: durationSecs}
  ActivityDate: {from: createdAt, as: date}
  CallType: Outgoing
  Subject: {from: summary}
""")
    assert run(town, "check") == 2
    said = capsys.readouterr().err
    assert [line for line in range(6, 11) if f"salesforce.yaml:{line}:" not in said] == []
    assert run(town, "sync") == 2
    assert town.activities() == []


def test_a_ledger_that_is_not_one(build: Build, capsys: Captured) -> None:
    town = build("database")
    ledger = town.folder / "ledger.db"
    ledger.write_bytes(b"this is a shopping list, not a ledger" * 100)
    before = ledger.read_bytes()
    assert run(town, "sync") == 2
    assert "ledger.db" in capsys.readouterr().err
    assert ledger.read_bytes() == before
    assert town.activities() == []


def test_a_database_of_somebody_else_is_not_taken_for_a_ledger(build: Build, capsys: Captured) -> None:
    town = build("database")
    with closing(sqlite3.connect(town.folder / "ledger.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.commit()
    assert run(town, "sync") == 2
    assert "ledger.db" in capsys.readouterr().err


def test_a_ledger_of_another_org(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    assert run(town, "sync") in {0, 1}
    other = another_org(build, town)
    capsys.readouterr()
    assert run(other, "sync") == 2
    said = capsys.readouterr().err
    assert ANOTHER_ORG in said
    assert other.activities() == []


def test_a_second_run_beside_the_first(build: Build, capsys: Captured) -> None:
    town = build("database")
    with hold_lock(town.config().ledger):
        ended = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", "connector", "--config", str(town.config_path), "sync"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert ended.returncode == 3
    assert "run" in ended.stderr
    assert town.activities() == []
    assert run(town, "sync") in {0, 1}
    capsys.readouterr()


@pytest.mark.parametrize(
    "arguments",
    [["resync"], ["resync", "a", "--all"], ["resync", "--until", "2026-01-01"], ["preview", "x", "--last", "3"]],
)
def test_a_command_that_cannot_be_meant(build: Build, capsys: Captured, arguments: list[str]) -> None:
    assert run(build("database"), *arguments) == 2
    assert "Usage" in capsys.readouterr().err
