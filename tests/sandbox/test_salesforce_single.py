"""One record at a time, by id or by key, with Salesforce's statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from connector.sandbox.salesforce.fields import OrgField
from tests.clock import NOON
from tests.sandbox.org_client import DATA, KEY, assume, refusal

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.org_client import OrgClient

BY_KEY = f"/sobjects/Task/{KEY}"


def upsert(client: OrgClient, key: str, row: dict[str, Any], query: str = "") -> httpx.Response:
    return client.send("PATCH", f"{BY_KEY}/{quote(key, safe='')}{query}", json=row)


def test_an_upsert_creates_with_201_and_updates_with_200(client: OrgClient) -> None:
    created, updated = upsert(client, "a", {"Subject": "x"}), upsert(client, "a", {"Subject": "y"})
    [(task_id, task)] = client.org.tasks.items()
    assert (created.status_code, updated.status_code) == (201, 200)
    assert created.json() == {"id": task_id, "success": True, "errors": [], "created": True}
    assert updated.json() == {"id": task_id, "success": True, "errors": [], "created": False}
    assert (task[KEY], task["Subject"]) == ("a", "y")


def test_by_assumption_an_update_has_no_body(client: OrgClient) -> None:
    assume(client, single_update_status=204)
    upsert(client, "a", {})
    updated = upsert(client, "a", {})
    assert (updated.status_code, updated.content) == (204, b"")


@pytest.mark.parametrize("key", ["it's", "a/b", "a b", "50%", "ä?&=#", "a/", "日本"])
def test_a_key_of_any_signs_stands_in_the_address(client: OrgClient, key: str) -> None:
    assert upsert(client, key, {}).status_code == 201
    assert [task[KEY] for task in client.org.tasks.values()] == [key]
    assert client.send("GET", f"{BY_KEY}/{quote(key, safe='')}").json()[KEY] == key


def test_a_key_that_several_hold_is_answered_with_all_their_addresses(client: OrgClient) -> None:
    client.org.access.permissions.add("ViewAllData")
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True))
    ids = [client.org.create("Task", {KEY: "a"}, NOON) for _ in range(2)]
    for answer in (upsert(client, "A", {"Subject": "x"}), client.send("GET", f"{BY_KEY}/a")):
        assert answer.status_code == 300
        assert answer.json() == [f"{DATA}/sobjects/Task/{each}" for each in ids]
    assert [task["Subject"] for task in client.org.tasks.values()] == [None, None]


def test_an_upsert_by_what_is_no_external_id_is_a_404(client: OrgClient) -> None:
    answer = client.send("PATCH", "/sobjects/Task/Namez/a", json={})
    assert answer.status_code == 404
    assert answer.json() == [
        {
            "errorCode": "NOT_FOUND",
            "message": "Provided external ID field does not exist or is not accessible: Namez",
        }
    ]


def test_an_upsert_by_a_field_that_is_not_unique_takes_the_right_to_view_all_data(client: OrgClient) -> None:
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True))
    assert refusal(upsert(client, "a", {})) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assume(client, non_unique_key_code="INVALID_FIELD")
    assert refusal(upsert(client, "a", {})) == (403, "INVALID_FIELD")
    client.org.access.permissions.add("ViewAllData")
    assert upsert(client, "a", {}).status_code == 201


def test_the_key_is_not_repeated_in_the_body(client: OrgClient) -> None:
    assert refusal(upsert(client, "a", {KEY: "a"})) == (400, "INVALID_FIELD")
    assume(client, key_in_body_refused=False)
    assert upsert(client, "a", {KEY: "b"}).status_code == 201
    assert [task[KEY] for task in client.org.tasks.values()] == ["a"]


def test_an_upsert_can_be_kept_from_creating(client: OrgClient) -> None:
    assert refusal(upsert(client, "a", {}, "?updateOnly=true")) == (404, "NOT_FOUND")
    upsert(client, "a", {})
    assert upsert(client, "a", {}, "?updateOnly=true").status_code == 200


def test_a_row_that_is_refused_is_told_in_the_dialect_of_requests(client: OrgClient) -> None:
    answer = client.send("POST", "/sobjects/Task/", json={"Subject": "x" * 256, "CallType": "x"})
    assert answer.status_code == 400
    assert [(error["errorCode"], error["fields"]) for error in answer.json()] == [
        ("STRING_TOO_LONG", ["Subject"]),
        ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["CallType"]),
    ]
    assert refusal(upsert(client, "a", {"CallType": "x"})) == (400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST")


def test_a_record_is_created_read_changed_and_deleted_by_its_id(client: OrgClient) -> None:
    created = client.send("POST", "/sobjects/Task", json={"attributes": {"type": "Task"}, "subject": "x"})
    task_id = created.json()["id"]
    assert (created.status_code, created.json()) == (201, {"id": task_id, "success": True, "errors": []})
    path = f"/sobjects/Task/{task_id[:15]}"
    assert client.send("PATCH", path, json={"Subject": "y"}).status_code == 204
    whole = client.send("GET", path).json()
    assert whole["attributes"] == {"type": "Task", "url": f"{DATA}/sobjects/Task/{task_id}"}
    assert whole.keys() == {"attributes", *client.fields()}
    assert client.send("GET", f"{path}?fields=subject,Id").json() == {
        "attributes": whole["attributes"],
        "Subject": "y",
        "Id": task_id,
    }
    assert refusal(client.send("GET", f"{path}?fields=Nothing__c")) == (400, "INVALID_FIELD")
    assert client.send("DELETE", path).status_code == 204
    gone = [client.send("GET", path), client.send("PATCH", path, json={}), client.send("DELETE", path)]
    assert [refusal(answer) for answer in gone] == [(404, "ENTITY_IS_DELETED")] * 3


@pytest.mark.parametrize(
    ("record_id", "code"),
    [
        ("00THs0000000zzz", "INVALID_CROSS_REFERENCE_KEY"),
        ("003Hs0000000zzz", "MALFORMED_ID"),
        ("nonsense", "MALFORMED_ID"),
    ],
)
def test_an_id_that_names_no_record_is_a_404(client: OrgClient, record_id: str, code: str) -> None:
    assert refusal(client.send("GET", f"/sobjects/Task/{record_id}")) == (404, code)


def test_a_record_is_read_and_deleted_by_its_key(client: OrgClient) -> None:
    upsert(client, "a", {"Subject": "x"})
    assert client.send("GET", f"{BY_KEY}/a").json()["Subject"] == "x"
    assert client.send("DELETE", f"{BY_KEY}/a").status_code == 204
    assert refusal(client.send("GET", f"{BY_KEY}/a")) == (404, "NOT_FOUND")
    assert client.org.task_with_key("a") is None


@pytest.mark.parametrize("body", [b"[]", b"1", b"{"])
def test_a_record_is_an_object(client: OrgClient, body: bytes) -> None:
    assert refusal(client.send("POST", "/sobjects/Task", content=body)) == (400, "JSON_PARSER_ERROR")


def test_people_are_held_to_the_rules_of_their_object(client: OrgClient) -> None:
    refused = client.send("POST", "/sobjects/Lead", json={"FirstName": "Ann", "Email": "nonsense"})
    assert {error["errorCode"] for error in refused.json()} == {"INVALID_EMAIL_ADDRESS", "REQUIRED_FIELD_MISSING"}
    made = client.send("POST", "/sobjects/Lead", json={"FirstName": "Ann", "LastName": "Lee", "Company": "Acme"})
    lead = client.org.people[made.json()["id"]]
    assert (lead["Name"], lead["Status"], lead["IsConverted"]) == ("Ann Lee", "Open - Not Contacted", False)
    assert refusal(client.send("POST", "/sobjects/User", json={})) == (400, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert refusal(client.send("POST", "/sobjects/Nothing", json={})) == (404, "NOT_FOUND")
