"""Custom fields are made through the Tooling API, and nobody sees them until they are granted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.fields import OrgField
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON
from tests.sandbox.org_client import KEY, OrgClient, assume, refusal

if TYPE_CHECKING:
    import httpx

FIELDS = "/tooling/sobjects/CustomField"
METADATA = {"type": "Text", "label": "Apten Call ID", "length": 255, "externalId": True, "unique": True,
    "caseSensitive": True}  # fmt: skip


def make(client: OrgClient, full_name: str = f"Activity.{KEY}", **metadata: Any) -> httpx.Response:
    return client.send("POST", FIELDS, json={"FullName": full_name, "Metadata": {**METADATA, **metadata}})


@pytest.fixture
def bare(client: OrgClient) -> OrgClient:
    """An org without the key field."""
    client.org.remove_field(KEY)
    return client


def test_a_field_of_tasks_is_made_on_activity_and_is_seen_by_nobody(bare: OrgClient) -> None:
    made = make(bare)
    assert (made.status_code, made.json()["success"], made.json()["id"][:3]) == (201, True, "00N")
    assert KEY not in bare.fields()
    assert KEY not in bare.fields("Event")
    bare.org.access.show_field(KEY)
    field = bare.fields()[KEY]
    facts = ("externalId", "unique", "caseSensitive", "length", "label", "createable", "nillable")
    assert [field[name] for name in facts] == [True, True, True, 255, "Apten Call ID", True, True]
    assert KEY in bare.fields("Event")
    assert bare.upsert({KEY: "a"})[0]["created"]


def test_tasks_that_are_there_get_the_field_without_a_value(bare: OrgClient) -> None:
    bare.org.create("Task", {"Subject": "old"}, NOON)
    make(bare)
    bare.org.access.show_field(KEY)
    assert [each[KEY] for each in bare.query(f"SELECT {KEY} FROM Task")["records"]] == [None]


@pytest.mark.parametrize(
    ("metadata", "facts"),
    [
        ({"type": "LongTextArea", "length": 131_072, "visibleLines": 5}, {"type": "textarea", "filterable": False}),
        ({"type": "TextArea"}, {"type": "textarea", "length": 255}),
        ({"type": "Number", "precision": 8, "scale": 2}, {"type": "double", "precision": 8, "scale": 2}),
        ({"type": "Checkbox", "defaultValue": "true"}, {"type": "boolean", "defaultValue": True, "nillable": False}),
        ({"type": "Date"}, {"type": "date"}),
        ({"type": "DateTime"}, {"type": "datetime"}),
        ({"type": "Phone"}, {"type": "phone", "length": 40}),
        ({"type": "Email"}, {"type": "email", "length": 80}),
        ({"type": "Url"}, {"type": "url", "length": 255}),
        ({"type": "Picklist", "valueSet": {"restricted": True, "valueSetDefinition": {"value": [{"fullName": "A"}]}}},
            {"type": "picklist", "restrictedPicklist": True}),
        ({"type": "Text", "length": 9, "caseSensitive": True}, {"length": 9, "unique": False, "caseSensitive": False}),
        ({"type": "Text", "length": 20, "unique": True}, {"type": "string", "unique": True, "caseSensitive": False}),
    ],
)  # fmt: skip
def test_fields_of_every_type_can_be_made_on_any_object(
    client: OrgClient, metadata: dict[str, Any], facts: dict[str, Any]
) -> None:
    client.org.add_object("Call_Log__c")
    body = {"FullName": "Call_Log__c.Extra__c", "Metadata": {"label": "Extra", **metadata}}
    assert client.send("POST", FIELDS, json=body).status_code == 201
    client.org.access.show_field("Extra__c", "Call_Log__c")
    field = client.fields("Call_Log__c")["Extra__c"]
    assert {name: field[name] for name in facts} == facts


def test_a_required_field_cannot_be_hidden_and_so_is_seen_at_once(client: OrgClient) -> None:
    assert make(client, "Lead.Code__c", required=True).status_code == 201
    assert client.fields("Lead")["Code__c"]["nillable"] is False


@pytest.mark.parametrize(
    ("full_name", "metadata", "code"),
    [
        ("Task.New__c", {}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Event.New__c", {}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Nothing.New__c", {}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        (f"Activity.{KEY}", {}, "DUPLICATE_DEVELOPER_NAME"),
        ("Activity.New", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__Name__c", {}, "FIELD_INTEGRITY_EXCEPTION"),
        (f"Activity.{'x' * 41}__c", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__c", {"length": 256}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__c", {"length": "255"}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__c", {"type": "Date", "unique": False}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__c", {"type": "Date", "externalId": False}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Activity.New__c", {"type": "Hologram"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("Activity.New__c", {"label": ""}, "REQUIRED_FIELD_MISSING"),
        ("Activity.New__c", {"type": "Picklist", "externalId": False, "unique": False}, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_fields_that_cannot_be_made(client: OrgClient, full_name: str, metadata: dict[str, Any], code: str) -> None:
    assert refusal(make(client, full_name, **metadata)) == (400, code)
    assert "New__c" not in client.org.tables["Task"].object.fields


def test_a_field_is_made_of_a_full_name_and_metadata(client: OrgClient) -> None:
    bodies: list[object] = [{"FullName": "Activity.New__c"}, {"Metadata": METADATA}, []]
    for body in bodies:
        assert refusal(client.send("POST", FIELDS, json=body)) == (400, "REQUIRED_FIELD_MISSING")


def test_fields_are_looked_up_by_object_and_name(bare: OrgClient) -> None:
    made = make(bare).json()["id"]
    bare.org.add_object("Call_Log__c")
    make(bare, "Call_Log__c.Other__c")

    def found(where: str, names: str = "Id") -> httpx.Response:
        query = f"SELECT {names} FROM CustomField{where}"
        return bare.send("GET", "/tooling/query", params={"q": query})

    by_name = found(" WHERE TableEnumOrId = 'Activity' AND DeveloperName = 'Apten_Call_Id'")
    assert [record["Id"] for record in by_name.json()["records"]] == [made]
    whole = found(" WHERE TableEnumOrId = 'Activity'", "FullName, Metadata").json()["records"][0]
    assert (whole["FullName"], whole["Metadata"]["unique"]) == (f"Activity.{KEY}", True)
    assert refusal(found("", "Id, Metadata")) == (400, "MALFORMED_QUERY")
    owners = {each["TableEnumOrId"][:3] for each in found("", "TableEnumOrId").json()["records"]}
    assert owners == {"Act", "01I"}
    assert refusal(bare.send("GET", "/tooling/query", params={"q": "SELECT Id FROM Task"})) == (400, "INVALID_TYPE")


def test_a_field_can_be_read_changed_and_deleted_by_its_id(bare: OrgClient) -> None:
    path = f"{FIELDS}/{make(bare, unique=False).json()['id']}"
    bare.org.access.show_field(KEY)
    assert bare.send("GET", path).json()["FullName"] == f"Activity.{KEY}"
    assert bare.send("PATCH", path, json={"Metadata": METADATA}).status_code == 204
    assert bare.fields()[KEY]["unique"]
    renamed = bare.send("PATCH", path, json={"FullName": "Activity.New__c", "Metadata": METADATA})
    assert refusal(renamed) == (400, "FIELD_INTEGRITY_EXCEPTION")
    assert bare.send("DELETE", path).status_code == 204
    assert KEY not in bare.fields()
    assert [refusal(bare.send(method, path, json={})) for method in ("GET", "PATCH", "DELETE")] == [
        (404, "NOT_FOUND")
    ] * 3


def test_making_fields_takes_the_right_to_customize(bare: OrgClient) -> None:
    made = make(bare).json()["id"]
    bare.org.access.permissions -= {"CustomizeApplication"}
    refused = [make(bare, "Activity.New__c"), bare.send("DELETE", f"{FIELDS}/{made}")]
    assert [refusal(each) for each in refused] == [(403, "INSUFFICIENT_ACCESS_OR_READONLY")] * 2


def test_what_is_assumed_of_the_tooling_api_can_be_otherwise(bare: OrgClient) -> None:
    assume(bare, tooling_takes_activity=False)
    assert refusal(make(bare)) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")
    assume(bare, tooling_takes_activity=True, activity_fields_belong_to="Task", field_exists_code="DUPLICATE_VALUE")
    make(bare)
    query = {"q": "SELECT TableEnumOrId FROM CustomField"}
    assert bare.send("GET", "/tooling/query", params=query).json()["records"][0]["TableEnumOrId"] == "Task"
    assert refusal(make(bare)) == (400, "DUPLICATE_VALUE")


def test_what_the_permission_to_edit_tasks_is_called_is_assumed() -> None:
    org = SalesforceOrg(assumptions=Assumptions(edit_tasks_field="PermissionsEditTasks"))
    stand_in = SalesforceStandIn(org, now=lambda: NOON)
    with LocalServer(stand_in.app) as server:
        client = OrgClient(stand_in, server)
        assert "PermissionsEditTasks" in client.fields("PermissionSet")
        client.http.close()


def test_fields_that_came_otherwise_are_found_as_well_and_those_that_are_gone_are_not(client: OrgClient) -> None:
    client.org.add_field(OrgField("ns__Notes__c", "textarea", "Notes", 32_768, filterable=False), of="Lead")

    def found(where: str) -> list[str]:
        answer = client.send("GET", "/tooling/query", params={"q": f"SELECT Id FROM CustomField WHERE {where}"})
        ids = [record["Id"] for record in answer.json()["records"]]
        return [client.send("GET", f"{FIELDS}/{each}").json()["FullName"] for each in ids]

    assert found("DeveloperName = 'Apten_Call_Id' AND NamespacePrefix = null") == [f"Activity.{KEY}"]
    assert found("DeveloperName = 'Notes' AND NamespacePrefix = 'ns'") == ["Lead.ns__Notes__c"]
    client.org.remove_field(KEY)
    assert found("DeveloperName = 'Apten_Call_Id'") == []


def test_rules_triggers_and_flows_are_counted_by_their_object(client: OrgClient) -> None:
    task = client.org.add("EntityDefinition", QualifiedApiName="Task")
    for active in (True, True, False):
        client.org.add("ValidationRule", EntityDefinitionId=task, Active=active)
    client.org.add("ApexTrigger", EntityDefinitionId=task, Status="Active")
    client.org.add("FlowDefinitionView", TriggerObjectOrEventId=task, IsActive=True)

    def count(path: str, query: str) -> int:
        return int(client.send("GET", path, params={"q": f"SELECT COUNT() FROM {query}"}).json()["totalSize"])

    where = "WHERE EntityDefinition.QualifiedApiName = 'Task'"
    assert count("/tooling/query", f"ValidationRule {where} AND Active = true") == 2
    assert count("/tooling/query", f"ApexTrigger {where} AND Status = 'Active'") == 1
    assert count("/query", "FlowDefinitionView WHERE TriggerObjectOrEvent.QualifiedApiName = 'Task'") == 1
    rules = {"q": "SELECT Id FROM ValidationRule"}
    assert refusal(client.send("GET", "/query", params=rules)) == (400, "INVALID_TYPE")
    client.org.access.permissions -= {"ViewSetup"}
    assert refusal(client.send("GET", "/tooling/query", params=rules)) == (400, "INVALID_TYPE")
    flows = {"q": "SELECT Id FROM FlowDefinitionView"}
    assert refusal(client.send("GET", "/query", params=flows)) == (400, "INVALID_TYPE")
    assume(client, tooling_takes_view_setup=False)
    assert client.send("GET", "/tooling/query", params=rules).is_success
