"""What nothing grants cannot be seen or done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.fields import OrgField
from tests.sandbox.org_client import KEY, assume, refusal

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def create(client: OrgClient, name: str, **fields: Any) -> str:
    """A record made through the API; its id."""
    answer = client.send("POST", f"/sobjects/{name}", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def permission_set(client: OrgClient, name: str = "Apten", **permissions: bool) -> str:
    return create(client, "PermissionSet", Name=name, Label=name, **permissions)


def assign(client: OrgClient, set_id: str) -> str:
    return create(client, "PermissionSetAssignment", AssigneeId=client.org.user_id, PermissionSetId=set_id)


def test_a_hidden_field_does_not_exist_for_the_user(client: OrgClient) -> None:
    client.upsert({KEY: "a"})
    client.org.access.hide_field(KEY)
    assert KEY not in client.fields()
    assert refusal(client.send("GET", "/query", params={"q": f"SELECT {KEY} FROM Task"})) == (400, "INVALID_FIELD")
    for upsert in (
        client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a"}]),
        client.send("PATCH", f"/sobjects/Task/{KEY}/a", json={"Subject": "x"}),
        client.send("GET", f"/sobjects/Task/{KEY}/a"),
    ):
        assert refusal(upsert) == (404, "NOT_FOUND")
        assert upsert.json()[0]["message"].startswith("Provided external ID field does not exist or is not accessible")
    assert refusal(client.save("POST", "/composite/sobjects", [{KEY: "b"}])) == (400, "INVALID_FIELD")
    client.org.access.show_field(KEY)
    assert KEY in client.fields()


def test_field_level_security_hides_only_what_it_applies_to(client: OrgClient) -> None:
    for name in ("Subject", "CallType", "Status", "Id"):
        assert not client.fields()[name]["permissionable"]
        with pytest.raises(ValueError, match="cannot hide"):
            client.org.access.hide_field(name)
    client.org.access.hide_field("MobilePhone", "Contact")
    assert "MobilePhone" not in client.fields("Contact")
    assert "MobilePhone" in client.fields("Lead")


def test_a_field_that_may_only_be_read_is_neither_created_nor_updated(client: OrgClient) -> None:
    client.org.access.make_read_only("Description")
    field = client.fields()["Description"]
    assert (field["createable"], field["updateable"]) == (False, False)
    assert client.errors({"Description": "x"}) == [("INVALID_FIELD_FOR_INSERT_UPDATE", ["Description"])]


def test_a_field_shows_once_a_permission_set_that_grants_it_is_assigned(client: OrgClient) -> None:
    client.org.add_field(OrgField("Notes__c", "textarea", "Notes", 255))
    client.org.access.hide_field("Notes__c")
    set_id = permission_set(client)
    granted = create(client, "FieldPermissions", ParentId=set_id, SobjectType="Task", Field="Task.Notes__c",
        PermissionsRead=True, PermissionsEdit=False)  # fmt: skip
    assert "Notes__c" not in client.fields()
    assignment = assign(client, set_id)
    assert (client.fields()["Notes__c"]["createable"], "Notes__c" in client.fields("Event")) == (False, True)
    assert client.send("PATCH", f"/sobjects/FieldPermissions/{granted}", json={"PermissionsEdit": True}).is_success
    assert client.fields()["Notes__c"]["createable"]
    assert client.errors({"Notes__c": "x"}) == []
    assert client.send("DELETE", f"/sobjects/PermissionSetAssignment/{assignment}").status_code == 204
    assert "Notes__c" not in client.fields()


def test_task_and_event_share_their_field_permissions(client: OrgClient) -> None:
    set_id = permission_set(client)
    row = {"ParentId": set_id, "SobjectType": "Event", "Field": f"Event.{KEY}", "PermissionsRead": True}
    create(client, "FieldPermissions", **{**row, "SobjectType": "Task", "Field": f"Task.{KEY}"})
    found = client.query(f"SELECT Field FROM FieldPermissions WHERE ParentId = '{set_id}' ORDER BY Field")
    assert [record["Field"] for record in found["records"]] == [f"Event.{KEY}", f"Task.{KEY}"]
    assert refusal(client.send("POST", "/sobjects/FieldPermissions", json=row)) == (400, "DUPLICATE_VALUE")


def test_by_assumption_field_permissions_do_not_come_in_pairs(client: OrgClient) -> None:
    assume(client, field_permissions_come_in_pairs=False)
    set_id = permission_set(client)
    for name in ("Task", "Event"):
        create(client, "FieldPermissions", ParentId=set_id, SobjectType=name, Field=f"{name}.{KEY}")


@pytest.mark.parametrize(
    ("name", "row", "code"),
    [
        ("FieldPermissions", {"SobjectType": "Task", "Field": "Task.Nothing__c"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("FieldPermissions", {"SobjectType": "Task", "Field": "Task.Subject"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("FieldPermissions", {"SobjectType": "Task", "Field": f"Activity.{KEY}"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("FieldPermissions", {"SobjectType": "Task", "Field": f"Task.{KEY}", "PermissionsEdit": True},
            "FIELD_INTEGRITY_EXCEPTION"),
        ("FieldPermissions", {"SobjectType": "Task"}, "REQUIRED_FIELD_MISSING"),
        ("ObjectPermissions", {"SobjectType": "Nothing"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("ObjectPermissions", {"SobjectType": "Task", "PermissionsRead": True},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("ObjectPermissions", {"SobjectType": "Lead", "PermissionsEdit": True}, "FIELD_INTEGRITY_EXCEPTION"),
    ],
)  # fmt: skip
def test_grants_that_make_no_sense_are_refused(client: OrgClient, name: str, row: dict[str, Any], code: str) -> None:
    answer = client.send("POST", f"/sobjects/{name}", json={"ParentId": permission_set(client), **row})
    assert refusal(answer) == (400, code)


def test_permission_sets_and_their_assignments_are_there_once(client: OrgClient) -> None:
    set_id = permission_set(client)
    answer = client.send("POST", "/sobjects/PermissionSet", json={"Name": "apten", "Label": "x"})
    assert refusal(answer) == (400, "DUPLICATE_VALUE")
    assign(client, set_id)
    again = {"AssigneeId": client.org.user_id, "PermissionSetId": set_id}
    assert refusal(client.send("POST", "/sobjects/PermissionSetAssignment", json=again)) == (400, "DUPLICATE_VALUE")
    assert client.send("DELETE", f"/sobjects/PermissionSet/{set_id}").status_code == 204
    assert client.query("SELECT COUNT() FROM PermissionSetAssignment")["totalSize"] == 0


def test_an_object_shows_once_its_object_permissions_are_granted(client: OrgClient) -> None:
    client.org.access.set_rights("Lead", Rights(read=False, create=False, edit=False, delete=False))
    assert refusal(client.send("GET", "/sobjects/Lead/describe")) == (404, "NOT_FOUND")
    assert refusal(client.send("GET", "/query", params={"q": "SELECT Id FROM Lead"})) == (400, "INVALID_TYPE")
    search = client.send("GET", "/search", params={"q": "FIND {Ann} RETURNING Lead(Id)"})
    assert refusal(search) == (400, "INVALID_TYPE")
    set_id = permission_set(client)
    create(client, "ObjectPermissions", ParentId=set_id, SobjectType="Lead", PermissionsRead=True)
    assign(client, set_id)
    assert client.query("SELECT COUNT() FROM Lead")["totalSize"] == 0
    described = client.send("GET", "/sobjects/Lead/describe").json()
    assert (described["createable"], described["updateable"], described["deletable"]) == (False, False, False)
    answer = client.send("POST", "/sobjects/Lead", json={"LastName": "Ann", "Company": "Acme"})
    assert refusal(answer) == (400, "INSUFFICIENT_ACCESS_OR_READONLY")


@pytest.mark.parametrize(
    ("granted", "flags"),
    [
        ({"PermissionsRead": True, "PermissionsCreate": True}, (True, False, False)),
        ({"PermissionsRead": True, "PermissionsEdit": True}, (False, True, False)),
        ({"PermissionsRead": True, "PermissionsEdit": True, "PermissionsDelete": True}, (False, True, True)),
    ],
)
def test_each_right_on_an_object_is_granted_by_itself(
    client: OrgClient, granted: dict[str, bool], flags: tuple[bool, ...]
) -> None:
    client.org.access.set_rights("Lead", Rights(create=False, edit=False, delete=False))
    set_id = permission_set(client)
    create(client, "ObjectPermissions", ParentId=set_id, SobjectType="Lead", **granted)
    assign(client, set_id)
    described = client.send("GET", "/sobjects/Lead/describe").json()
    assert tuple(described[name] for name in ("createable", "updateable", "deletable")) == flags


def test_editing_tasks_is_a_permission_of_its_own(client: OrgClient) -> None:
    client.upsert({KEY: "a"})
    [task_id] = client.org.tasks
    client.org.access.permissions -= {"EditTask"}
    assert not client.send("GET", "/sobjects/Task/describe").json()["createable"]
    assert client.errors({}) == [("INSUFFICIENT_ACCESS_OR_READONLY", [])]
    refused = [
        client.send("DELETE", f"/sobjects/Task/{task_id}"),
        client.send("DELETE", f"/composite/sobjects?ids={task_id}"),
    ]
    assert refusal(refused[0]) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert refused[1].json()[0]["errors"][0]["statusCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    assume(client, no_right_code="INSUFFICIENT_ACCESS")
    assert client.errors({}) == [("INSUFFICIENT_ACCESS", [])]
    assign(client, permission_set(client, PermissionsEditTask=True))
    assert client.errors({}) == []


def test_without_access_to_activities_there_are_no_tasks(client: OrgClient) -> None:
    client.org.access.permissions -= {"ActivitiesAccess"}
    assert refusal(client.send("GET", "/sobjects/Task/describe")) == (404, "NOT_FOUND")


def test_without_access_to_the_api_there_is_nothing(client: OrgClient) -> None:
    client.org.access.permissions -= {"ApiEnabled"}
    assert refusal(client.send("GET", "/limits")) == (403, "API_DISABLED_FOR_ORG")


def test_granting_takes_the_right_to_grant(client: OrgClient) -> None:
    set_id = permission_set(client)
    client.org.access.permissions -= {"ManageProfilesPermissionsets", "AssignPermissionSets"}
    rows = {
        "PermissionSet": {"Name": "B", "Label": "B"},
        "FieldPermissions": {"ParentId": set_id, "SobjectType": "Task", "Field": f"Task.{KEY}"},
        "PermissionSetAssignment": {"AssigneeId": client.org.user_id, "PermissionSetId": set_id},
    }
    for name, row in rows.items():
        assert refusal(client.send("POST", f"/sobjects/{name}", json=row)) == (400, "INSUFFICIENT_ACCESS_OR_READONLY")
    client.org.access.permissions -= {"ViewSetup"}
    assert refusal(client.send("GET", "/sobjects/PermissionSet/describe")) == (404, "NOT_FOUND")


def test_by_assumption_a_licence_may_not_allow_what_a_permission_set_holds(client: OrgClient) -> None:
    assume(client, licence_allows_edit_tasks=False)
    plain, editing = permission_set(client, "Plain"), permission_set(client, "Editing", PermissionsEditTask=True)
    assign(client, plain)
    row = {"AssigneeId": client.org.user_id, "PermissionSetId": editing}
    assert refusal(client.send("POST", "/sobjects/PermissionSetAssignment", json=row)) == (
        400,
        "FIELD_INTEGRITY_EXCEPTION",
    )
