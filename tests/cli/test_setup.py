"""`setup` gives a Salesforce org what the mapping needs, says so first, and may be run again at any time."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.faults import Fault
from connector.sandbox.salesforce.fields import KEY_FIELD, OrgField
from tests.cli.conftest import change, run
from tests.cli.orgs import SET, assigned, fresh, granted, key, make_fresh, slept, take_all_rights
from tests.sandbox.org_client import assume_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Captured = pytest.CaptureFixture[str]

__all__ = ["fresh", "slept"]
pytestmark = pytest.mark.usefixtures("slept")


def test_a_fresh_org_gets_all_that_the_mapping_needs(fresh: Town, capsys: Captured) -> None:
    assert run(fresh, "setup", "--yes") == 0
    org = fresh.org
    facts = (key(org).type, key(org).length, key(org).external_id, key(org).unique, key(org).case_sensitive)
    assert facts == ("string", 255, True, True, True)
    assert key(org).label == "Apten Call ID"
    (permission_set,) = org.tables["PermissionSet"].rows.values()
    assert permission_set["Name"] == SET
    given = {name for name, value in permission_set.items() if name.startswith("Permissions") and value}
    assert given == {"PermissionsApiEnabled", "PermissionsActivitiesAccess", "PermissionsEditTask"}
    both = {f"{name}.{field}": "rw" for name in ("Task", "Event") for field in (KEY_FIELD, "WhoId", "Description")}
    assert granted(org) == {**both, "Account": "r", "Contact": "r", "Lead": "r"}
    assert assigned(org) == ["integration@example.com"]
    said = capsys.readouterr().out
    assert said.index("to do") < said.index("done: key field Activity.Apten_Call_Id__c")


@pytest.mark.parametrize("clues", ["lead.externalLeadId", "lead.phone", "lead.email, lead.externalLeadId"])
def test_what_setup_grants_is_enough_for_a_sync(fresh: Town, clues: str, slept: list[float]) -> None:
    change(
        fresh.mapping_path,
        ("by: [lead.externalLeadId]", f"by: [{clues}]\n  phone_country: US"),
        ("\n  Status: Completed\n", "\n  Status: Completed\n  WhatId: {from: person.account}\n"),
    )
    assert run(fresh, "setup", "--yes") == 0
    assert slept == [2.0]  # a deployment takes a moment
    take_all_rights(fresh.org)
    assert run(fresh, "sync") == 0
    assert fresh.logged() == fresh.loggable()


def test_the_second_time_there_is_nothing_to_do(fresh: Town, capsys: Captured) -> None:
    assert run(fresh, "setup", "--yes") == 0
    writes, asked = len(fresh.org.history), len(fresh.salesforce.requests)
    capsys.readouterr()
    assert run(fresh, "setup") == 0
    said = capsys.readouterr().out
    assert "Nothing to do: all is there." in said
    assert "to do  " not in said
    assert len(fresh.org.history) == writes
    since = {request.split(" ")[0] for request in fresh.salesforce.requests[asked:] if "oauth2" not in request}
    assert since == {"GET"}


@pytest.mark.parametrize("at", [f"POST /services/data/v66.0/sobjects/{name}" for name in (
    "PermissionSet", "ObjectPermissions", "FieldPermissions", "PermissionSetAssignment")])  # fmt: skip
def test_half_done_it_goes_on_where_it_stopped(fresh: Town, at: str, capsys: Captured) -> None:
    fresh.salesforce.faults.add(Fault(f"^{at}$", status=503))
    assert run(fresh, "setup", "--yes") == 3
    assert run(fresh, "setup", "--yes") == 0
    assert capsys.readouterr().out.count("there already  key field") == 1
    assert len(fresh.org.tables["PermissionSet"].rows) == 1
    assert len(granted(fresh.org)) == 9
    assert assigned(fresh.org) == ["integration@example.com"]


def test_only_what_is_missing_is_added_to_a_set_that_is_there(fresh: Town) -> None:
    org = fresh.org
    org.add_field(OrgField("Other__c", "string", "Other", 80))
    there = org.add("PermissionSet", Name=SET, Label="ours", PermissionsApiEnabled=True)
    org.add("ObjectPermissions", ParentId=there, SobjectType="Case", PermissionsRead=True)
    org.add("FieldPermissions", ParentId=there, SobjectType="Task", Field="Task.Description", PermissionsRead=True)
    assert run(fresh, "setup", "--yes") == 0
    (row,) = org.tables["PermissionSet"].rows.values()
    assert (row["Label"], row["PermissionsEditTask"]) == ("ours", True)
    assert granted(org)["Case"] == "r"
    assert granted(org)["Task.Description"] == granted(org)["Event.Description"] == "rw"


def test_nothing_is_done_before_somebody_agrees(fresh: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(fresh, "setup") == 2
    assert "--yes" in capsys.readouterr().err
    for answer, code in (("n\n", 2), ("y\n", 0)):
        monkeypatch.setattr(sys, "stdin", _Terminal(answer))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert KEY_FIELD not in fresh.org.tables["Task"].object.fields
        assert run(fresh, "setup") == code
    assert KEY_FIELD in fresh.org.tables["Task"].object.fields


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_for_programs_the_plan_and_whether_it_was_done_are_told(fresh: Town, capsys: Captured) -> None:
    assert run(fresh, "setup", "--format", "json") == 2
    plan = json.loads(capsys.readouterr().out)
    assert (plan["done"], plan["user"]) == (False, "integration@example.com")
    assert {step["standing"] for step in plan["steps"]} == {"to do"}
    assert run(fresh, "setup", "--format", "json", "--yes") == 0
    assert json.loads(capsys.readouterr().out)["done"]


def test_an_admin_sets_it_up_for_the_connectors_user(fresh: Town, capsys: Captured) -> None:
    fresh.org.add("User", Username="connector@example.com", LastName="Connector")
    assert run(fresh, "setup", "--yes", "--user", "connector@example.com") == 0
    assert assigned(fresh.org) == ["connector@example.com"]
    assert "signed in as connector@example.com" in capsys.readouterr().out
    assert run(fresh, "setup", "--user", "nobody@example.com") == 2
    assert "nobody@example.com is not known" in capsys.readouterr().err
    fresh.org.add("User", Username="gone@example.com", LastName="Gone", IsActive=False)
    assert run(fresh, "setup", "--user", "gone@example.com") == 2
    assert "gone@example.com is not active" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("permission", "label"),
    [
        ("ViewSetup", "View Setup and Configuration"),
        ("CustomizeApplication", "Customize Application"),
        ("ModifyMetadata", "Modify Metadata Through Metadata API Functions"),
        ("ManageProfilesPermissionsets", "Manage Profiles and Permission Sets"),
        ("AssignPermissionSets", "Assign Permission Sets"),
    ],
)
@pytest.mark.parametrize("code", ["INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS"])
def test_a_right_that_is_missing_is_named_and_the_folder_offered(
    fresh: Town, permission: str, label: str, code: str, capsys: Captured
) -> None:
    assume_of(fresh.org, no_right_code=code)
    fresh.org.access.permissions -= {permission}
    assert run(fresh, "setup", "--yes") == 2
    told = capsys.readouterr().err
    assert label in told
    assert "--print-metadata FOLDER" in told
    fresh.org.access.permissions |= {permission}
    assert run(fresh, "setup", "--yes") == 0


def test_a_licence_that_does_not_allow_it_is_told(fresh: Town, capsys: Captured) -> None:
    assume_of(fresh.org, licence_allows_edit_tasks=False)
    assert run(fresh, "setup", "--yes") == 2
    assert "permission set licence Salesforce API Integration" in capsys.readouterr().err


@pytest.mark.parametrize(
    "switches",
    [
        {"field_permissions_come_in_pairs": False},
        {"edit_tasks_field": "PermissionsEditTasks"},
        {"tooling_takes_activity": False},
        {"activity_fields_belong_to": "Task"},
    ],
)
def test_it_works_whichever_way_the_org_is(
    build: Callable[..., Town], switches: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("salesforce", calls=5, leads=2, assumptions=switches)
    make_fresh(town.org)
    assert run(town, "setup", "--yes") == 0
    assert run(town, "setup") == 0
    monkeypatch.undo()
    take_all_rights(town.org)
    assert granted(town.org)[f"Task.{KEY_FIELD}"] == granted(town.org)[f"Event.{KEY_FIELD}"] == "rw"
    assert town.org.access.rights("Task").create
    assert town.org.access.fields("Task")[KEY_FIELD].createable


def test_what_an_org_says_of_a_deployment_that_failed_is_passed_on(fresh: Town, capsys: Captured) -> None:
    body = json.dumps({"deployResult": {"done": True, "success": False, "details": {"componentFailures": [
        {"problem": "You have reached the maximum\nnumber of custom fields on Activity"}]}}})  # fmt: skip
    fresh.salesforce.faults.add(Fault("^GET .*/metadata/deployRequest/", status=200, body=body.encode()))
    assert run(fresh, "setup", "--yes") == 2
    assert '"You have reached the maximum number of custom fields on Activity"' in capsys.readouterr().err


def test_a_deployment_without_end_is_not_waited_for_for_ever(fresh: Town, capsys: Captured, slept: list[float]) -> None:
    body = json.dumps({"deployResult": {"done": False}}).encode()
    fresh.salesforce.faults.add(Fault("^GET .*/metadata/deployRequest/", status=200, body=body), times=1_000)
    assert run(fresh, "setup", "--yes") == 3
    assert "Setup > Deployment Status" in capsys.readouterr().err
    assert sum(slept) == 300


def test_what_was_made_and_cannot_be_seen_yet_is_looked_for_a_while(
    fresh: Town, capsys: Captured, slept: list[float]
) -> None:
    nothing = json.dumps({"name": "Task", "fields": []}).encode()
    late = Fault("^GET .*/sobjects/Task/describe", status=200, body=nothing)
    fresh.salesforce.faults.add(late, times=3, after=1)
    assert run(fresh, "setup", "--yes") == 0
    assert slept == [2.0, 3.0, 3.0, 3.0]
    fresh.org.remove_field(KEY_FIELD)
    fresh.salesforce.faults.add(late, times=100, after=1)
    assert run(fresh, "setup", "--yes") == 3
    assert "cannot be seen yet" in capsys.readouterr().err
