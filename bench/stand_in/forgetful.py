"""An org of any size that stores nothing: its contacts are computed, and tasks are taken and forgotten."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from bench.stand_in.world import number_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from connector.sandbox.salesforce.org import SalesforceOrg

_KEY = "Apten_Call_Id__c"
_PEOPLE = re.compile(r"SELECT (.+?) FROM Contact WHERE Id IN \((.+?)\)")


class Forgetful:
    """ASGI middleware before an org's stand-in: upserts of tasks and look-ups of contacts do not reach it."""

    def __init__(self, org: SalesforceOrg, app: ASGIApp) -> None:
        self._org = org
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let it through."""
        query = parse_qs(scope["query_string"].decode()).get("q", [""])[0]
        if scope["path"].rstrip("/").endswith(f"/composite/sobjects/Task/{_KEY}"):
            answer: Any = [_saved(row[_KEY]) for row in json.loads(await _body(receive))["records"]]
        elif asked := _PEOPLE.search(query):
            records = [_contact(record_id, asked[1].split(", ")) for record_id in re.findall(r"003\w{15}", asked[2])]
            answer = {"totalSize": len(records), "done": True, "records": records}
        else:
            await self._app(scope, receive, send)
            return
        self._org.requests_used += 1
        body = json.dumps(answer).encode()
        usage = f"api-usage={self._org.requests_used}/{self._org.daily_requests}"
        headers = [(b"content-type", b"application/json"), (b"sforce-limit-info", usage.encode())]
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})


def _saved(key: str) -> dict[str, Any]:
    return {"id": f"00T{number_of(key):012}AAA", "success": True, "created": True, "errors": []}


def _contact(record_id: str, columns: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(columns)
    return {**row, "Id": record_id, "IsDeleted": False, "MasterRecordId": None, "MasterRecord": None}


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
