"""The stand-in org answers as Salesforce's documents say, over HTTP."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import httpx
import pytest

from connector.sandbox.salesforce.fields import OrgField
from tests.sandbox.org_client import DATA, KEY, assume

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def test_a_token_is_had_with_the_client_in_the_header_or_in_the_body_and_not_with_a_wrong_secret(
    client: OrgClient,
) -> None:
    grant = {"grant_type": "client_credentials"}
    good = {"client_id": "sandbox-consumer-key", "client_secret": "sandbox-consumer-secret"}

    def ask(data: dict[str, str], basic: str = "") -> httpx.Response:
        encoded = base64.b64encode(basic.encode()).decode()
        headers = {"Host": "acme.my.salesforce.com", "Authorization": f"Basic {encoded}" if basic else ""}
        return client.http.post("/services/oauth2/token", data=data, headers=headers)

    for answer in (ask({**grant, **good}), ask(grant, "sandbox-consumer-key:sandbox-consumer-secret")):
        body = answer.json()
        assert body["instance_url"] == "https://acme.my.salesforce.com"
        usable = {"Authorization": f"Bearer {body['access_token']}"}
        assert client.http.get(f"{DATA}/limits/", headers=usable).status_code == 200
    refused = [
        ask({**grant, **good, "client_secret": "wrong"}),
        ask(grant, "sandbox-consumer-key:wrong"),
        ask({**grant, **good, "client_id": "wrong"}),
        ask({**good, "grant_type": "password"}),
        ask(grant),
    ]
    assert [(answer.status_code, answer.json()["error"]) for answer in refused] == [
        (401, "invalid_client"),
        (401, "invalid_client"),
        (400, "invalid_client_id"),
        (400, "unsupported_grant_type"),
        (400, "invalid_client_id"),
    ]


def test_sessions_end_when_told_to(client: OrgClient) -> None:
    client.stand_in.tokens.expire_all()
    answer = client.http.get(f"{DATA}/limits")
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_every_answer_counts_and_the_quota_ends(client: OrgClient) -> None:
    client.org.daily_requests = 2
    answers = [client.http.get(f"{DATA}/limits") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert [answer.headers["Sforce-Limit-Info"] for answer in answers] == [
        "api-usage=1/2",
        "api-usage=2/2",
        "api-usage=2/2",
    ]
    assert answers[1].json()["DailyApiRequests"] == {"Max": 2, "Remaining": 0}
    assert answers[2].json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert answers[0].headers["Date"] == "Mon, 15 Jun 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/services/data/v30.0/limits", 410, "UNSUPPORTED_API_VERSION"),
        ("/services/data/66/limits", 404, "NOT_FOUND"),
        ("/services/data/v66.0/sobjects/Nothing/describe", 404, "NOT_FOUND"),
        ("/services/data/v66.0/nothing", 404, "NOT_FOUND"),
        (f"/services/data/v66.0/query?q={'x' * 17_000}", 414, "URI_TOO_LONG"),
    ],
)
def test_paths_that_are_none(client: OrgClient, path: str, status: int, code: str) -> None:
    answer = client.http.get(path)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_describe_tells_fields_as_the_user_sees_them(client: OrgClient) -> None:
    fields = {field["name"]: field for field in client.http.get(f"{DATA}/sobjects/Task/describe").json()["fields"]}
    key = fields[KEY]
    assert (key["externalId"], key["unique"], key["caseSensitive"], key["length"], key["byteLength"]) == (
        True,
        True,
        True,
        255,
        765,
    )
    assert (fields["TaskSubtype"]["createable"], fields["TaskSubtype"]["updateable"]) == (True, False)
    client.org.access.hide_field(KEY)
    assert KEY not in client.http.get(f"{DATA}/sobjects/Task/describe").text


def test_rows_are_answered_for_themselves_in_order(client: OrgClient) -> None:
    first = client.upsert({KEY: "a"}, {KEY: "b", "CallType": "Sideways"}, {KEY: "c"})
    assert [(row["success"], row.get("created")) for row in first] == [(True, True), (False, None), (True, True)]
    again = client.upsert({KEY: "c", "Subject": "x"}, {KEY: "a"})
    assert [(row["id"], row["created"]) for row in again] == [(first[2]["id"], False), (first[0]["id"], False)]
    answer = client.save("PATCH", "/composite/sobjects", [{"id": first[0]["id"][:15], "Subject": "y"}, {"id": "x"}])
    assert answer.status_code == 200
    assert answer.json() == [
        {"id": first[0]["id"], "success": True, "errors": []},
        {
            "success": False,
            "errors": [
                {
                    "statusCode": "MALFORMED_ID",
                    "message": "Task ID: id value of incorrect type: x",
                    "fields": ["Id"],
                }
            ],
        },
    ]
    assert [(write.operation, write.fields.get("Subject")) for write in client.org.history] == [
        ("create", None),
        ("create", None),
        ("update", "x"),
        ("update", None),
        ("update", "y"),
    ]


def test_the_same_key_twice_refuses_each_of_them_and_nobody_else(client: OrgClient) -> None:
    results = client.upsert({KEY: "a"}, {KEY: "b"}, {KEY: "a"}, {KEY: ""}, {"Subject": "x"})
    codes = [row["errors"][0]["statusCode"] if row["errors"] else None for row in results]
    assert codes == ["DUPLICATE_VALUE", None, "DUPLICATE_VALUE", "MISSING_ARGUMENT", "MISSING_ARGUMENT"]
    [made] = client.org.tasks
    for _ in range(2):
        answer = client.save("PATCH", "/composite/sobjects", [{"id": made}, {"id": made}])
        assert [row["errors"][0]["statusCode"] for row in answer.json()] == ["DUPLICATE_VALUE"] * 2


def test_a_unique_key_is_unique_for_creates_and_updates_too(client: OrgClient) -> None:
    client.upsert({KEY: "a"}, {KEY: "b"})
    created = client.save("POST", "/composite/sobjects", [{KEY: "a"}, {KEY: "c"}]).json()
    assert [row["success"] for row in created] == [False, True]
    task = client.org.task_with_key("b")
    assert task is not None
    [moved] = client.save("PATCH", "/composite/sobjects", [{"id": task["Id"], KEY: "a"}]).json()
    assert moved["errors"][0]["statusCode"] == "DUPLICATE_VALUE"
    [freed] = client.save("PATCH", "/composite/sobjects", [{"id": task["Id"], KEY: "d"}]).json()
    assert freed["success"]
    assert client.upsert({KEY: "b"})[0]["created"]


def test_a_key_that_several_records_hold_is_ambiguous(client: OrgClient) -> None:
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True))
    answer = client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a"}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    client.org.access.permissions.add("ViewAllData")
    client.save("POST", "/composite/sobjects", [{KEY: "a"}, {KEY: "A"}])
    assert client.errors({}) == [("DUPLICATE_EXTERNAL_ID", [KEY])]


def test_all_or_none_rolls_the_innocent_back(client: OrgClient) -> None:
    results = client.upsert({KEY: "a"}, {KEY: "b", "Subject": "x" * 256}, allOrNone=True)
    assert [row["errors"][0]["statusCode"] for row in results] == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "STRING_TOO_LONG",
    ]
    assert client.org.tasks == {}
    assert [row["success"] for row in client.upsert({KEY: "a"}, {KEY: "b"}, allOrNone=True)] == [True, True]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "JSON_PARSER_ERROR"),
        (b"[]", "JSON_PARSER_ERROR"),
        (b'{"records":[1]}', "JSON_PARSER_ERROR"),
        (b'{"records":[{"Subject":"x"}]}', "INVALID_INPUT"),
        (b'{"records":[{"attributes":{"type":"Nothing"}}]}', "INVALID_TYPE"),
        (b'{"records":[{"attributes":{"type":"Lead"}}]}', "INVALID_INPUT"),
        (b'{"records":[{"attributes":{"type":"Task"},"id":"00T"}]}', "INVALID_FIELD"),
        (b'{"records":[' + b",".join([b'{"attributes":{"type":"Task"}}'] * 201) + b"]}", "EXCEEDED_ID_LIMIT"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_as_a_whole(client: OrgClient, body: bytes, code: str) -> None:
    answer = client.http.patch(f"{DATA}/composite/sobjects/Task/{KEY}", content=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_an_upsert_by_what_is_no_external_id_is_refused(client: OrgClient) -> None:
    answer = client.save("PATCH", "/composite/sobjects/Task/Subject", [{"Subject": "x"}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")
    assume(client, hidden_key_field_status=400)
    client.org.remove_field(KEY)
    assert client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a"}]).status_code == 400


def test_the_versions_there_are_are_told_to_everybody_the_resources_to_users(client: OrgClient) -> None:
    versions = httpx.get(f"{client.server.url}/services/data/").json()
    assert {"label": "v66", "url": "/services/data/v66.0", "version": "66.0"} in versions
    resources = client.send("GET", "/").json()
    assert resources["tooling"] == "/services/data/v66.0/tooling"
    assert resources["identity"].endswith(f"/id/{client.org.id}/{client.org.user_id}")
