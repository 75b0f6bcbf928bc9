from __future__ import annotations

from datetime import timedelta

import pytest

from connector.sandbox.salesforce import soql
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.fields import OrgField
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.salesforce.queries import Queries
from connector.sandbox.salesforce.tokens import Moment, Text
from tests.clock import NOON

KEY = "Apten_Call_Id__c"


@pytest.fixture
def org() -> SalesforceOrg:
    org = SalesforceOrg()
    for number in range(5):
        org.create(
            "Task",
            {KEY: f"Call-{number}", "Subject": f"Subject {number}", "CallDurationInSeconds": number},
            NOON + timedelta(seconds=number),
        )
    org.create("Task", {"Subject": "not ours"}, NOON)
    return org


def subjects(org: SalesforceOrg, rest: str, *, everything: bool = False) -> list[str]:
    query = f"SELECT Id, Subject FROM Task {rest}"
    answer = Queries(org).run(query, "v66.0", everything=everything)
    return [record["Subject"] for record in answer["records"]]


@pytest.mark.parametrize(
    ("rest", "numbers"),
    [
        (f"WHERE {KEY} = 'Call-1'", [1]),
        (f"WHERE {KEY} = 'call-1'", []),
        (f"WHERE {KEY} IN ('Call-3', 'Call-0', 'nobody')", [3, 0]),
        (f"WHERE {KEY} != null ORDER BY Id DESC LIMIT 2", [4, 3]),
        (f"WHERE {KEY} != NULL AND CallDurationInSeconds >= 3", [3, 4]),
        ("WHERE Subject = 'SUBJECT 2'", [2]),
        ("where Subject in ('subject 2') and IsDeleted = false order by CreatedDate asc limit 5", [2]),
        ("WHERE Subject NOT IN ('not ours', 'Subject 0', 'Subject 1') AND CallDurationInSeconds < 3", [2]),
        ("WHERE CreatedDate > 2026-06-15T12:00:02Z AND CallDurationInSeconds <= 3", [3]),
    ],
)
def test_conditions_hold_as_in_an_org(org: SalesforceOrg, rest: str, numbers: list[int]) -> None:
    assert subjects(org, rest) == [f"Subject {number}" for number in numbers]


def test_an_index_is_asked_only_for_what_must_hold(org: SalesforceOrg) -> None:
    first = next(iter(org.tasks))
    assert subjects(org, f"WHERE {KEY} = 'Call-1' OR Subject = 'not ours'") == ["Subject 1", "not ours"]
    assert subjects(org, f"WHERE Id = '{first}' OR {KEY} = 'Call-1'") == ["Subject 0", "Subject 1"]
    query = soql.read(f"SELECT Id FROM Task WHERE {KEY} = 'Call-1' AND (Subject = 'x' OR Subject = 'y') AND Id != null")
    assert [condition.field for condition in query.required] == [KEY, "Id"]


def test_a_key_that_ignores_case_is_found_in_any(org: SalesforceOrg) -> None:
    loose = SalesforceOrg()
    loose.add_field(OrgField(KEY, "string", length=255, external_id=True, unique=True))
    loose.create("Task", {KEY: "Call-1", "Subject": "one"}, NOON)
    assert subjects(loose, f"WHERE {KEY} IN ('CALL-1')") == ["one"]
    assert subjects(org, f"WHERE {KEY} IN ('CALL-1')") == []


def test_an_id_is_known_in_its_short_form_too(org: SalesforceOrg) -> None:
    task_id = next(iter(org.tasks))
    assert subjects(org, f"WHERE Id = '{task_id[:15]}'") == ["Subject 0"]
    assert len(subjects(org, f"WHERE Id > '{task_id}'")) == 5


def test_query_hides_what_query_all_shows(org: SalesforceOrg) -> None:
    first, second, *_ = org.tasks
    org.archive(first)
    org.delete(second)
    assert len(subjects(org, "")) == 4
    assert len(subjects(org, "", everything=True)) == 6
    assert len(subjects(org, "WHERE IsDeleted = false", everything=True)) == 5


def test_pages_follow_one_another_to_the_end(org: SalesforceOrg) -> None:
    queries = Queries(org, page=2)
    answer = queries.run("SELECT Subject FROM Task ORDER BY Id", "v66.0", everything=False)
    seen = answer["records"]
    while not answer["done"]:
        answer = queries.more(answer["nextRecordsUrl"].removeprefix("/services/data/v66.0/query/"), "v66.0")
        seen += answer["records"]
    assert [record["Subject"] for record in seen] == [task["Subject"] for task in org.tasks.values()]
    assert (answer["totalSize"], "nextRecordsUrl" in answer) == (6, False)
    for cursor in ("01gNobody-2", "", "x"):
        with pytest.raises(RequestError, match="INVALID_QUERY_LOCATOR"):
            queries.more(cursor, "v66.0")


def test_the_organization_is_one_record(org: SalesforceOrg) -> None:
    answer = Queries(org).run("SELECT Id FROM Organization", "v66.0", everything=False)
    assert [record["Id"] for record in answer["records"]] == [org.id]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MALFORMED_QUERY"),
        ("SELECT Id", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'open", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'it's'", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Task WHERE Subject = '\q'", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Task WHERE Subject = '\%'", "MALFORMED_QUERY"),
        (r"SELECT Id FROM Task WHERE Subject = '\u20'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = Subject", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject IN ()", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'a' OR Subject = 'b' AND IsClosed = true", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'a' AND NOT IsClosed = true", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE (Subject = 'a'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task WHERE Subject = 'a\nb'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task; DELETE", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task LIMIT x", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task LIMIT -1", "MALFORMED_QUERY"),
        ("SELECT Id FROM Task t", "MALFORMED_QUERY"),
        ("SELECT COUNT(), Id FROM Task", "MALFORMED_QUERY"),
        ("SELECT 'Id' FROM Task", "MALFORMED_QUERY"),
        ("x" * 100_001, "MALFORMED_QUERY"),
        ("SELECT Id FROM Nothing", "INVALID_TYPE"),
        ("SELECT Nothing__c FROM Task", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Nothing__c = 1", "INVALID_FIELD"),
        ("SELECT Id FROM Task ORDER BY Nothing__c", "INVALID_FIELD"),
        ("SELECT Nothing__c FROM Organization", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Description = 'a'", "INVALID_FIELD"),
    ],
)
def test_queries_an_org_refuses(org: SalesforceOrg, query: str, code: str) -> None:
    with pytest.raises(RequestError, match=code):
        Queries(org).run(query, "v66.0", everything=True)


def test_literals_are_read_as_written() -> None:
    query = soql.read(r"SELECT Id FROM Task WHERE A IN ('it\'s \\ \n \u00e9 é', 1, -2.5, TRUE, null, 2026-11-01)")
    [condition] = query.required
    text, *others = condition.values
    assert isinstance(text, Text)
    assert text.value == "it's \\ \n é é"
    assert others == [1, -2.5, True, None, Moment("2026-11-01")]
