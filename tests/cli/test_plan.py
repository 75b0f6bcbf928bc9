"""`--plan` through the command line: what would be written is shown, and nothing is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main

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
    assert told.count("create: Task of call ") == len(town.loggable())
    assert "Status         " in told
    assert f"created   {len(town.loggable())}" in told
    assert told.endswith("Nothing was written.\n")


def test_a_plan_shows_old_and_new_of_what_would_change(town: Town, capsys: Captured) -> None:
    assert main(["sync"]) == 0
    [first, second, *_] = town.org.tasks.values()
    first["Subject"] = "Mine"
    second["Priority"] = "Low"
    capsys.readouterr()
    assert main(["resync", "--all", "--overwrite", "--plan"]) == 0
    told = capsys.readouterr().out
    assert f"update {first['Id']}: Task of call {first['Apten_Call_Id__c']}\n  Subject  Mine → Apten" in told
    assert "Fields that would change: " in told
    assert "Subject 1" in told
    assert first["Subject"] == "Mine"


def test_a_plan_for_programs(town: Town, capsys: Captured) -> None:
    assert main(["sync", "--plan", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {write["call"] for write in found["writes"]} == set(town.loggable())
    assert found["writes"][0]["fields"]["Status"] == {"old": None, "new": "Completed"}
    assert found["counts"]["created"] == len(town.loggable())
    asked = found["crm_requests"]
    town.salesforce.requests.clear()
    assert main(["sync"]) == 0
    logins = sum("/oauth2/" in request for request in town.salesforce.requests)
    assert 0 <= asked - (len(town.salesforce.requests) - logins) <= 1, "a look-up may need no request"


def test_a_plan_above_the_brake_says_what_it_needs(town: Town, capsys: Captured) -> None:
    config = town.config_path
    config.write_text(config.read_text().replace("sync:\n", "sync:\n  stop_above: 3\n"))
    assert main(["sync", "--plan"]) == 0
    assert f"apten-crm sync --allow {len(town.loggable())}" in capsys.readouterr().out
