"""simple-salesforce's own calls, none of which the adapter makes, work with the stand-in through the base URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.api import SFType
from simple_salesforce.exceptions import (
    SalesforceError,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from connector.crms.salesforce.transport import Transport, open_session
from connector.sandbox.salesforce.fields import OrgField
from tests.clock import NOON
from tests.sandbox.org_client import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.org_client import OrgClient

BY_KEY = f"{KEY}/a"


@pytest.fixture
def sf(client: OrgClient) -> Iterator[Client]:
    """A client that signed in with the client credentials flow."""
    session = open_session(Transport(timeout=20.0, base_url=client.server.url))
    yield Client(
        consumer_key="sandbox-consumer-key",
        consumer_secret="sandbox-consumer-secret",
        domain="acme.my",
        version="66.0",
        session=session,
        object_pairs_hook=dict,
    )
    session.close()


def records_of(sf: Client, name: str) -> SFType:
    found = getattr(sf, name)
    assert isinstance(found, SFType)
    return found


@pytest.fixture
def tasks(sf: Client) -> SFType:
    return records_of(sf, "Task")


def test_one_record_from_its_creation_to_its_end(client: OrgClient, tasks: SFType) -> None:
    made = tasks.create({"Subject": "x", KEY: "a"})
    assert (made["success"], made["errors"]) == (True, [])
    assert tasks.get(made["id"])["Subject"] == "x"
    assert tasks.get_by_custom_id(KEY, "a")["Id"] == made["id"]
    assert tasks.update(made["id"], {"Subject": "y"}) == 204
    assert client.org.tasks[made["id"]]["Subject"] == "y"
    assert tasks.delete(made["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        tasks.get(made["id"])


def test_an_upsert_is_told_by_its_status(client: OrgClient, tasks: SFType) -> None:
    assert [tasks.upsert(BY_KEY, {"Subject": subject}) for subject in "xy"] == [201, 200]
    assert [task["Subject"] for task in client.org.tasks.values()] == ["y"]
    with pytest.raises(SalesforceResourceNotFound):
        tasks.upsert("Namez/a", {})
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"):
        tasks.upsert(BY_KEY, {"CallType": "x"})
    client.org.access.permissions.add("ViewAllData")
    client.org.add_field(OrgField(KEY, "string", length=255, external_id=True))
    client.org.create("Task", {KEY: "a"}, NOON)
    with pytest.raises(SalesforceMoreThanOneRecord) as several:
        tasks.upsert(BY_KEY, {})
    addresses: Any = several.value.content
    assert len(addresses) == 2


def test_what_is_said_of_an_object(sf: Client, tasks: SFType) -> None:
    assert KEY in [field["name"] for field in tasks.describe()["fields"]]
    assert tasks.metadata()["objectDescribe"]["keyPrefix"] == "00T"
    described: Any = sf.describe()
    assert "Contact" in [each["name"] for each in described["sobjects"]]
    assert sf.is_sandbox()


def test_queries_follow_their_pages(client: OrgClient, sf: Client) -> None:
    made = [client.org.create("Task", {KEY: f"call-{number}"}, NOON) for number in range(2_100)]
    query = f"SELECT Id FROM Task WHERE {KEY} != null ORDER BY Id"
    assert [record["Id"] for record in sf.query_all(query)["records"]] == made
    client.org.delete(made[0], NOON)
    client.org.archive(made[1])
    assert len(list(sf.query_all_iter(query))) == 2_098
    assert [record["Id"] for record in sf.query_all_iter(query, include_deleted=True)] == made


def test_searches_limits_and_tooling(client: OrgClient, sf: Client) -> None:
    lead = client.org.add_lead("Lee", Phone="202 555 0100")
    assert [each["Id"] for each in sf.search("FIND {202 555} IN PHONE FIELDS")["searchRecords"]] == [lead]
    assert [each["Id"] for each in sf.quick_search("lee")["searchRecords"]] == [lead]
    assert sf.limits()["DailyApiRequests"]["Max"] == 15_000
    assert sf.api_usage["api-usage"].used == client.org.requests_used
    metadata = {"type": "Text", "label": "Other", "length": 80}
    made = sf.toolingexecute("sobjects/CustomField", "POST", {"FullName": "Activity.Other__c", "Metadata": metadata})
    assert made["success"]
    found: Any = sf.restful("tooling/query", {"q": "SELECT Id FROM CustomField WHERE DeveloperName = 'Other'"})
    assert found["records"][0]["Id"] == made["id"]
    grant = {"Name": "Apten", "Label": "Apten", "PermissionsEditTask": True}
    assert records_of(sf, "PermissionSet").create(grant)["success"]


def test_collections_and_requests_of_any_kind(client: OrgClient, sf: Client) -> None:
    rows = [{"attributes": {"type": "Task"}, KEY: f"call-{number}"} for number in range(200)]
    path = f"composite/sobjects/Task/{KEY}"
    results: Any = sf.restful(path, method="PATCH", json={"allOrNone": False, "records": rows})
    assert [row["created"] for row in results] == [True] * 200
    with pytest.raises(SalesforceMalformedRequest, match="EXCEEDED_ID_LIMIT"):
        sf.restful(path, method="PATCH", json={"records": [*rows, rows[0]]})
    with pytest.raises(SalesforceResourceNotFound):
        sf.restful("nothing")
    with pytest.raises(SalesforceMalformedRequest, match="MALFORMED_QUERY"):
        sf.query("SELECT")
    client.org.daily_requests = client.org.requests_used
    with pytest.raises(SalesforceRefusedRequest, match="REQUEST_LIMIT_EXCEEDED"):
        sf.limits()


def test_a_session_that_ends_is_told_as_such(client: OrgClient) -> None:
    session = open_session(Transport(timeout=20.0, base_url=client.server.url))
    token = client.stand_in.tokens.issue()
    given = Client(session_id=token, instance="acme.my.salesforce.com", version="66.0", session=session)
    assert given.limits()["DailyApiRequests"]["Remaining"] == 14_999
    client.stand_in.tokens.expire_all()
    with pytest.raises(SalesforceExpiredSession):
        given.restful("limits")
    session.close()


def test_a_wrong_secret_does_not_sign_in(client: OrgClient) -> None:
    session = open_session(Transport(timeout=20.0, base_url=client.server.url))
    with pytest.raises(SalesforceError, match="invalid_client"):
        Client(consumer_key="sandbox-consumer-key", consumer_secret="wrong", domain="acme.my", session=session)
    session.close()
