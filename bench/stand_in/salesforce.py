"""The stand-in org of the sandbox, which forgets what it need not know, and Bulk 2.0, which the sandbox has not."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bench.stand_in.world import contact_id
from connector.sandbox.salesforce import saves
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.salesforce.rows import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.types import ASGIApp, Scope

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.history import Write

_DAILY_REQUESTS = 10_000_000
_VERSIONED = 3  # segments before the resource: services, data, vXX.X


class _NoHistory(list["Write"]):
    """Nobody reads it here, and it would hold every task twice."""

    def append(self, _write: Write, /) -> None:
        """Forget it."""


def stand_in(contacts: int) -> SalesforceStandIn:
    """An org with the contacts of so many leads of a world."""
    org = SalesforceOrg(daily_requests=_DAILY_REQUESTS)
    for lead in range(contacts):
        org.add_contact(f"No. {lead}", record_id=contact_id(lead))
    org.history = _NoHistory()
    return SalesforceStandIn(org, now=lambda: datetime.now(UTC))


def with_bulk(org: SalesforceOrg, app: ASGIApp) -> ASGIApp:
    """The application, and jobs of Bulk 2.0 that are done as soon as their data is there; real ones take longer."""
    jobs: dict[str, dict[str, Any]] = {}
    data: dict[str, bytes] = {}

    async def create(request: Request) -> Response:
        job = {"id": f"750{len(jobs):012}AAA", "state": "Open", "apiVersion": 66.0, **await request.json()}
        job |= {"contentUrl": f"services/data/v66.0/jobs/ingest/{job['id']}/batches", "numberRecordsFailed": 0}
        jobs[job["id"]] = job
        return JSONResponse(job)

    async def upload(request: Request) -> Response:
        data[request.path_params["id"]] = await request.body()
        return Response(status_code=201)

    async def close(request: Request) -> Response:
        job = jobs[request.path_params["id"]]
        count = await _load(org, job, data.pop(job["id"]))
        job |= {"state": "JobComplete", "numberRecordsProcessed": count}
        return JSONResponse(job)

    async def look(request: Request) -> Response:
        return JSONResponse(jobs[request.path_params["id"]])

    ingest = "/services/data/{version}/jobs/ingest"
    return Starlette(
        routes=[
            Route(ingest, create, methods=["POST"]),
            Route(ingest + "/{id}/batches", upload, methods=["PUT"]),
            Route(ingest + "/{id}", close, methods=["PATCH"]),
            Route(ingest + "/{id}", look, methods=["GET"]),
            Mount("/", app),
        ]
    )


async def _load(org: SalesforceOrg, job: Mapping[str, Any], text: bytes) -> int:
    kind = kind_of(org, job["object"])
    assert kind is not None
    rows = [
        {
            "attributes": {"type": job["object"]},
            **{name: _read(kind.fields[name], value) for name, value in row.items()},
        }
        for row in csv.DictReader(io.StringIO(text.decode(), newline=""))
    ]
    for start in range(0, len(rows), saves.MOST_ROWS):
        body = {"records": rows[start : start + saves.MOST_ROWS]}
        saved = await saves.upsert(org, kind, job["externalIdFieldName"], body, datetime.now(UTC))
        assert all(row["success"] for row in saved), json.dumps(saved[0])
    return len(rows)


def _read(field: OrgField, text: str) -> Any:
    if field.type in {"boolean", "int"} and text:
        return json.loads(text.lower())
    return text or None


def kind(scope: Scope) -> str:
    """What a request is counted as: its method, and the resource below the version."""
    path = [each for each in scope["path"].split("/") if each]
    if path[1:2] == ["oauth2"]:
        return "login"
    resource = path[_VERSIONED : _VERSIONED + 2]
    words = resource if resource[:1] in (["composite"], ["jobs"]) else resource[:1]
    what = "describe" if path[-1] == "describe" else "/".join(words)
    return f"{scope['method']} {what}"
