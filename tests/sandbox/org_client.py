"""A client of the stand-in org that knows no library of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from connector.sandbox.salesforce.app import SalesforceStandIn

DATA = "/services/data/v66.0"
KEY = "Apten_Call_Id__c"


class OrgClient:
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


def assume(client: OrgClient, **switches: Any) -> None:
    client.org.assumptions = replace(client.org.assumptions, **switches)
