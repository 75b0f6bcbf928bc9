"""Every path the stand-in answers below `/services/data/vXX.X`, and what each request counts as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import limits, saves, searches, sobjects, sosl
from connector.sandbox.salesforce.answers import Reply, RequestError
from connector.sandbox.salesforce.deployments import Deployments
from connector.sandbox.salesforce.describe import describe, summary
from connector.sandbox.salesforce.rows import Kind, kind_of
from connector.sandbox.salesforce.tooling import Tooling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from starlette.requests import Request

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.queries import Queries


@dataclass(frozen=True, slots=True)
class Resource:
    """One path and method. `kind` is what its requests are counted as."""

    kind: str
    method: str
    path: str
    answer: Callable[[Request], Awaitable[Any]]


class Resources:
    """What an org answers.

    Args:
        org: the state behind it.
        queries: answers its queries.
        now: its clock.
    """

    def __init__(self, org: SalesforceOrg, queries: Queries, now: Callable[[], datetime]) -> None:
        self._org = org
        self._queries = queries
        self._now = now
        self._tooling = Tooling(org)
        self._deployments = Deployments(org, self._tooling)

    def all(self) -> list[Resource]:
        """All of them; the first that fits a request answers it."""
        one, keyed = "/sobjects/{object}/{id}", "/sobjects/{object}/{key}/{value:path}"
        many, custom_field, deployment = (
            "/composite/sobjects",
            "/tooling/sobjects/CustomField",
            "/metadata/deployRequest",
        )
        return [
            Resource("resources", "GET", "", self._resources),
            Resource("describe", "GET", "/sobjects", self._objects),
            Resource("describe", "GET", "/sobjects/{object}", self._object),
            Resource("describe", "GET", "/sobjects/{object}/describe", self._describe),
            Resource("create", "POST", "/sobjects/{object}", self._create_one),
            Resource("get", "GET", one, self._get),
            Resource("update", "PATCH", one, self._update_one),
            Resource("delete", "DELETE", one, self._delete_one),
            Resource("get", "GET", keyed, self._get_by_key),
            Resource("upsert", "PATCH", keyed, self._upsert_one),
            Resource("delete", "DELETE", keyed, self._delete_by_key),
            Resource("create", "POST", many, self._create),
            Resource("update", "PATCH", many, self._update),
            Resource("delete", "DELETE", many, self._delete),
            Resource("upsert", "PATCH", many + "/{object}/{key}", self._upsert),
            Resource("query", "GET", "/query", self._query),
            Resource("query", "GET", "/queryAll", self._query_all),
            Resource("query page", "GET", "/query/{cursor}", self._more),
            Resource("search", "GET", "/search", self._search),
            Resource("search", "GET", "/parameterizedSearch", self._search_by_url),
            Resource("search", "POST", "/parameterizedSearch", self._search_by_body),
            Resource("limits", "GET", "/limits", self._limits),
            Resource("tooling", "GET", "/tooling/query", self._tooling_query),
            Resource("tooling", "POST", custom_field, self._create_field),
            Resource("tooling", "GET", custom_field + "/{id}", self._get_field),
            Resource("tooling", "PATCH", custom_field + "/{id}", self._update_field),
            Resource("tooling", "DELETE", custom_field + "/{id}", self._delete_field),
            Resource("metadata", "POST", deployment, self._begin_deployment),
            Resource("metadata", "GET", deployment + "/{id}", self._look_at_deployment),
        ]

    # --- objects ---

    async def _resources(self, request: Request) -> Any:
        version = request.path_params["version"]
        identity = f"https://{request.headers['host']}/id/{self._org.id}/{self._org.user_id}"
        names = ("sobjects", "query", "queryAll", "search", "composite", "limits", "tooling", "metadata")
        return {**{name: f"/services/data/{version}/{name}" for name in names}, "identity": identity}

    async def _objects(self, _request: Request) -> Any:
        seen = [table for table in self._org.tables.values() if self._org.access.rights(table.name).read]
        shown = [summary(each.object, rights=self._org.access.rights(each.name)) for each in seen]
        return {"encoding": "UTF-8", "maxBatchSize": saves.MOST_ROWS, "sobjects": shown}

    async def _object(self, request: Request) -> Any:
        kind = self._kind(request)
        rights = self._org.access.rights(kind.table.name)
        return {"objectDescribe": summary(kind.table.object, rights=rights), "recentItems": []}

    async def _describe(self, request: Request) -> Any:
        kind = self._kind(request)
        types = (row for row in self._org.tables["RecordType"].rows.values() if row["SobjectType"] == kind.table.name)
        rights = self._org.access.rights(kind.table.name)
        return describe(kind.table.object, kind.fields.values(), rights=rights, record_types=types)

    # --- one record ---

    async def _get(self, request: Request) -> Any:
        wanted, version = request.query_params.get("fields"), request.path_params["version"]
        return sobjects.get(self._kind(request), request.path_params["id"], wanted, version)

    async def _create_one(self, request: Request) -> Reply:
        return await sobjects.create(self._org, self._kind(request), await _body(request), self._now())

    async def _update_one(self, request: Request) -> Reply:
        record_id = request.path_params["id"]
        return await sobjects.update(self._org, self._kind(request), record_id, await _body(request), self._now())

    async def _delete_one(self, request: Request) -> Reply:
        return sobjects.delete(self._org, self._kind(request), request.path_params["id"], self._now())

    async def _get_by_key(self, request: Request) -> Any:
        wanted, version = request.query_params.get("fields"), request.path_params["version"]
        return sobjects.get(self._kind(request), self._record_id(request), wanted, version)

    async def _upsert_one(self, request: Request) -> Reply:
        path = request.path_params
        return await sobjects.upsert(
            self._org,
            self._kind(request),
            (path["key"], path["value"]),
            await _body(request),
            self._now(),
            version=path["version"],
            update_only=request.query_params.get("updateOnly") == "true",
        )

    async def _delete_by_key(self, request: Request) -> Reply:
        return sobjects.delete(self._org, self._kind(request), self._record_id(request), self._now())

    def _record_id(self, request: Request) -> str:
        path = request.path_params
        return sobjects.record_named(self._org, self._kind(request), path["key"], path["value"], path["version"])

    # --- collections ---

    async def _create(self, request: Request) -> Any:
        return await saves.create(self._org, await _body(request), self._now())

    async def _update(self, request: Request) -> Any:
        return await saves.update(self._org, await _body(request), self._now())

    async def _upsert(self, request: Request) -> Any:
        kind, key = self._kind(request), request.path_params["key"]
        return await saves.upsert(self._org, kind, key, await _body(request), self._now())

    async def _delete(self, request: Request) -> Any:
        names = request.query_params.get("ids", "").split(",")
        all_or_none = request.query_params.get("allOrNone") == "true"
        return saves.delete(self._org, names, self._now(), all_or_none=all_or_none)

    # --- queries, searches, limits ---

    async def _query(self, request: Request) -> Any:
        return self._first_page(request, everything=False)

    async def _query_all(self, request: Request) -> Any:
        return self._first_page(request, everything=True)

    def _first_page(self, request: Request, *, everything: bool) -> Any:
        query = request.query_params.get("q", "")
        return self._queries.run(query, request.path_params["version"], everything=everything)

    async def _more(self, request: Request) -> Any:
        return self._queries.more(request.path_params["cursor"], request.path_params["version"])

    async def _search(self, request: Request) -> Any:
        return self._found(request, sosl.read(request.query_params.get("q", "")))

    async def _search_by_url(self, request: Request) -> Any:
        return self._found(request, searches.read_parameters(searches.from_url(request.query_params)))

    async def _search_by_body(self, request: Request) -> Any:
        return self._found(request, searches.read_parameters(await _body(request)))

    def _found(self, request: Request, search: sosl.Search) -> Any:
        return searches.run(self._org, search, request.path_params["version"], self._now())

    async def _limits(self, _request: Request) -> Any:
        return limits.limits(self._org)

    # --- tooling ---

    async def _tooling_query(self, request: Request) -> Any:
        return self._tooling.query(request.query_params.get("q", ""), request.path_params["version"])

    async def _create_field(self, request: Request) -> Reply:
        return self._tooling.create(await _body(request))

    async def _get_field(self, request: Request) -> Any:
        return self._tooling.get(request.path_params["id"])

    async def _update_field(self, request: Request) -> Reply:
        return self._tooling.update(request.path_params["id"], await _body(request))

    async def _delete_field(self, request: Request) -> Reply:
        return self._tooling.delete(request.path_params["id"])

    async def _begin_deployment(self, request: Request) -> Reply:
        return self._deployments.begin(request.headers.get("content-type", ""), await request.body())

    async def _look_at_deployment(self, request: Request) -> Any:
        return self._deployments.look(request.path_params["id"], self._now())

    def _kind(self, request: Request) -> Kind:
        kind = kind_of(self._org, request.path_params["object"])
        if kind is None:
            raise RequestError.not_found()
        return kind


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        raise RequestError(400, "JSON_PARSER_ERROR", "Unexpected character at [line:1, column:1]") from None
