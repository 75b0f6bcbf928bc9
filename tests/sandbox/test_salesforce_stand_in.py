"""The stand-in org answers as Salesforce's documents say, over HTTP."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.fields import OrgField
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.contracts.crm import at

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = "/services/data/v66.0"
KEY = "Apten_Call_Id__c"


class Client:
    """A logged-in HTTP client of a stand-in."""

    def __init__(self, stand_in: SalesforceStandIn, url: str) -> None:
        self.org = stand_in.org
        self.stand_in = stand_in
        self.http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {stand_in.tokens.issue()}"})

    def save(self, method: str, path: str, rows: list[dict[str, Any]], **options: Any) -> httpx.Response:
        """A collections request."""
        records = [{"attributes": {"type": "Task"}, **row} for row in rows]
        return self.http.request(method, DATA + path, json={"records": records, **options})

    def upsert(self, *rows: dict[str, Any], **options: Any) -> list[Any]:
        """Rows upserted by the call's key; the results."""
        return list(self.save("PATCH", f"/composite/sobjects/Task/{KEY}", list(rows), **options).json())

    def errors(self, row: dict[str, Any]) -> list[tuple[str, list[str]]]:
        """What is wrong with a row, as codes and fields."""
        [result] = self.upsert({KEY: "a", **row})
        return [(error["statusCode"], error["fields"]) for error in result["errors"]]

    def query(self, text: str, path: str = "/query") -> Any:
        """The answer to a query."""
        return self.http.get(f"{DATA}{path}", params={"q": text}).json()

    def codes(self, text: str) -> list[str]:
        """Error codes of a query that is refused."""
        return [error["errorCode"] for error in self.query(text)]


@pytest.fixture
def client() -> Iterator[Client]:
    stand_in = SalesforceStandIn(SalesforceOrg(), now=lambda: at(0))
    with LocalServer(stand_in.app) as server:
        made = Client(stand_in, server.url)
        yield made
        made.http.close()


def assume(client: Client, **switches: Any) -> None:
    client.org.assumptions = replace(client.org.assumptions, **switches)


