"""`--plan` through the command line: what would be written is shown, and nothing is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main
from connector.sandbox.faults import Fault
from tests.cli.conftest import change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(build: Build, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = build("salesforce", calls=12, leads=4)
    monkeypatch.chdir(town.folder)
    return town


def test_a_plan_shows_creates_with_all_their_fields_and_writes_nothing(town: Town, capsys: Captured) -> None:
    assert main(["sync", "--plan"]) == 0
    told = capsys.readouterr().out
    assert town.activities() == []
    assert told.startswith(f"A sync now would do this:\n  created   {len(town.loggable()):>7}\n")
    assert f"\nCreates, the first 10 of {len(town.loggable())}:\n" in told
    assert told.count("  Task of call ") == 10
    assert told.count("\n    Status  ") == 10
    assert "--format json" in told
    assert max(map(len, told.splitlines())) < 120, "long values are shortened"
    assert told.endswith("Nothing was written.\n")


def test_a_plan_shows_old_and_new_of_what_would_change(town: Town, capsys: Captured) -> None:
    assert main(["sync"]) == 0
    [first, second, *_] = town.org.tasks.values()
    first["Subject"] = "Mine"
    second["Priority"] = "Low"
    capsys.readouterr()
    assert main(["resync", "--all", "--overwrite", "--plan"]) == 0
    told = capsys.readouterr().out
    assert f"  Task {first['Id']} of call {first['Apten_Call_Id__c']}\n    Subject  Mine → Apten" in told
    assert "Fields that would change: " in told
    assert "Subject 1" in told
    assert f"what they hold already: {len(town.loggable()) - 2}" in told
    assert first["Subject"] == "Mine"


def test_a_plan_for_programs(town: Town, capsys: Captured) -> None:
    assert main(["sync", "--plan", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {write["call"] for write in found["writes"]} == set(town.loggable())
    assert found["writes"][0]["fields"]["Status"] == {"old": None, "new": "Completed"}
    assert found["counts"]["created"] == len(town.loggable())
    assert {each["outcome"] for each in found["not_written"]} == {"waiting"}
    town.salesforce.requests.clear()
    assert main(["sync"]) == 0
    assert found["crm_requests"] == len(town.salesforce.requests)


def test_a_plan_tells_why_calls_are_not_written_and_which_edits_are_kept(town: Town, capsys: Captured) -> None:
    assert main(["sync"]) == 0
    edited = next(iter(town.org.tasks.values()))
    edited["Subject"] = "Mine"
    capsys.readouterr()
    assert main(["resync", "--all", "--plan"]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["waiting", "1", "in", "progress", "1"] in told
    assert ["edits", "kept", "1", "Subject", "1"] in told
    assert [edited["Apten_Call_Id__c"], "Subject"] in told
    assert main(["resync", "--all", "--plan", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["edits_kept"] == [
        {"call": edited["Apten_Call_Id__c"], "target": "Task.Apten_Call_Id__c", "fields": ["Subject"]}
    ]
    assert sorted(each["call"] for each in found["not_written"] if each["outcome"] == "unchanged") == town.loggable()


def test_a_plan_above_the_brake_says_what_it_needs_and_does_not_stop(town: Town, capsys: Captured) -> None:
    change(town.config_path, ("sync:\n", "sync:\n  stop_above: 3\n"))
    assert main(["sync", "--plan"]) == 0
    assert "--allow" not in capsys.readouterr().out, "a ledger's first back-fill is not braked"
    assert main(["sync"]) == 0
    changed = town.loggable()[:5]
    for call_id in changed:
        town.world.change_call(call_id, town.clock.now(), durationSeconds=4321)
    town.clock.advance(minutes=5)
    capsys.readouterr()
    assert main(["sync", "--plan"]) == 0
    assert f"apten-crm sync --allow {len(changed)}" in capsys.readouterr().out
    assert main(["sync", "--plan", "--allow", "100"]) == 0
    assert "--allow" not in capsys.readouterr().out
    assert main(["sync", "--plan", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["needs_allow"] == len(changed)
    assert main(["sync"]) == 3


def test_a_plan_that_could_not_ask_for_everything_says_so(town: Town, capsys: Captured) -> None:
    town.apten.faults.add(Fault(f"/calls/{town.loggable()[0]}", status=500, headers={"Retry-After": "0"}), times=9)
    assert main(["sync", "--plan"]) == 3
    assert "the plan is not whole" in capsys.readouterr().err
    assert main(["resync", "nobody", "--plan"]) == 0
    assert "Apten does not know 1 of the calls named" in capsys.readouterr().err
    assert main(["sync", "--plan", "--quiet"]) == 2
