"""jsforce, which nobody here wrote, works with the stand-in as it works with Salesforce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce import by_hand
from tests.clock import NOON
from tests.node.process import NodeProcess
from tests.sandbox.org_client import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.org_client import OrgClient

pytestmark = pytest.mark.node


class Jsforce:
    """A connection of jsforce's, signed in to a stand-in."""

    def __init__(self, process: NodeProcess, client: OrgClient) -> None:
        self._process = process
        self.org = client.org
        self.server = client.server

    def sign_in(self, **changes: str) -> dict[str, Any]:
        return dict(
            self._process.ask(
                {
                    "connect": {
                        "loginUrl": self.server.url,
                        "clientId": "sandbox-consumer-key",
                        "clientSecret": "sandbox-consumer-secret",
                        "version": "66.0",
                        **changes,
                    }
                }
            )
        )

    def call(self, on: str | None, name: str, *args: object) -> Any:
        """The result of one call, which must succeed."""
        answer = self._process.ask({"on": on, "call": name, "args": args})
        assert "error" not in answer, answer
        self.limit_info = answer["limitInfo"]
        return answer.get("result")

    def error(self, on: str | None, name: str, *args: object) -> str:
        """The code of a call that must fail, else its message."""
        error = self._process.ask({"on": on, "call": name, "args": args})["error"]
        return str(error["code"] if error["code"] != "Error" else error["message"])


@pytest.fixture(scope="module")
def process() -> Iterator[NodeProcess]:
    with NodeProcess("jsforce.js") as process:
        yield process


@pytest.fixture
def jsforce(process: NodeProcess, client: OrgClient) -> Jsforce:
    jsforce = Jsforce(process, client)
    assert jsforce.sign_in() == {"accessToken": True}
    return jsforce


def rows(count: int, **fields: object) -> list[dict[str, object]]:
    return [{KEY: f"call-{number}", "Subject": f"Call {number}", **fields} for number in range(count)]


def test_it_does_not_sign_in_with_a_wrong_secret(jsforce: Jsforce) -> None:
    assert jsforce.sign_in(clientSecret="wrong")["error"]["code"] == "invalid_client"


