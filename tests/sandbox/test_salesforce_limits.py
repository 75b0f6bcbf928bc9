"""Requests are counted, told on every answer, and refused when the day's are used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sandbox.org_client import KEY, assume, refusal

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def test_every_answer_tells_what_is_used_of_what_is_allowed(client: OrgClient) -> None:
    client.org.daily_requests = 100
    client.org.requests_used = 17
    answers = [
        client.send("GET", "/limits"),
        client.send("GET", "/query", params={"q": "nonsense"}),
        client.send("GET", "/nothing"),
        client.send("POST", "/sobjects/Task", json={"Subject": 1}),
        client.send("PATCH", f"/sobjects/Task/{KEY}/a", json={}),
    ]
    assert [answer.status_code for answer in answers] == [200, 400, 404, 400, 201]
    told = [answer.headers["Sforce-Limit-Info"] for answer in answers]
    assert told == [f"api-usage={used}/100" for used in (18, 19, 19, 20, 21)]
    client.stand_in.tokens.expire_all()
    assert client.send("GET", "/limits").headers["Sforce-Limit-Info"] == "api-usage=21/100"


def test_requests_are_counted_by_what_they_were_for(client: OrgClient) -> None:
    client.stand_in.queries.page = 1
    client.upsert({KEY: "a"}, {KEY: "b"})
    first = client.query("SELECT Id FROM Task")
    client.http.get(first["nextRecordsUrl"])
    client.send("GET", "/queryAll", params={"q": "SELECT Id FROM Task"})
    client.send("GET", "/sobjects/Task/describe")
    client.send("GET", "/search", params={"q": "FIND {Ann}"})
    client.send("GET", "/tooling/query", params={"q": "SELECT Id FROM CustomField"})
    client.send("GET", "/limits")
    [one, two] = client.org.tasks
    client.send("GET", f"/sobjects/Task/{one}")
    client.send("PATCH", f"/sobjects/Task/{one}", json={})
    client.send("DELETE", f"/sobjects/Task/{two}")
    client.save("POST", "/composite/sobjects", [{}])
    assert client.org.requests_by_kind == {
        "upsert": 1,
        "query": 2,
        "query page": 1,
        "describe": 1,
        "search": 1,
        "tooling": 1,
        "limits": 1,
        "get": 1,
        "update": 1,
        "delete": 1,
        "create": 1,
    }
    assert client.org.requests_by_kind.total() == client.org.requests_used


def test_a_quota_that_is_used_up_refuses_everything_and_changes_nothing(client: OrgClient) -> None:
    client.org.daily_requests = 1
    assert client.send("GET", "/limits").json()["DailyApiRequests"] == {"Max": 1, "Remaining": 0}
    refused = [client.save("POST", "/composite/sobjects", [{}]), client.send("GET", "/limits")]
    assert [refusal(answer) for answer in refused] == [(403, "REQUEST_LIMIT_EXCEEDED")] * 2
    assert client.org.tasks == {}
    client.org.requests_used = 0
    assert client.send("GET", "/limits").is_success


def test_a_collection_is_one_request_or_by_assumption_one_a_row(client: OrgClient) -> None:
    client.upsert(*({KEY: f"{number}"} for number in range(10)))
    assert client.org.requests_used == 1
    assume(client, collections_count_once=False)
    client.upsert(*({KEY: f"{number}"} for number in range(10)))
    assert client.org.requests_used == 11


def test_signing_in_is_not_counted(client: OrgClient) -> None:
    client.http.post("/services/oauth2/token", data={"grant_type": "client_credentials"})
    assert client.org.requests_used == 0
