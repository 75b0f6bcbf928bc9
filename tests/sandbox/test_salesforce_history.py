"""Every write is kept with who, when and what; and what people do by hand is one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.salesforce import by_hand
from connector.sandbox.salesforce.fields import OrgField
from tests.clock import NOON
from tests.sandbox.org_client import KEY

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient

LATER = NOON + timedelta(hours=1)


def test_what_the_connector_writes_is_kept_with_what_it_sent(client: OrgClient) -> None:
    [made] = client.upsert({KEY: "a", "Subject": "x "})
    client.upsert({KEY: "a", "Subject": None})
    client.upsert({KEY: "b", "Subject": "x" * 256})
    client.send("DELETE", f"/sobjects/Task/{made['id']}")
    writes = client.org.history_of(made["id"])
    assert writes == client.org.history
    assert [(write.operation, write.object, write.by, write.at, dict(write.fields)) for write in writes] == [
        ("create", "Task", client.org.user_id, NOON, {KEY: "a", "Subject": "x"}),
        ("update", "Task", client.org.user_id, NOON, {KEY: "a", "Subject": None}),
        ("delete", "Task", client.org.user_id, NOON, {}),
    ]


def test_a_persons_edit_stands_beside_the_connectors(client: OrgClient) -> None:
    ann = client.org.add("User", FirstName="Ann", LastName="Lee")
    [made] = client.upsert({KEY: "a"})
    by_hand.edit(client.org, made["id"], LATER, by=ann, Subject=" mine ", Description="a\nb", Status="Completed")
    by_hand.undelete(client.org, made["id"], LATER, by=ann)
    [_, edited, _] = client.org.history_of(made["id"])
    assert (edited.by, edited.at, edited.fields["Subject"]) == (ann, LATER, "mine")
    task = client.org.tasks[made["id"]]
    assert (task["LastModifiedById"], task["IsClosed"], task["Description"]) == (ann, True, "a\r\nb")
    assert task["CompletedDateTime"] == task["LastModifiedDate"] == "2026-06-15T13:00:00.000+0000"
    assert (task["CreatedById"], task["CreatedDate"]) == (client.org.user_id, "2026-06-15T12:00:00.000+0000")


def test_a_converted_lead_says_what_it_became_and_its_tasks_go_there(client: OrgClient) -> None:
    org = client.org
    lead = org.add_lead("Lee", FirstName="Ann", Company="Acme", Phone="555", OwnerId=org.add("User", LastName="Ben"))
    client.upsert({KEY: "a", "WhoId": lead})
    contact = by_hand.convert(org, lead, LATER)
    converted, became = org.people[lead], org.people[contact]
    assert (converted["IsConverted"], converted["ConvertedContactId"]) == (True, contact)
    assert converted["ConvertedAccountId"] == became["AccountId"]
    assert [became[name] for name in ("Name", "Phone", "OwnerId")] == ["Ann Lee", "555", converted["OwnerId"]]
    task = org.task_with_key("a")
    assert task is not None
    assert (task["WhoId"], task["AccountId"]) == (contact, became["AccountId"])
    other = org.add_lead("Cy")
    assert by_hand.convert(org, other, LATER, contact_id=contact, account_id=became["AccountId"]) == contact


def test_a_merged_record_is_deleted_and_names_its_master(client: OrgClient) -> None:
    org = client.org
    master, loser = org.add_contact("Ann"), org.add_contact("Anne")
    client.upsert({KEY: "a", "WhoId": loser})
    by_hand.merge(org, master, loser, LATER)
    query = "SELECT MasterRecordId FROM Contact WHERE IsDeleted = true"
    assert client.query(query)["totalSize"] == 0
    assert client.query(query, "/queryAll")["records"][0]["MasterRecordId"] == master
    task = org.task_with_key("a")
    assert task is not None
    assert task["WhoId"] == master


def test_a_deleted_record_comes_back_from_the_recycle_bin(client: OrgClient) -> None:
    [made] = client.upsert({KEY: "a"})
    client.org.delete(made["id"], NOON)
    by_hand.undelete(client.org, made["id"], LATER)
    assert client.org.task_with_key("a") is not None


def test_a_status_of_an_admins_own_closes_a_task_if_it_is_a_closed_one(client: OrgClient) -> None:
    client.org.add_task_status("Logged", closed=True)
    client.upsert({KEY: "a", "Status": "Logged"}, {KEY: "b", "Status": "Somehow"})
    assert [task["IsClosed"] for task in client.org.tasks.values()] == [True, False]
    found = client.query("SELECT ApiName, IsClosed, IsDefault FROM TaskStatus ORDER BY SortOrder")["records"]
    assert [(each["ApiName"], each["IsClosed"]) for each in found] == [
        ("Not Started", False),
        ("In Progress", False),
        ("Completed", True),
        ("Waiting on someone else", False),
        ("Deferred", False),
        ("Logged", True),
    ]
    assert [each["IsDefault"] for each in found] == [True] + [False] * 5
    assert "Logged" in [value["value"] for value in client.fields()["Status"]["picklistValues"]]


def test_a_tasks_account_is_that_of_what_it_is_about_or_whom_it_is_with(client: OrgClient) -> None:
    org = client.org
    acme, other = org.add("Account", Name="Acme"), org.add("Account", Name="Other")
    contact = org.add_contact("Ann", AccountId=acme)
    deal = org.add("Opportunity", Name="Deal", AccountId=other, StageName="Closed Won", CloseDate="2026-06-30")
    case = org.add("Case", ContactId=contact, AccountId=other)
    rows = [{"WhoId": contact}, {"WhoId": contact, "WhatId": deal}, {"WhatId": case}, {"WhatId": acme}, {}]
    client.upsert(*({KEY: f"{number}", **row} for number, row in enumerate(rows)))
    assert [task["AccountId"] for task in org.tasks.values()] == [acme, other, other, acme, None]
    assert org.tables["Opportunity"].rows[deal]["IsClosed"]
    assert org.tables["Case"].rows[case]["CaseNumber"]


def test_owners_must_be_active_users_or_queues(client: OrgClient) -> None:
    active, gone = client.org.add("User", LastName="Ann"), client.org.add("User", LastName="Ben", IsActive=False)
    queue = client.org.add("Group", Name="Calls", Type="Queue")
    assert client.errors({"OwnerId": active}) == []
    assert client.errors({"OwnerId": queue}) == []
    assert client.errors({"OwnerId": gone}) == [("INACTIVE_OWNER_OR_USER", ["OwnerId"])]
    assert client.errors({"OwnerId": "005Hs0000000zzz"}) == [("INVALID_CROSS_REFERENCE_KEY", ["OwnerId"])]


def test_what_is_there_from_the_start_has_no_history_and_no_unknown_fields(client: OrgClient) -> None:
    lead = client.org.add("Lead", record_id="00QHs0000000abc", LastName="Ann")
    assert (lead, client.org.history) == ("00QHs0000000abcMAA", [])
    with pytest.raises(ValueError, match="Fone"):
        client.org.add("Lead", Fone="1")
    with pytest.raises(ValueError, match="there already"):
        client.org.add("Lead", record_id=lead)
    client.org.remove(lead)
    assert client.org.record(lead) is None


def test_fields_come_and_go_while_records_are_there(client: OrgClient) -> None:
    client.upsert({KEY: "a"})
    client.org.add_field(OrgField("Hot__c", "boolean", "Hot", nillable=False, default=False, defaulted=True))
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True, unique=True))
    assert client.upsert({KEY: "A", "Hot__c": True})[0]["created"] is False
    client.org.remove_field("Hot__c")
    [task] = client.org.tasks.values()
    assert "Hot__c" not in task
