"""A client of the stand-in org that knows no library of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from connector.sandbox.salesforce.app import SalesforceStandIn
    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.server import LocalServer

DATA = "/services/data/v66.0"
KEY = "Apten_Call_Id__c"


class OrgClient:
    """A logged-in HTTP client of a stand-in."""

    def __init__(self, stand_in: SalesforceStandIn, server: LocalServer) -> None:
        self.org = stand_in.org
        self.stand_in = stand_in
        self.server = server
        headers = {"Authorization": f"Bearer {stand_in.tokens.issue()}"}
        self.http = httpx.Client(base_url=server.url, headers=headers)

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

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request below the version."""
        return self.http.request(method, DATA + path, **options)

    def fields(self, name: str = "Task") -> dict[str, Any]:
        """An object's fields by name, as described."""
        return {field["name"]: field for field in self.send("GET", f"/sobjects/{name}/describe").json()["fields"]}

    def query(self, text: str, path: str = "/query") -> Any:
        """The answer to a query."""
        return self.http.get(f"{DATA}{path}", params={"q": text}).json()


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and first code of a request that is refused as a whole."""
    return answer.status_code, answer.json()[0]["errorCode"]


def assume(client: OrgClient, **switches: Any) -> None:
    assume_of(client.org, **switches)


def assume_of(org: SalesforceOrg, **switches: Any) -> None:
    """The org behaves otherwise from now on."""
    org.assumptions = replace(org.assumptions, **switches)
