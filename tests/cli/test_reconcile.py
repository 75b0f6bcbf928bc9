"""`reconcile` as an operator and cron see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.findings import MEANINGS
from connector.ledger.lock import hold_lock
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.findings import Kind
from tests.cli.conftest import run
from tests.looking import delete, edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

FOUNDING_ID = FOUNDING_CALL["id"]
SINCE = ("--since", "2026-05-01")
SOMEBODY = "003000000000007AAA"


def told(town: Town, capsys: Captured, *arguments: str, code: int) -> dict[str, Any]:
    """What a program reads."""
    capsys.readouterr()
    assert run(town, "reconcile", *SINCE, "--format", "json", *arguments) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["exit_code"] == code
    return found


def test_nothing_amiss_ends_with_0_and_tells_what_is_as_it_should_be(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.run()
    assert run(town, "reconcile", *SINCE) == 0
    said = capsys.readouterr().out
    assert "looked for in the CRM" in said
    assert "Unlinked: " in said
    assert "Missing: " not in said


def test_what_is_amiss_is_told_in_groups_with_examples_and_ends_with_1(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    assert run(town, "reconcile", *SINCE) == 1
    said = capsys.readouterr().out
    assert f"Missing: {len(town.loggable())}, " in said
    examples = said.split("for instance ")[1].splitlines()[0].split(", ")
    assert examples == town.loggable()[:5]
    assert "apten-crm reconcile --repair" in said
    assert town.activities() == []


def test_a_crm_that_somebody_emptied_is_no_good_sign_though_deleted_stays_deleted(
    build: Build, capsys: Captured
) -> None:
    town = build("database")
    town.run()
    gone = town.logged()
    delete(town, gone.pop())
    assert told(town, capsys, code=0)["emptied"] == []
    for call_id in gone:
        delete(town, call_id)
    assert told(town, capsys, code=1)["emptied"] == ["calls.call_id"]
    assert run(town, "reconcile", *SINCE) == 1
    said = capsys.readouterr()
    assert f"Deleted: {len(gone) + 1}, " in said.out
    assert "More than half of the activities in calls.call_id are gone" in said.err


def test_programs_get_every_finding(build: Build, capsys: Captured) -> None:
    town = build("database")
    found = told(town, capsys, code=1)
    missing = [each for each in found["findings"] if each["kind"] == "missing"]
    assert [each["call"] for each in missing] == town.loggable()
    assert {each["target"] for each in missing} == {"calls.call_id"}
    assert found["found"]["missing"] == len(missing)
    assert found["repair"] is None


def test_repair_logs_what_is_missing_and_leaves_what_people_wrote(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.run(limit=20)
    first = town.logged()[0]
    edit(town, first, "Subject", "Mine")
    assert run(town, "reconcile", *SINCE, "--repair") == 0
    said = capsys.readouterr().out
    assert "Repaired (run 2):" in said
    assert "`apten-crm reconcile --repair` logs them" not in said
    assert town.logged() == town.loggable()
    assert town.activity(first)["Subject"] == "Mine"
    assert "Edited: 1" in said


def test_what_repair_cannot_put_right_ends_with_1(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.fill_the_bin(1)
    first = told(town, capsys, "--repair", code=1)
    parked = len(town.loggable()) - len(town.logged())
    assert first["repair"]["counts"]["parked"] == parked > 0
    again = told(town, capsys, "--repair", code=1)
    assert again["found"]["parked"] == parked
    assert again["repair"] is None


def test_repair_links_who_is_found_by_now_and_says_if_it_could_not(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.run()
    stranger = next(task["Apten_Call_Id__c"] for task in town.activities() if not task["WhoId"])
    town.world.change_lead(town.world.call(stranger)["leadId"], town.clock.now(), externalLeadId=SOMEBODY)
    town.let_people_in()
    linkable = told(town, capsys, code=1)["found"]["linkable"]
    update = "PATCH /services/data/v66.0/composite/sobjects$"
    refusal = json.dumps([{"success": False, "errors": [{"statusCode": "FIELD_INTEGRITY_EXCEPTION"}]}] * linkable)
    town.salesforce.faults.add(Fault(update, status=200, body=refusal.encode()), times=1)
    assert told(town, capsys, "--repair", code=1)["found"]["linkable"] == linkable
    assert told(town, capsys, "--repair", code=0)["repair"]["counts"]["linked later"] == linkable
    assert town.activity(stranger)["WhoId"] == SOMEBODY
    assert "linkable" not in told(town, capsys, code=0)["found"]


def test_nothing_to_repair_is_said(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    town.run()
    assert run(town, "reconcile", *SINCE, "--repair") == 0
    assert "nothing to repair" in capsys.readouterr().out


def test_without_a_period_it_is_about_the_last_seven_days(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    assert run(town, "reconcile", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared"] == 0, "the calls of this world were long ago"
    assert found["until"] is None


@pytest.mark.parametrize(
    "arguments",
    [["--until", "2026-05-01"], ["--since", "2026-05-02", "--until", "2026-05-01"], ["--since", "2096-05-02"]],
)
def test_a_period_that_makes_no_sense(build: Build, arguments: list[str]) -> None:
    assert run(build("database", calls=5, leads=2), "reconcile", *arguments) == 2


def test_calls_that_could_not_be_asked_for_end_with_3(build: Build, capsys: Captured) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=500, headers={"Retry-After": "0"}), times=9)
    assert told(town, capsys, code=3)["left_over"] == 1


def test_apten_down_ends_with_3_and_a_wrong_key_with_2(
    build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("database", calls=12, leads=4)
    town.apten.faults.add(Fault("GET /v1/leads", status=503, headers={"Retry-After": "0"}), times=9)
    assert run(town, "reconcile", *SINCE) == 3
    monkeypatch.setenv("APTEN_API_KEY", "canary-wrong-key")
    town.apten.faults.clear()
    assert run(town, "reconcile", *SINCE) == 2
    assert "canary-wrong-key" not in capsys.readouterr().err


def test_no_call_text_and_no_number_is_printed_or_logged(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=30, leads=8)
    town.run(limit=10)
    assert run(town, "reconcile", *SINCE, "--repair", "--log-format", "json") == 0
    said = "".join(capsys.readouterr())
    for call in town.world.calls():
        assert call.get("summary", FOUNDING_CALL["summary"]) not in said
    for lead in town.world.leads():
        assert lead["phone"] not in said


def test_every_kind_that_is_told_says_what_it_means() -> None:
    assert set(MEANINGS) == set(Kind) - {Kind.SKIPPED}


def test_a_look_is_no_run(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    town.run()
    assert run(town, "reconcile", *SINCE) == 0
    capsys.readouterr()
    assert run(town, "runs", "--format", "json") == 0
    assert [each["kind"] for each in json.loads(capsys.readouterr().out)] == ["sync"]


def test_what_was_found_is_told_where_another_run_keeps_it_from_being_repaired(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    town.run(limit=4)
    with hold_lock(town.config().ledger):
        assert run(town, "reconcile", *SINCE, "--repair") == 3
        assert "Missing:" in capsys.readouterr().out
        assert told(town, capsys, "--repair", code=3)["found"]["missing"]
    assert run(town, "reconcile", *SINCE, "--repair") == 0


def test_repair_leaves_what_somebody_deleted_alone_whatever_else_is_wrong_with_the_call(
    build: Build, capsys: Captured
) -> None:
    town = build("salesforce", calls=10, leads=3)
    second = town.mapping_path.with_name("b.yaml")
    key = "key: Apten_Call_Id__c"
    second.write_text(town.mapping_path.read_text().replace(key, "key: {field: Apten_Call_Id__c, suffix: b}"))
    town.config_path.write_text(
        town.config_path.read_text().replace("mapping: salesforce.yaml", "mappings: [salesforce.yaml, b.yaml]")
    )
    town.run()
    call_id = town.loggable()[0]
    town.org.delete(town.activity(call_id)["Id"])
    town.world.change_call(call_id, town.clock.now(), durationSeconds=77)
    told(town, capsys, "--repair", code=0)
    assert call_id not in town.logged()
    assert town.activity(f"{call_id}:b")["CallDurationInSeconds"] == 77
