"""SOQL beyond what the connector itself sends: relationships, patterns, order, and what an org refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connector.sandbox.salesforce import by_hand
from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.fields import OrgField, long_text
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.salesforce.queries import Queries
from tests.clock import NOON


@pytest.fixture
def org() -> SalesforceOrg:
    org = SalesforceOrg()
    ben = org.add("User", FirstName="Ben", LastName="Ruiz", Username="ben@example.com", IsActive=False)
    calls = org.add("Group", Name="Calls", Type="Queue")
    acme = org.add("Account", Name="Acme", OwnerId=ben)
    org.add("Contact", FirstName="Ann", LastName="Lee", Email="Ann@Example.com", AccountId=acme, OwnerId=ben)
    org.add("Contact", LastName="O'Neil_50%", Email=None)
    org.add("Lead", LastName="Cy", Company="Beta", OwnerId=calls, NumberOfEmployees=12)
    org.add("Lead", LastName="Di", Company="Gamma", NumberOfEmployees=7, Title="")
    return org


def records(org: SalesforceOrg, query: str) -> list[dict[str, Any]]:
    return list(Queries(org).run(query, "v66.0", everything=False)["records"])


def names(org: SalesforceOrg, rest: str, kind: str = "Contact") -> list[str]:
    return [each["LastName"] for each in records(org, f"SELECT LastName FROM {kind} {rest}")]


@pytest.mark.parametrize("reach", [True, False])
def test_a_deleted_record_reaches_its_master_as_assumed(org: SalesforceOrg, *, reach: bool) -> None:
    org.assumptions = replace(org.assumptions, deleted_records_reach_others=reach)
    master, loser = org.add_lead("Cy"), org.add_lead("Cy again")
    by_hand.merge(org, master, loser, NOON)
    query = f"SELECT MasterRecordId, MasterRecord.LastName FROM Lead WHERE Id = '{loser}'"
    [record] = Queries(org).run(query, "v66.0", everything=True)["records"]
    assert record["MasterRecordId"] == master
    assert (record["MasterRecord"] or {}).get("LastName") == ("Cy" if reach else None)


def test_a_field_of_another_record_stands_within_that_record(org: SalesforceOrg) -> None:
    [ann, other] = records(org, "SELECT Name, Account.Name, account.owner.NAME, Account.OwnerId FROM Contact")
    acme, ben = next(iter(org.tables["Account"].rows)), ann["Account"]["OwnerId"]
    assert ann["Account"] == {
        "attributes": {"type": "Account", "url": f"/services/data/v66.0/sobjects/Account/{acme}"},
        "Name": "Acme",
        "Owner": {
            "attributes": {"type": "User", "url": f"/services/data/v66.0/sobjects/User/{ben}"},
            "Name": "Ben Ruiz",
        },
        "OwnerId": ben,
    }
    assert (other["Name"], other["Account"]) == ("O'Neil_50%", None)


def test_a_path_that_leads_to_nobody_is_null_and_one_to_what_is_hidden_does_not_exist(org: SalesforceOrg) -> None:
    org.create("Task", {"WhoId": "003Hs0000000zzzAAA", "WhatId": "a99Hs0000000zzzAAA"}, NOON)
    [task] = records(org, "SELECT Who.Name, What.Type FROM Task")
    assert (task["Who"], task["What"]) == (None, None)
    org.access.set_rights("Account", Rights(read=False))
    with pytest.raises(RequestError, match="INVALID_FIELD"):
        records(org, "SELECT Account.Name FROM Contact")


def test_what_is_common_to_users_and_queues_can_be_asked_of_an_owner(org: SalesforceOrg) -> None:
    found = records(org, "SELECT LastName, Owner.Name, Owner.Type, Owner.IsActive FROM Lead ORDER BY LastName")
    told = [(each["Owner"]["Name"], each["Owner"]["Type"], each["Owner"]["IsActive"]) for each in found]
    assert told == [("Calls", "Group", None), ("Integration", "User", True)]
    assert names(org, "WHERE Owner.Type = 'Group'", "Lead") == ["Cy"]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("WHERE Account.Name = 'acme'", ["Lee"]),
        ("WHERE Account.Owner.IsActive = false", ["Lee"]),
        ("WHERE Account.Name = null", ["O'Neil_50%"]),
        ("WHERE Contact.LastName = 'lee'", ["Lee"]),
        ("WHERE Name LIKE 'ann%'", ["Lee"]),
        ("WHERE LastName LIKE 'L_e'", ["Lee"]),
        ("WHERE LastName LIKE 'le'", []),
        (r"WHERE LastName LIKE 'o\'%\_50\%'", ["O'Neil_50%"]),
        (r"WHERE LastName LIKE 'L\u0065e'", ["Lee"]),
        ("WHERE Email LIKE '%'", ["Lee"]),
        ("WHERE Email = 'ANN@example.COM'", ["Lee"]),
        ("WHERE Email != 'x@example.com'", ["Lee", "O'Neil_50%"]),
        ("WHERE Email NOT IN ('ann@example.com')", ["O'Neil_50%"]),
        ("WHERE NOT LastName = 'Lee'", ["O'Neil_50%"]),
        ("WHERE (NOT LastName LIKE 'L%') AND Email = null", ["O'Neil_50%"]),
        ("WHERE LastName = 'Lee' OR LastName = 'Nobody'", ["Lee"]),
        ("WHERE (LastName = 'Lee' OR Email = null) AND (FirstName = null)", ["O'Neil_50%"]),
        ("WHERE AccountId != NULL", ["Lee"]),
        ("ORDER BY LastName DESC", ["O'Neil_50%", "Lee"]),
        ("ORDER BY Email", ["O'Neil_50%", "Lee"]),
        ("ORDER BY Email DESC", ["O'Neil_50%", "Lee"]),
        ("ORDER BY Email ASC NULLS LAST, LastName", ["Lee", "O'Neil_50%"]),
        ("ORDER BY Account.Name NULLS FIRST LIMIT 1", ["O'Neil_50%"]),
        ("ORDER BY LastName LIMIT 1 OFFSET 1", ["O'Neil_50%"]),
        ("WHERE CreatedDate >= 2026-01-01T01:00:00+01:00", ["Lee", "O'Neil_50%"]),
        ("WHERE CreatedDate > 2026-01-01T00:00:00Z", []),
    ],
)
def test_conditions_and_order(org: SalesforceOrg, rest: str, expected: list[str]) -> None:
    assert names(org, rest) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("NumberOfEmployees > 7", ["Cy"]),
        ("NumberOfEmployees <= 12.5 AND NumberOfEmployees != 12", ["Di"]),
        ("IsConverted = FALSE", ["Cy", "Di"]),
        ("Title = ''", ["Cy", "Di"]),
        ("Title = null", ["Cy", "Di"]),
        ("company IN ('BETA', 'Gamma')", ["Cy", "Di"]),
    ],
)
def test_values_compare_by_their_type(org: SalesforceOrg, where: str, expected: list[str]) -> None:
    assert names(org, f"WHERE {where} ORDER BY LastName", "lead") == expected


def test_dates_compare_as_days(org: SalesforceOrg) -> None:
    for day in ("2026-06-14", "2026-06-15", None):
        org.create("Task", {"ActivityDate": day}, NOON)
    found = records(org, "SELECT ActivityDate FROM Task WHERE ActivityDate < 2026-06-15")
    assert [each["ActivityDate"] for each in found] == ["2026-06-14"]


def test_counting_counts(org: SalesforceOrg) -> None:
    answer = Queries(org).run("select count() from Contact where Email = null", "v66.0", everything=False)
    assert answer == {"totalSize": 1, "done": True, "records": []}


def test_a_reference_of_an_admins_own_is_followed_by_its_r_name(org: SalesforceOrg) -> None:
    org.add_object("Visit__c", OrgField("Person__c", "reference", "Person", 18, references=("Contact",)))
    ann = next(iter(org.tables["Contact"].rows))
    org.add("Visit__c", Person__c=ann)
    assert records(org, "SELECT Person__r.Email FROM Visit__c")[0]["Person__r"]["Email"] == "Ann@Example.com"
    with pytest.raises(RequestError, match="INVALID_FIELD"):
        records(org, "SELECT Person__c.Email FROM Visit__c")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT Nothing.Name FROM Contact", "INVALID_FIELD"),
        ("SELECT Account.Nothing FROM Contact", "INVALID_FIELD"),
        ("SELECT Owner.Department FROM Lead", "INVALID_FIELD"),
        ("SELECT Id, id FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact ORDER BY Description", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE MailingAddress = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE LastName = 7", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE LastName = true", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE IsDeleted = 'false'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Birthdate = '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Birthdate = 2026-01-01T00:00:00Z", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"),
        ("SELECT Id FROM Lead WHERE NumberOfEmployees = '7'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Id = 'Ann'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE AccountId IN ('001')", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE Id LIKE '003%'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Lead WHERE NumberOfEmployees LIKE '7'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE IsDeleted > false", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("SELECT Id FROM Contact OFFSET 1 LIMIT 1", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName LIKE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName = 'x' AND", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName ~ 'x'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName , 'x'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Contact WHERE LastName = x", "MALFORMED_QUERY"),
        (f"SELECT Id FROM Contact WHERE LastName = '{'x' * 4_001}'", "MALFORMED_QUERY"),
        (f"SELECT Id FROM Contact WHERE LastName IN ('{'x' * 4_001}')", "MALFORMED_QUERY"),
    ],
)
def test_what_an_org_refuses(org: SalesforceOrg, query: str, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        records(org, query)
    assert (refused.value.status, refused.value.body[0]["errorCode"]) == (400, code)


def test_by_assumption_the_texts_of_a_list_may_be_longer(org: SalesforceOrg) -> None:
    org.assumptions = replace(org.assumptions, literal_limit_holds_in_lists=False)
    assert names(org, f"WHERE LastName IN ('{'x' * 4_001}', 'lee')") == ["Lee"]


def test_two_long_texts_make_short_pages_and_one_does_not(org: SalesforceOrg) -> None:
    org.add_object("Call_Log__c", long_text("Summary__c", "Summary"), long_text("Transcript__c", "Transcript"))
    standard = long_text("Description", "A standard field, of which there may be any number")
    org.add_field(standard, "Call_Log__c")
    for number in range(201):
        org.create("Call_Log__c", {"Name": f"{number}"}, NOON + timedelta(seconds=number))
    queries = Queries(org)

    def first(fields: str) -> tuple[int, bool]:
        answer = queries.run(f"SELECT {fields} FROM Call_Log__c", "v66.0", everything=False)
        return len(answer["records"]), answer["done"]

    assert first("Id, Summary__c, Transcript__c") == (200, False)
    assert first("Id, Summary__c, Description, Name") == (201, True)


def test_a_records_type_and_names_are_spelled_as_in_the_schema(org: SalesforceOrg) -> None:
    [record] = records(org, "select ID, lastname from LEAD limit 1")
    assert record["attributes"]["type"] == "Lead"
    assert record.keys() == {"attributes", "Id", "LastName"}
