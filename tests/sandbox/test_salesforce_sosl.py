"""Searches find words as Salesforce splits them, and refuse what is not escaped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce import searches, sosl
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.org import SalesforceOrg
from tests.clock import NOON
from tests.sandbox.org_client import refusal

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


@pytest.fixture
def org() -> SalesforceOrg:
    return populated(SalesforceOrg())


def populated(org: SalesforceOrg) -> SalesforceOrg:
    acme = org.add("Account", Name="Acme", Phone="+1 202 555 0100")
    ann: dict[str, Any] = {
        "FirstName": "Ann",
        "LastName": "Lee",
        "Phone": "(202) 555-0101",
        "MobilePhone": "+12025550102",
    }
    org.add("Contact", **ann, Email="ann.lee@example.com", AccountId=acme)
    org.add("Contact", FirstName="Anna", LastName="Lopez", Phone="2025550103", Description="Knows Ann")
    org.add_lead("Lee", FirstName="Bo", Phone="202.555.0101", Email="bo@example.org", Company="Beta")
    org.add_lead("Lee", FirstName="Old", Phone="202 555 0101", converted=True, Company="Beta")
    org.delete(org.add_lead("Lee", FirstName="Gone", Phone="202 555 0101", Company="Beta"))
    return org


def found(org: SalesforceOrg, text: str) -> list[str]:
    answer = searches.run(org, sosl.read(text), "v66.0", NOON)
    return [each.get("Name", each["attributes"]["type"]) for each in answer["searchRecords"]]


BOTH = "RETURNING Contact(Name), Lead(Name)"


@pytest.mark.parametrize(
    ("search", "names"),
    [
        (f"FIND {{202 555 0101}} IN PHONE FIELDS {BOTH}", ["Ann Lee", "Bo Lee", "Old Lee"]),
        (rf"FIND {{\(202\) 555\-0101}} IN PHONE FIELDS {BOTH}", ["Ann Lee", "Bo Lee", "Old Lee"]),
        (f'FIND {{"202 555 0101"}} IN PHONE FIELDS {BOTH}', ["Ann Lee", "Bo Lee", "Old Lee"]),
        (f"FIND {{2025550101}} IN PHONE FIELDS {BOTH}", []),
        (rf"FIND {{\+12025550102}} IN PHONE FIELDS {BOTH}", ["Ann Lee"]),
        (f"FIND {{2025550103 OR 12025550102}} IN PHONE FIELDS {BOTH}", ["Ann Lee", "Anna Lopez"]),
        (f"FIND {{202*}} IN PHONE FIELDS {BOTH}", ["Ann Lee", "Anna Lopez", "Bo Lee", "Old Lee"]),
        (f"FIND {{202555010?}} IN PHONE FIELDS {BOTH}", ["Anna Lopez"]),
        (f"FIND {{ann.lee@example.com}} IN EMAIL FIELDS {BOTH}", ["Ann Lee"]),
        (f"FIND {{example.org}} IN EMAIL FIELDS {BOTH}", ["Bo Lee"]),
        (f"FIND {{ann}} {BOTH}", ["Ann Lee", "Anna Lopez"]),
        (f"FIND {{ann}} IN NAME FIELDS {BOTH}", ["Ann Lee"]),
        (f"FIND {{ANN AND lee}} IN ALL FIELDS {BOTH}", ["Ann Lee"]),
        (f"FIND {{lee AND NOT (bo OR old)}} {BOTH}", ["Ann Lee"]),
        (f"FIND {{lee and not bo AND NOT old}} {BOTH}", ["Ann Lee"]),
        (f'FIND {{"or" OR lopez}} {BOTH}', ["Anna Lopez"]),
        (f"FIND {{beta}} IN NAME FIELDS {BOTH}", ["Bo Lee", "Old Lee"]),
        (f"FIND {{l*z}} IN NAME FIELDS {BOTH}", ["Anna Lopez"]),
        ("find {lee} returning Lead(Name where IsConverted = false)", ["Bo Lee"]),
        ("FIND {lee} RETURNING Lead(Name ORDER BY FirstName DESC LIMIT 1), Contact(Name)", ["Old Lee", "Ann Lee"]),
        (f"FIND {{lee}} {BOTH} LIMIT 2", ["Ann Lee", "Bo Lee"]),
        ("FIND {acme}", ["Account"]),
        ("FIND {lee} RETURNING Contact", ["Contact"]),
        (f"FIND {{0101}} IN EMAIL FIELDS {BOTH}", []),
    ],
)
def test_words_are_found_where_they_are_sought(org: SalesforceOrg, search: str, names: list[str]) -> None:
    assert found(org, search) == names


@pytest.mark.parametrize(
    "search",
    [
        "",
        "FIND Ann",
        "FIND {Ann",
        "FIND {}",
        "FIND {a}",
        "FIND {(202) 555-0101}",
        "FIND {+12025550102}",
        "FIND {ann:lee}",
        "FIND {ann OR}",
        "FIND {*ann}",
        "FIND {?nn}",
        "FIND {AND ann}",
        "FIND {(ann}",
        "FIND {ann)}",
        'FIND {"ann}',
        "FIND {ann} IN SHOE FIELDS",
        "FIND {ann} IN PHONE",
        "FIND {ann} RETURNING",
        "FIND {ann} RETURNING Lead(",
        "FIND {ann} RETURNING Lead(Id WHERE)",
        "FIND {ann} LIMIT x",
        "FIND {ann} now",
    ],
)
def test_a_search_that_cannot_be_read_is_malformed(org: SalesforceOrg, search: str) -> None:
    with pytest.raises(RequestError, match="MALFORMED_SEARCH"):
        found(org, search)


def test_a_long_search_loses_its_operators_and_a_longer_one_finds_nothing(org: SalesforceOrg) -> None:
    def others(number: int) -> str:
        return " AND ".join(f"other{each:04}" for each in range(number))

    assert len(others(200)) < 4_000 < len(others(300)) < 10_000 < len(others(800))
    assert found(org, f"FIND {{bo AND {others(200)}}} {BOTH}") == []
    assert found(org, f"FIND {{bo AND {others(300)}}} {BOTH}") == ["Bo Lee"]
    assert found(org, f"FIND {{bo OR {others(800)}}} {BOTH}") == []


def test_what_cannot_be_seen_cannot_be_found(org: SalesforceOrg) -> None:
    org.access.hide_field("MobilePhone", "Contact")
    assert found(org, "FIND {12025550102} RETURNING Contact(Name)") == []
    for search, code in (
        ("FIND {ann} RETURNING Contact(MobilePhone)", "INVALID_FIELD"),
        ("FIND {ann} RETURNING User(Id)", "INVALID_TYPE"),
        ("FIND {ann} RETURNING Nothing(Id)", "INVALID_TYPE"),
    ):
        with pytest.raises(RequestError, match=code):
            found(org, search)


def test_by_assumption_a_phone_is_found_by_its_last_digits_however_it_is_punctuated(org: SalesforceOrg) -> None:
    org.assumptions = replace(org.assumptions, phone_search_ignores_punctuation=True)
    search = f"FIND {{5550101}} IN PHONE FIELDS {BOTH}"
    assert found(org, search) == ["Ann Lee", "Bo Lee", "Old Lee"]
    assert found(org, f"FIND {{2025550101}} IN PHONE FIELDS {BOTH}") == ["Ann Lee", "Bo Lee", "Old Lee"]


def test_by_assumption_the_index_follows_behind(org: SalesforceOrg) -> None:
    org.assumptions = replace(org.assumptions, search_lag_seconds=60)
    org.add_contact("Newcomer", at=NOON - timedelta(seconds=59))
    org.add_contact("Newcomer", FirstName="Earlier", at=NOON - timedelta(seconds=60))
    assert found(org, f"FIND {{newcomer}} {BOTH}") == ["Earlier Newcomer"]


def asked(client: OrgClient, **parameters: Any) -> list[str]:
    """Names found by a parameterized search whose parameters are in the body."""
    answer = client.send("POST", "/parameterizedSearch", json=parameters)
    return [each["Name"] for each in answer.json()["searchRecords"]]


def test_searches_over_http(client: OrgClient) -> None:
    populated(client.org)
    answer = client.send(
        "GET", "/search/", params={"q": "FIND {202 555 0101} IN PHONE FIELDS RETURNING Contact(Phone)"}
    )
    [record] = answer.json()["searchRecords"]
    assert (record["attributes"]["type"], record["Phone"]) == ("Contact", "(202) 555-0101")
    assert refusal(client.send("GET", "/search", params={"q": "nonsense"})) == (400, "MALFORMED_SEARCH")


def test_a_parameterized_search_takes_its_words_as_they_are(client: OrgClient) -> None:
    populated(client.org)
    both = [{"name": "Contact"}, {"name": "Lead", "fields": ["Name"], "where": "IsConverted = false", "limit": 1}]
    assert asked(client, q="(202) 555-0101", **{"in": "PHONE"}, fields=["Name"], sobjects=both) == ["Ann Lee", "Bo Lee"]
    assert asked(client, q="lee", fields=["Name"], sobjects=both, overallLimit=1) == ["Ann Lee"]
    by_address = client.send(
        "GET",
        "/parameterizedSearch",
        params={"q": "lee", "sobject": "Lead", "Lead.fields": "Name", "Lead.where": "IsConverted = true"},
    )
    assert [each["Name"] for each in by_address.json()["searchRecords"]] == ["Old Lee"]


@pytest.mark.parametrize("body", [{}, [], {"q": 1}, {"q": "ann", "in": "SHOE"}, {"q": "ann", "sobjects": [{}]}])
def test_a_parameterized_search_that_cannot_be_read(client: OrgClient, body: object) -> None:
    assert refusal(client.send("POST", "/parameterizedSearch", json=body)) == (400, "INVALID_INPUT")
