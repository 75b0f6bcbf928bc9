"""What the commands print, and where: results on stdout, the rest on stderr."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from connector.cli.app import main
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.shipped import shipped
from tests.cli.conftest import run
from tests.town import ENVIRON, Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]
FOUNDING_ID = FOUNDING_CALL["id"]


@pytest.mark.parametrize("crm", ["database", "salesforce"])
def test_what_init_writes_passes_check_and_is_never_overwritten(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, crm: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--crm", crm]) == 0
    assert yaml.safe_load((tmp_path / "config.yaml").read_text())["crm"]["kind"] == crm
    assert main(["check"]) == 0
    assert "no problems" in capsys.readouterr().out
    (tmp_path / "config.yaml").write_text("mine")
    assert main(["init", "--crm", crm]) == 2
    assert (tmp_path / "config.yaml").read_text() == "mine"


def test_check_offline_only_warns_of_variables_that_are_not_set(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ENVIRON:
        monkeypatch.delenv(name)
    assert main(["init", "--crm", "salesforce"]) == 0
    assert main(["check"]) == 0
    said = capsys.readouterr()
    assert said.err.count("warning[CFG107]") == 3
    assert "0 errors, 3 warnings" in said.out


@pytest.mark.parametrize("arguments", [["check"], ["status"], ["runs"], ["ledger", "check"]])
def test_what_asks_nobody_needs_no_address_of_an_alert(
    build: Build, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.delenv("ALERT_URL", raising=False)
    town = build("salesforce", calls=5, leads=2)
    town.run()
    for name in ENVIRON:
        monkeypatch.delenv(name)
    with town.config_path.open("a") as config:
        config.write("alert:\n  url: ${ALERT_URL}\n")
    assert run(town, *arguments) == 0


def test_init_says_what_the_file_system_refuses_and_keeps_nothing(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mappings").write_text("a file where the folder should be")
    assert main(["init"]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "config.yaml").exists()


def test_check_offline_sees_a_mapping_for_another_crm(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=5, leads=2)
    shutil.copy(shipped("mappings/database.yaml"), town.mapping_path)
    (town.folder / "salesforce.schema.yaml").unlink()
    assert run(town, "check") == 2
    assert "crm.kind" in capsys.readouterr().err


def test_check_live_also_asks_apten(build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APTEN_API_KEY", "canary-wrong-key")
    assert run(build("salesforce", calls=5, leads=2), "check", "--live") == 2
    assert "apten.api_key" in capsys.readouterr().err


def test_check_live_meets_the_org(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=5, leads=2)
    assert run(town, "check", "--live") == 0
    town.org.remove_field("CallDisposition")
    assert run(town, "check", "--live") == 2
    assert "CallDisposition" in capsys.readouterr().err


def test_sync_says_what_it_did_and_cron_hears_nothing_when_all_is_well(build: Build, capsys: Captured) -> None:
    town = build("database", calls=20, leads=5)
    assert run(town, "sync") == 0
    said = capsys.readouterr()
    assert "created" in said.out
    assert "call.written" in said.err
    assert run(town, "sync", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_results_for_programs(build: Build, capsys: Captured) -> None:
    town = build("database", calls=20, leads=5)
    assert run(town, "sync", "--format", "json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["created"] == len(town.activities())
    assert run(town, "--format", "json", "status") == 0
    assert json.loads(capsys.readouterr().out)["calls"] >= len(town.activities())
    assert run(town, "preview", FOUNDING_ID, "--format", "json") == 0
    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["activities"][0]["key"] == FOUNDING_ID


def test_preview_shows_a_call_and_writes_nothing(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=20, leads=5)
    assert run(town, "preview", FOUNDING_ID) == 0
    shown = capsys.readouterr().out
    assert "CallDurationInSeconds  145" in shown
    assert FOUNDING_CALL["summary"] in shown
    assert run(town, "preview", "--last", "2") == 0
    assert capsys.readouterr().out.count("\nCall ") + 1 == 2
    assert town.activities() == []
    assert town.salesforce.requests == []
    assert not (town.folder / "ledger.db").exists()


def test_status_tells_what_needs_a_person(build: Build, capsys: Captured) -> None:
    town = build("salesforce", people_must_exist=True)
    assert run(town, "status") == 0
    assert "apten-crm sync" in capsys.readouterr().out
    town.fill_the_bin(2)
    assert run(town, "sync", "--quiet") == 1
    assert "parked" in capsys.readouterr().err
    assert run(town, "status") == 1
    shown = capsys.readouterr().out
    assert "exists_but_hidden" in shown
    assert "resync --parked" in shown
    assert run(town, "sync", "--quiet") == 1
    assert capsys.readouterr().err == "", "cron hears of a parked call once"


def test_no_call_text_no_number_and_no_secret_reaches_the_log(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=30, leads=8)
    assert run(town, "sync", "--log-format", "json") in {0, 1}
    log = capsys.readouterr().err
    assert all(json.loads(line)["event"] for line in log.splitlines() if line.startswith("{"))
    for call in town.world.calls():
        assert call.get("summary", FOUNDING_CALL["summary"]) not in log
        for turn in call["transcript"]:
            assert len(turn["content"]) < 15 or turn["content"] not in log
    for lead in town.world.leads():
        assert lead["phone"] not in log
    assert not [secret for secret in ENVIRON.values() if secret in log]


def test_overwrite_also_writes_what_is_otherwise_written_once(build: Build) -> None:
    town = build("salesforce", calls=10, leads=3)
    town.mapping_path.write_text(
        town.mapping_path.read_text().replace("  Status: Completed", "  Status: {value: Completed, write: on_create}")
    )
    run(town, "sync")
    task = next(task for task in town.org.tasks.values() if task["Apten_Call_Id__c"] == FOUNDING_ID)
    task["Status"] = "Deferred"
    run(town, "resync", FOUNDING_ID)
    assert town.activity(FOUNDING_ID)["Status"] == "Deferred"
    run(town, "resync", FOUNDING_ID, "--overwrite")
    assert town.activity(FOUNDING_ID)["Status"] == "Completed"


def test_resync_mends_what_differs_in_the_crm_and_brings_back_what_was_deleted(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=10, leads=3)
    run(town, "sync")
    task = next(task for task in town.org.tasks.values() if task["Apten_Call_Id__c"] == FOUNDING_ID)
    right = dict(task)
    task["Subject"] = "Something else"
    run(town, "sync")
    assert town.activity(FOUNDING_ID)["Subject"] == "Something else"
    run(town, "resync", "--all")
    assert town.activity(FOUNDING_ID)["Subject"] == "Something else", "an edit is kept"
    run(town, "resync", "--all", "--overwrite")
    assert town.activity(FOUNDING_ID)["Subject"] == right["Subject"]
    town.org.delete(task["Id"])
    capsys.readouterr()
    run(town, "resync", "--lead", FOUNDING_CALL["leadId"], "--plan")
    assert "1 activity is no longer in the CRM" in capsys.readouterr().out
    run(town, "resync", "--lead", FOUNDING_CALL["leadId"])
    assert "1 activity was no longer in the CRM" in capsys.readouterr().out
    alive = [row for row in town.activities() if row["Apten_Call_Id__c"] == FOUNDING_ID and not row["IsDeleted"]]
    assert len(alive) == 1


def test_resync_of_what_an_earlier_mapping_made_leaves_the_rest_alone(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=20, leads=5)
    run(town, "sync")
    capsys.readouterr()
    assert run(town, "resync", "--mapping-changed", "--format", "json") == 0
    assert "fetched" not in json.loads(capsys.readouterr().out)["counts"]
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("Status: Completed", "Status: Deferred"))
    assert run(town, "resync", "--mapping-changed") == 0
    assert {task["Status"] for task in town.activities()} == {"Deferred"}
    capsys.readouterr()
    assert run(town, "resync", "--mapping-changed", "--format", "json") == 0
    assert "updated" not in json.loads(capsys.readouterr().out)["counts"]
