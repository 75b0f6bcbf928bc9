"""Objects are described as Salesforce describes them; what is checked here stands in real describe answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce.fields import OrgField, fields, long_text
from tests.sandbox.org_client import KEY

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def told(field: dict[str, Any], names: str) -> tuple[Any, ...]:
    return tuple(field[name] for name in names.split())


@pytest.mark.parametrize(
    ("name", "field", "facts", "values"),
    [
        ("Lead", "Email", "type length byteLength idLookup permissionable", ("email", 80, 240, True, True)),
        ("Lead", "LastName", "nillable defaultedOnCreate permissionable compoundFieldName extraTypeInfo", (
            False, False, False, "Name", "personname")),
        ("Lead", "Name", "createable updateable nameField length", (False, False, True, 121)),
        ("Lead", "IsConverted", "createable updateable defaultValue soapType", (True, False, False, "xsd:boolean")),
        ("Lead", "ConvertedContactId", "createable nillable referenceTo relationshipName", (
            False, True, ["Contact"], "ConvertedContact")),
        ("Lead", "OwnerId", "referenceTo relationshipName namePointing polymorphicForeignKey defaultedOnCreate", (
            ["Group", "User"], "Owner", True, True, True)),
        ("Lead", "EmailBouncedDate", "createable updateable", (False, True)),
        ("Lead", "Latitude", "precision scale groupable aggregatable", (18, 15, False, True)),
        ("Lead", "Address", "type soapType filterable sortable groupable", (
            "address", "urn:address", True, False, False)),
        ("Lead", "Description", "filterable sortable groupable aggregatable extraTypeInfo", (
            False, False, False, False, "plaintextarea")),
        ("Lead", "NumberOfEmployees", "type digits soapType", ("int", 8, "xsd:int")),
        ("Contact", "AccountId", "referenceTo relationshipName permissionable", (["Account"], "Account", True)),
        ("Contact", "OwnerId", "referenceTo polymorphicForeignKey", (["User"], False)),
        ("Contact", "HomePhone", "type length label", ("phone", 40, "Home Phone")),
        ("Task", "Subject", "type length groupable sortable nameField", ("combobox", 255, False, True, True)),
        ("Task", "ActivityDate", "type groupable aggregatable", ("date", True, False)),
        ("Task", "CallType", "restrictedPicklist nillable permissionable", (True, True, False)),
        ("Task", KEY, "externalId unique caseSensitive idLookup custom permissionable length", (
            True, True, True, True, True, True, 255)),
        ("Event", "ShowAs", "defaultValue restrictedPicklist", ("Busy", True)),
    ],
)  # fmt: skip
def test_fields_are_described_as_in_a_real_org(
    client: OrgClient, name: str, field: str, facts: str, values: tuple[Any, ...]
) -> None:
    assert told(client.fields(name)[field], facts) == values


def test_the_parts_of_a_picklist(client: OrgClient) -> None:
    status = client.fields("Lead")["Status"]
    assert [value["value"] for value in status["picklistValues"]] == [
        "Open - Not Contacted",
        "Working - Contacted",
        "Closed - Converted",
        "Closed - Not Converted",
    ]
    assert [value["defaultValue"] for value in status["picklistValues"]] == [True, False, False, False]


def test_all_objects_that_the_user_may_see_are_listed(client: OrgClient) -> None:
    client.org.add_object("Call_Log__c", label="Call Log")
    listed = {each["name"]: each for each in client.send("GET", "/sobjects/").json()["sobjects"]}
    assert {"Task", "Lead", "Contact", "Account", "Opportunity", "Case", "Campaign", "User", "Group"} < listed.keys()
    assert told(listed["Call_Log__c"], "label labelPlural custom createable") == ("Call Log", "Call Logs", True, True)
    assert (listed["Task"]["keyPrefix"], listed["Task"]["custom"], listed["RecordType"]["createable"]) == (
        "00T",
        False,
        False,
    )
    assert client.send("GET", "/sobjects/task/").json()["objectDescribe"]["name"] == "Task"


def test_record_types_are_described_with_their_object(client: OrgClient) -> None:
    assert "RecordTypeId" not in client.fields()
    made = client.org.add_record_type("Task", "Phone_Call", "Phone call")
    infos = client.send("GET", "/sobjects/Task/describe").json()["recordTypeInfos"]
    assert [told(info, "developerName name master") for info in infos] == [
        ("Master", "Master", True),
        ("Phone_Call", "Phone call", False),
    ]
    assert client.errors({"RecordTypeId": made}) == []
    assert client.errors({"RecordTypeId": client.org.user_id}) == [("FIELD_INTEGRITY_EXCEPTION", ["RecordTypeId"])]


def test_a_custom_object_has_an_owner_a_name_and_fields_of_its_own(client: OrgClient) -> None:
    client.org.add_object("Call_Log__c", long_text("Notes__c", "Notes"), OrgField("Lead__c", "reference", "Lead", 18,
        references=("Lead",)))  # fmt: skip
    described = client.fields("Call_Log__c")
    assert {"Id", "OwnerId", "Name", "CreatedDate", "SystemModstamp", "IsDeleted"} < described.keys()
    assert told(described["Notes__c"], "type length filterable") == ("textarea", 32_768, False)
    assert described["Lead__c"]["relationshipName"] == "Lead__r"
    lead = client.org.add_lead("Ann")
    row = {"attributes": {"type": "Call_Log__c"}, "Notes__c": "x" * 32_768, "Lead__c": lead}
    [result] = client.send("POST", "/composite/sobjects", json={"records": [row]}).json()
    stored = client.org.record(result["id"])
    assert stored is not None
    assert (stored["Name"], stored["OwnerId"], stored["Lead__c"]) == (result["id"], client.org.user_id, lead)


def test_tasks_can_be_about_an_object_that_allows_activities(client: OrgClient) -> None:
    client.org.add_object("Closed__c")
    client.org.add_object("Open__c", with_activities=True)
    assert "Open__c" in client.fields()["WhatId"]["referenceTo"]
    assert client.errors({"WhatId": client.org.add("Open__c")}) == []
    assert client.errors({"WhatId": client.org.add("Closed__c")}) == [("FIELD_INTEGRITY_EXCEPTION", ["WhatId"])]


def test_a_table_of_fields_that_cannot_be_read_is_refused() -> None:
    assert fields("A__c  picklist(9)  A  restricted\n= x|y\n= z")[0].values == ("x", "y", "z")
    with pytest.raises(ValueError, match="no type"):
        fields("A__c  string of any length  A")
    with pytest.raises(KeyError):
        fields("A__c  string(9)  A  mandatory")