@pytest.mark.parametrize("count", [2, 250])
def test_it_upserts_many_rows_and_then_the_same_again(jsforce: Jsforce, count: int) -> None:
    for created in (True, False):
        results = jsforce.call("Task", "upsert", rows(count), KEY, {"allowRecursive": True})
        assert [(row["success"], row["created"], row["errors"]) for row in results] == [(True, created, [])] * count
        assert [row["id"] for row in results] == list(jsforce.org.tasks)
    assert [task[KEY] for task in jsforce.org.tasks.values()] == [f"call-{number}" for number in range(count)]
    requests = -(-count // 200)
    assert jsforce.org.requests_by_kind == {"upsert": 2 * requests}
    assert jsforce.limit_info["apiUsage"] == {"used": 2 * requests, "limit": 15_000}


def test_more_rows_than_one_request_may_have_are_refused(jsforce: Jsforce) -> None:
    assert jsforce.error("Task", "upsert", rows(201), KEY) == "EXCEEDED_ID_LIMIT"


def test_it_tells_rows_that_were_refused_from_those_that_were_not(jsforce: Jsforce) -> None:
    good, bad = rows(2)
    [first, second] = jsforce.call("Task", "upsert", [good, {**bad, "CallType": "Sideways"}], KEY)
    assert first["success"]
    assert not second["success"]
    assert second["errors"][0]["statusCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert jsforce.error("Task", "upsert", {**bad, "CallType": "x"}, KEY) == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_it_upserts_one_row(jsforce: Jsforce) -> None:
    [row] = rows(1)
    made, changed = (jsforce.call("Task", "upsert", row, KEY) for _ in range(2))
    assert (made["created"], changed["created"], made["id"]) == (True, False, changed["id"])


def test_it_creates_reads_changes_and_deletes_one_or_many(jsforce: Jsforce) -> None:
    one = jsforce.call("Task", "create", {"Subject": "x"})["id"]
    many = [row["id"] for row in jsforce.call("Task", "create", [{"Subject": "y"}, {"Subject": "z"}])]
    assert jsforce.call("Task", "retrieve", one)["Subject"] == "x"
    assert jsforce.call("Task", "update", {"Id": one, "Subject": "new"})["success"]
    assert all(
        row["success"] for row in jsforce.call("Task", "update", [{"Id": each, "Subject": "n"} for each in many])
    )
    assert [task["Subject"] for task in jsforce.org.tasks.values()] == ["new", "n", "n"]
    assert jsforce.call("Task", "destroy", one)["success"]
    assert all(row["success"] for row in jsforce.call("Task", "destroy", many))
    assert all(task["IsDeleted"] for task in jsforce.org.tasks.values())
    assert jsforce.error("Task", "retrieve", one) == "ENTITY_IS_DELETED"


def test_it_queries_page_by_page(jsforce: Jsforce) -> None:
    for number in range(2_500):
        jsforce.org.create("Task", {KEY: f"call-{number}"}, NOON)
    first = jsforce.call(None, "query", f"SELECT {KEY} FROM Task ORDER BY Id")
    assert (first["totalSize"], first["done"], len(first["records"])) == (2_500, False, 2_000)
    rest = jsforce.call(None, "queryMore", first["nextRecordsUrl"])
    keys = [record[KEY] for record in first["records"] + rest["records"]]
    assert keys == [f"call-{number}" for number in range(2_500)]
    fetched = jsforce.call(None, "query", f"SELECT {KEY} FROM Task", {"autoFetch": True, "maxFetch": 5_000})
    assert len(fetched["records"]) == 2_500


def test_it_sees_deleted_records_only_when_it_asks_for_all(jsforce: Jsforce) -> None:
    lead = jsforce.org.add_lead("Ann", OwnerId=jsforce.org.add("Group", Name="Queue", Type="Queue"))
    by_hand.merge(jsforce.org, jsforce.org.add_lead("Anne"), lead, NOON)
    query = "SELECT Id, Owner.Name FROM Lead WHERE MasterRecordId != null"
    assert jsforce.call(None, "query", query)["totalSize"] == 0
    [record] = jsforce.call(None, "query", query, {"scanAll": True})["records"]
    assert record["Owner"]["Name"] == "Queue"


def test_its_own_queries_are_understood(jsforce: Jsforce) -> None:
    jsforce.org.add_contact("O'Neil", FirstName="Ann", Email="ann@example.com")
    found = jsforce.call("Contact", "find", {"LastName": "O'Neil", "Email": {"$like": "ann%"}}, ["Id", "Name"])
    assert [record["Name"] for record in found] == ["Ann O'Neil"]
    assert jsforce.call("Contact", "findOne", {"FirstName": {"$in": ["Ann", "Bo"]}}, "Name")["Name"] == "Ann O'Neil"
    assert jsforce.call("Contact", "count", {"LastName": {"$ne": None}}) == 1


def test_it_describes_and_searches_and_knows_the_limits(jsforce: Jsforce) -> None:
    fields = {field["name"]: field for field in jsforce.call("Task", "describe")["fields"]}
    assert (fields[KEY]["unique"], fields["TaskSubtype"]["updateable"]) == (True, False)
    assert "Lead" in [each["name"] for each in jsforce.call(None, "describeGlobal")["sobjects"]]
    jsforce.org.add_contact("Lee", Phone="202 555 0100")
    found = jsforce.call(None, "search", r"FIND {202\-555\-0100} IN PHONE FIELDS RETURNING Contact(LastName)")
    assert [record["LastName"] for record in found["searchRecords"]] == ["Lee"]
    assert jsforce.call(None, "limits")["DailyApiRequests"]["Max"] == 15_000


def test_it_makes_a_field_through_the_tooling_api(jsforce: Jsforce) -> None:
    metadata = {"type": "Text", "label": "Other", "length": 80, "externalId": True, "unique": True}
    made = jsforce.call("tooling:CustomField", "create", {"FullName": "Activity.Other__c", "Metadata": metadata})
    assert made["success"]
    assert jsforce.call("tooling:CustomField", "retrieve", made["id"])["FullName"] == "Activity.Other__c"
    assert "Other__c" not in [field["name"] for field in jsforce.call("Task", "describe")["fields"]]


def test_it_tells_a_session_that_ended_and_a_query_that_is_wrong(jsforce: Jsforce, client: OrgClient) -> None:
    assert jsforce.error(None, "query", "SELECT Nothing__c FROM Task") == "INVALID_FIELD"
    assert jsforce.error(None, "query", "SELECT Id FROM") == "MALFORMED_QUERY"
    client.stand_in.tokens.expire_all()
    # It knows the session for ended, and says what it lacks to renew it.
    assert "refresh token" in jsforce.error(None, "query", "SELECT Id FROM Task")
