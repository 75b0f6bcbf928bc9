"""What `doctor` finds in a Salesforce org, and what it says to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.fields import KEY_FIELD, OrgField
from tests.cli.conftest import change, run
from tests.cli.orgs import NOTHING, make_fresh, slept, take_all_rights
from tests.cli.test_doctor import clock, examine, levels

if TYPE_CHECKING:
    from tests.town import Town

    Captured = pytest.CaptureFixture[str]

__all__ = ["clock", "slept"]
KEY = f"Salesforce: key field Task.{KEY_FIELD}"


def automate(town: Town, name: str = "Task") -> None:
    """Two validation rules, a trigger and a flow, and as many again that are not active or of another object."""
    org = town.org
    for entity in (org.add("EntityDefinition", QualifiedApiName=name), org.add("EntityDefinition")):
        for active in (True, False):
            status = "Active" if active else "Inactive"
            org.add("ValidationRule", EntityDefinitionId=entity, ValidationName="one", Active=active)
            org.add("ValidationRule", EntityDefinitionId=entity, ValidationName="two", Active=active)
            org.add("ApexTrigger", EntityDefinitionId=entity, Name="t", Status=status)
            for kind in ("RecordAfterSave", "Scheduled"):
                org.add("FlowDefinitionView", TriggerObjectOrEventId=entity, IsActive=active, TriggerType=kind)


def test_a_fresh_org_lacks_the_key_field_and_setup_mends_it(
    salesforce: Town, capsys: Captured, slept: list[float]
) -> None:
    make_fresh(salesforce.org)
    code, found = examine(salesforce, capsys)
    assert code == 2
    assert found[KEY]["found"] == "There is no such field."
    assert "apten-crm setup" in found[KEY]["todo"]
    lacking = ["Task", "Account", "Contact", "Lead"]
    assert [about for about in levels(found, "problem") if "rights on" in about] == [
        f"Salesforce: rights on {name}" for name in lacking
    ]
    assert run(salesforce, "setup", "--yes") == 0
    take_all_rights(salesforce.org)
    code, found = examine(salesforce, capsys)
    assert (code, levels(found, "problem"), levels(found, "warning")) == (0, [], [])
    assert slept


def test_who_is_signed_in_where_and_how_is_told(salesforce: Town, capsys: Captured) -> None:
    found = examine(salesforce, capsys)[1]
    assert salesforce.org.id in found["Salesforce: sign-in"]["found"]
    assert "integration@example.com" in found["Salesforce: sign-in"]["found"]
    assert "client credentials" in found["Salesforce: way of signing in"]["found"]


def test_a_login_that_is_refused_is_told_once(
    salesforce: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESFORCE_CONSUMER_SECRET", "canary-wrong-secret")
    code, found = examine(salesforce, capsys)
    assert (code, levels(found, "problem")) == (2, ["Salesforce: sign-in"])
    assert "refused the login" in found["Salesforce: sign-in"]["found"]
    assert "ledger" in found
    assert sum("oauth2" in request for request in salesforce.salesforce.requests) == 1


def test_an_org_that_cannot_be_reached_may_be_reached_later(salesforce: Town, capsys: Captured) -> None:
    salesforce.salesforce.faults.add(Fault("oauth2", status=503), times=9)
    assert examine(salesforce, capsys)[0] == 3


def test_a_version_that_the_org_does_not_offer_is_a_problem(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.config_path, ("  auth:", '  api_version: "90.0"\n  auth:'))
    code, found = examine(salesforce, capsys)
    assert code == 2
    assert found["Salesforce: API version"]["level"] == "problem"
    assert 'crm.api_version` to "68.0"' in found["Salesforce: API version"]["todo"]


@pytest.mark.parametrize(
    ("field", "level", "told"),
    [
        ({"type": "string", "length": 255, "external_id": True}, "warning", "MAP416"),
        ({"type": "string", "length": 255, "unique": True, "case_sensitive": True}, "warning", "no external ID"),
        ({"type": "string", "length": 255, "external_id": True, "unique": True}, "ok", "ignores upper and lower case"),
        ({"type": "double", "precision": 18}, "problem", "no text field"),
    ],
)
def test_a_key_field_that_is_less_than_it_could_be(
    salesforce: Town, field: dict[str, Any], level: str, told: str, capsys: Captured
) -> None:
    salesforce.org.add_field(OrgField(KEY_FIELD, **field))
    found = examine(salesforce, capsys)[1]
    assert found[KEY]["level"] == level
    assert told in found[KEY]["found"]


def test_a_key_field_that_may_only_be_read_is_a_problem(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.access.make_read_only(KEY_FIELD)
    assert examine(salesforce, capsys)[1][KEY]["found"] == "This user may read it, but not write it."


def test_a_hidden_key_field_is_told_from_one_that_is_not_there(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.access.hide_field(KEY_FIELD)
    found = examine(salesforce, capsys)[1][KEY]
    assert (found["level"], "hidden from this user" in found["found"]) == ("problem", True)
    assert f"Task.{KEY_FIELD} and Event.{KEY_FIELD}" in found["todo"]
    salesforce.org.access.permissions -= {"ViewSetup"}
    found = examine(salesforce, capsys)[1][KEY]
    assert found["found"] == "There is no such field, or this user may not see it."


def test_a_standard_field_as_key_is_worth_a_warning(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.mapping_path, ("key: Apten_Call_Id__c", "key: CallObject"))
    code, found = examine(salesforce, capsys)
    about = "Salesforce: key field Task.CallObject"
    assert (code, found[about]["level"]) == (0, "warning")
    assert "apten-crm setup" in found[about]["todo"]


def test_rights_on_tasks_are_named_as_salesforce_does(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.access.permissions -= {"EditTask"}
    found = examine(salesforce, capsys)[1]["Salesforce: rights on Task"]
    assert (found["level"], found["found"]) == ("problem", "This user may not create or edit records of it.")
    assert "Edit Tasks and Access Activities" in found["todo"]


def test_rights_on_an_object_of_its_own(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.add_object("Call_Log__c", OrgField(KEY_FIELD, "string", "x", 255, external_id=True, unique=True))
    salesforce.mapping_path.write_text(
        "version: 1\nactivity: salesforce/Call_Log__c\nkey: Apten_Call_Id__c\nfields: {Name: {from: direction}}\n"
    )
    assert examine(salesforce, capsys)[0] == 0
    salesforce.org.access.set_rights("Call_Log__c", Rights(edit=False))
    found = examine(salesforce, capsys)[1]["Salesforce: rights on Call_Log__c"]
    assert (found["level"], found["found"]) == ("problem", "This user may not edit records of it.")
    salesforce.org.access.set_rights("Call_Log__c", NOTHING)
    code, all_found = examine(salesforce, capsys)
    assert (code, all_found["Salesforce: rights on Call_Log__c"]["level"]) == (2, "problem")


def test_a_field_that_people_are_looked_up_by_must_be_seen(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.mapping_path, ("by: [lead.externalLeadId]", "by: [lead.phone]"))
    salesforce.org.access.hide_field("MobilePhone", "Contact")
    code, found = examine(salesforce, capsys)
    assert (code, levels(found, "warning")) == (0, ["Salesforce: field Contact.MobilePhone"])


def test_a_mapping_that_does_not_suit_the_org_is_a_problem(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.remove_field("CallDisposition")
    code, found = examine(salesforce, capsys)
    about = f"mapping {salesforce.mapping_path}"
    assert (code, levels(found, "problem")) == (2, [about])
    assert found[about]["found"].startswith("1 error, 0 warnings against Task")
    assert "apten-crm check --live" in found[about]["todo"]


def test_a_time_zone_that_is_not_the_orgs_is_a_hint_only(salesforce: Town, capsys: Captured) -> None:
    code, found = examine(salesforce, capsys)
    assert (code, found["Salesforce: time zone"]["level"]) == (0, "ok")
    assert "America/New_York, the org America/Los_Angeles" in found["Salesforce: time zone"]["found"]
    change(salesforce.mapping_path, ("America/New_York", "America/Los_Angeles"))
    assert "as the org does" in examine(salesforce, capsys)[1]["Salesforce: time zone"]["found"]


def test_requests_that_run_short_are_worth_a_warning(salesforce: Town, capsys: Captured) -> None:
    found = examine(salesforce, capsys)[1]["Salesforce: API requests"]
    assert (found["level"], "of 15,000 were used" in found["found"]) == ("ok", True)
    assert found["found"].endswith("Runs stop at 12,000 (crm.api_budget).")
    salesforce.org.requests_used = 9_700
    assert examine(salesforce, capsys)[1]["Salesforce: API requests"]["level"] == "warning"


def test_it_looks_also_when_runs_no_longer_may(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.requests_used = 12_500
    code, found = examine(salesforce, capsys)
    assert (code, levels(found, "problem")) == (3, ["Salesforce: API requests"])
    assert "raise crm.api_budget" in found["Salesforce: API requests"]["todo"]
    assert found[KEY]["level"] == "ok"


def test_limits_that_may_not_be_asked_are_read_off_the_answers(salesforce: Town, capsys: Captured) -> None:
    refusal = b'[{"errorCode": "INSUFFICIENT_ACCESS_OR_READONLY", "message": "no"}]'
    salesforce.salesforce.faults.add(Fault("/limits", status=403, body=refusal), times=9)
    found = examine(salesforce, capsys)[1]
    assert "of 15,000 were used" in found["Salesforce: API requests"]["found"]
    assert "Salesforce: data storage" not in found


def test_rules_and_automations_are_counted_though_they_cannot_be_foreseen(salesforce: Town, capsys: Captured) -> None:
    automate(salesforce)
    counted = "Task has 2 validation rules, 1 Apex trigger and 1 record-triggered flow active"
    assert counted in examine(salesforce, capsys)[1]["Salesforce: automation of Task"]["found"]
    assert run(salesforce, "check", "--live") == 0
    assert counted in capsys.readouterr().out


def test_a_user_who_may_not_ask_for_them_is_told_so(salesforce: Town, capsys: Captured) -> None:
    automate(salesforce)
    salesforce.org.access.permissions -= {"ViewSetup"}
    code, found = examine(salesforce, capsys)
    told = found["Salesforce: automation of Task"]["found"]
    assert code == 0
    assert told.startswith("How many validation rules, Apex triggers and record-triggered flows Task has is not known")
    assert run(salesforce, "check", "--live") == 0
    assert told in capsys.readouterr().out