def test_a_token_is_had_with_the_client_in_the_header_or_in_the_body_and_not_with_a_wrong_secret(
    client: Client,
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


def test_sessions_end_when_told_to(client: Client) -> None:
    client.stand_in.tokens.expire_all()
    answer = client.http.get(f"{DATA}/limits")
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_every_answer_counts_and_the_quota_ends(client: Client) -> None:
    client.org.daily_requests = 2
    answers = [client.http.get(f"{DATA}/limits") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert [answer.headers["Sforce-Limit-Info"] for answer in answers] == [
        "api-usage=1/2",
        "api-usage=2/2",
        "api-usage=2/2",
    ]
    assert answers[1].json() == {"DailyApiRequests": {"Max": 2, "Remaining": 0}}
    assert answers[2].json()[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"
    assert answers[0].headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT"


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
def test_paths_that_are_none(client: Client, path: str, status: int, code: str) -> None:
    answer = client.http.get(path)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_describe_tells_fields_as_the_user_sees_them(client: Client) -> None:
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
    client.org.hidden_fields.add(KEY)
    assert KEY not in client.http.get(f"{DATA}/sobjects/Task/describe").text


def test_rows_are_answered_for_themselves_in_order(client: Client) -> None:
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


def test_the_same_key_twice_refuses_each_of_them_and_nobody_else(client: Client) -> None:
    results = client.upsert({KEY: "a"}, {KEY: "b"}, {KEY: "a"}, {KEY: ""}, {"Subject": "x"})
    codes = [row["errors"][0]["statusCode"] if row["errors"] else None for row in results]
    assert codes == ["DUPLICATE_VALUE", None, "DUPLICATE_VALUE", "MISSING_ARGUMENT", "MISSING_ARGUMENT"]
    [made] = client.org.tasks
    for _ in range(2):
        answer = client.save("PATCH", "/composite/sobjects", [{"id": made}, {"id": made}])
        assert [row["errors"][0]["statusCode"] for row in answer.json()] == ["DUPLICATE_VALUE"] * 2


def test_a_unique_key_is_unique_for_creates_and_updates_too(client: Client) -> None:
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


def test_a_key_that_several_records_hold_is_ambiguous(client: Client) -> None:
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True))
    client.save("POST", "/composite/sobjects", [{KEY: "a"}, {KEY: "A"}])
    assert client.errors({}) == [("DUPLICATE_EXTERNAL_ID", [KEY])]


def test_all_or_none_rolls_the_innocent_back(client: Client) -> None:
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
        (b'{"records":[{"attributes":{"type":"Event"}}]}', "INVALID_TYPE"),
        (b'{"records":[{"attributes":{"type":"Task"},"id":"00T"}]}', "INVALID_FIELD"),
        (b'{"records":[' + b",".join([b'{"attributes":{"type":"Task"}}'] * 201) + b"]}", "EXCEEDED_ID_LIMIT"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_as_a_whole(client: Client, body: bytes, code: str) -> None:
    answer = client.http.patch(f"{DATA}/composite/sobjects/Task/{KEY}", content=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_an_upsert_by_what_is_no_external_id_is_refused(client: Client) -> None:
    answer = client.save("PATCH", "/composite/sobjects/Task/Subject", [{"Subject": "x"}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")
    assume(client, hidden_key_field_status=400)
    client.org.remove_field(KEY)
    assert client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a"}]).status_code == 400


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"Subject": "x" * 255, "Description": "y" * 32_000}, []),
        ({"Subject": "x" * 256}, [("STRING_TOO_LONG", ["Subject"])]),
        ({"Subject": "😀" * 128}, [("STRING_TOO_LONG", ["Subject"])]),
        ({"Subject": "  " + "x" * 255 + "\n"}, []),
        ({"Description": "y" * 32_001}, [("STRING_TOO_LONG", ["Description"])]),
        ({"CallType": "Sideways"}, [("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["CallType"])]),
        ({"Status": "Of our own making"}, []),
        ({"Status": "x" * 41}, [("STRING_TOO_LONG", ["Status"])]),
        ({"Status": None}, [("REQUIRED_FIELD_MISSING", ["Status"])]),
        ({"IsClosed": True, "CreatedDate": None}, [("INVALID_FIELD_FOR_INSERT_UPDATE", ["IsClosed", "CreatedDate"])]),
        ({"CallDurationInSeconds": 99_999_999}, []),
        ({"CallDurationInSeconds": 100_000_000}, [("NUMBER_OUTSIDE_VALID_RANGE", ["CallDurationInSeconds"])]),
        ({"WhoId": "not an id"}, [("MALFORMED_ID", ["WhoId"])]),
        ({"WhoId": "001Hs0000000001"}, [("FIELD_INTEGRITY_EXCEPTION", ["WhoId"])]),
        ({"WhoId": "003Hs0000000001"}, [("INVALID_CROSS_REFERENCE_KEY", ["WhoId"])]),
        ({"CallType": "x", "Subject": "x" * 256}, [
            ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["CallType"]),
            ("STRING_TOO_LONG", ["Subject"]),
        ]),
    ],
)  # fmt: skip
def test_rules_of_a_row(client: Client, row: dict[str, Any], errors: list[tuple[str, list[str]]]) -> None:
    assert client.errors(row) == errors
    assert bool(client.org.tasks) != bool(errors)


@pytest.mark.parametrize(
    "row",
    [
        {"ActivityDate": "2026-02-30"},
        {"ActivityDate": "2026-1-1"},
        {"ActivityDate": "20261101"},
        {"ActivityDate": "2026-11-01T00:00:00Z"},
        {"ActivityDate": 20261101},
        {"ReminderDateTime": "2026-11-01 10:00:00+00:00"},
        {"ReminderDateTime": "2026-11-01T10:00:00"},
        {"Subject": 7},
        {"Subject": ["x"]},
        {"CallDurationInSeconds": "60"},
        {"CallDurationInSeconds": 1.5},
        {"CallDurationInSeconds": True},
        {"IsReminderSet": "true"},
        {"Nothing__c": "x"},
    ],
)
def test_a_value_that_cannot_be_read_fails_the_request_or_by_assumption_its_row(
    client: Client, row: dict[str, Any]
) -> None:
    code = "INVALID_FIELD" if "Nothing__c" in row else "JSON_PARSER_ERROR"
    [name] = row
    answer = client.save("PATCH", f"/composite/sobjects/Task/{KEY}", [{KEY: "a", **row}, {KEY: "b"}])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert client.org.tasks == {}
    assume(client, unreadable_row_fails_request=False)
    assert client.errors(row) == [(code, [name])]


def test_what_is_stored_is_what_an_org_makes_of_it(client: Client) -> None:
    client.upsert(
        {
            KEY: "a",
            "Subject": " padded ",
            "Description": "one\ntwo\r\nthree",
            "CallObject": "  ",
            "Status": "Completed",
            "Priority": "High",
            "OwnerId": "005Hs0000000009",
            "ReminderDateTime": "2026-11-01T12:00:00.987+02:00",
        }
    )
    task = client.org.task_with_key("a")
    assert task is not None
    assert {name: task[name] for name in ("Subject", "Description", "CallObject", "OwnerId", "ReminderDateTime")} == {
        "Subject": "padded",
        "Description": "one\r\ntwo\r\nthree",
        "CallObject": None,
        "OwnerId": "005Hs0000000009IAA",
        "ReminderDateTime": "2026-11-01T10:00:00.000+0000",
    }
    assert (task["IsClosed"], task["IsHighPriority"]) == (True, True)
    assert task["CompletedDateTime"] == task["CreatedDate"] == "2026-11-20T12:00:00.000+0000"
    client.upsert({KEY: "a", "Status": "Not Started"})
    assert (task["IsClosed"], task["CompletedDateTime"], task["Priority"]) == (False, None, "High")


def test_defaults_fill_what_a_new_task_leaves_out(client: Client) -> None:
    client.upsert({KEY: "a"})
    task = client.org.task_with_key("a")
    assert task is not None
    assert (task["Status"], task["Priority"], task["IsClosed"], task["OwnerId"]) == (
        "Not Started",
        "Normal",
        False,
        client.org.user_id,
    )


def test_task_subtype_is_set_at_creation_and_never_after(client: Client) -> None:
    assert client.errors({"TaskSubtype": "Call"}) == []
    assert client.errors({"TaskSubtype": "Call"}) == [("INVALID_FIELD_FOR_INSERT_UPDATE", ["TaskSubtype"])]


def test_whom_a_task_may_point_to(client: Client) -> None:
    org = client.org
    lead, converted, contact = org.add_lead("Ann"), org.add_lead("Bob", converted=True), org.add_contact("Cy")
    assert client.errors({"WhoId": lead[:15]}) == []
    task = org.task_with_key("a")
    assert task is not None
    assert task["WhoId"] == lead
    assert client.errors({"WhatId": "001Hs0000000001"}) == [("FIELD_INTEGRITY_EXCEPTION", ["WhatId"])]
    assert client.errors({"WhoId": contact, "WhatId": "001Hs0000000001"}) == []
    assert client.errors({"WhoId": converted, "WhatId": None}) == [("CANNOT_UPDATE_CONVERTED_LEAD", ["WhoId"])]
    org.people[contact].deleted = True
    assert client.errors({"WhoId": contact}) == [("ENTITY_IS_DELETED", ["WhoId"])]
    org.people_must_exist = False
    assert client.errors({"WhoId": "003Hs0000000zzz"}) == []


def test_each_assumption_has_a_switch_that_matters(client: Client) -> None:
    client.upsert({KEY: "a", "TaskSubtype": "Call"}, {KEY: "gone"})
    held = client.org.task_with_key("a")
    gone = client.org.task_with_key("gone")
    assert held is not None
    assert gone is not None
    client.org.archive(held["Id"])
    client.org.delete(gone["Id"])
    lead = client.org.add_lead(converted=True)

    assert client.errors({}) == [("DUPLICATE_VALUE", [KEY])]
    assume(client, upsert_matches_archived=True)
    assert client.errors({}) == []
    assume(client, update_refuses_create_only=False)
    assert client.errors({"TaskSubtype": "Task"}) == []
    assert held["TaskSubtype"] == "Call"
    assume(client, deleted_rows_hold_their_key=True)
    assert client.upsert({KEY: "gone"})[0]["errors"][0]["statusCode"] == "DUPLICATE_VALUE"
    assume(client, deleted_rows_hold_their_key=False)
    assert client.upsert({KEY: "gone"})[0]["created"]
    assume(client, lengths_in_utf16=False)
    assert client.errors({"Subject": "😀" * 255}) == []
    lines = "\n".join(["x" * 99] * 320)
    assume(client, description_has_own_code=True)
    assert client.errors({"Description": lines}) == [("MAX_TASK_DESCRIPTION_EXCEEEDED", ["Description"])]
    assume(client, line_ends_count_twice=False)
    assert client.errors({"Description": lines}) == []
    assume(client, stores_windows_line_ends=False, trims_text=False, drops_milliseconds=False)
    kept = {"Description": " a\nb ", "ReminderDateTime": "2026-11-01T10:00:00.987+0000"}
    assert client.errors(kept) == []
    assert {name: held[name] for name in kept} == kept
    assume(client, refuses_converted_lead=False)
    assert client.errors({"WhoId": lead}) == []
    assume(client, lead_excludes_related_to=False)
    assert client.errors({"WhatId": "001Hs0000000001"}) == []
    assume(client, unknown_person_code="INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY")
    assert client.errors({"WhoId": "003Hs0000000zzz"})[0][0] == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    documented = Assumptions.__doc__ or ""
    assert all(f" {name}: " in documented for name in Assumptions.__dataclass_fields__)
