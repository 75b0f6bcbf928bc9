"""sObject collections: up to 200 rows created, updated, upserted or deleted at once, each answered for itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.answers import RequestError, RowError
from connector.sandbox.salesforce.rows import (
    Incoming,
    for_creation,
    for_key,
    for_record,
    found,
    key_field,
    kind_of,
    save,
)

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.rows import Kind
    from connector.sandbox.salesforce.tables import Row

MOST_ROWS = 200


async def create(org: SalesforceOrg, body: Any, now: datetime) -> list[Row]:
    """`POST /composite/sobjects`."""
    rows = [for_creation(org, kind, sent) for kind, sent in _rows(org, body)]
    return await _saved(org, rows, now, body)


async def update(org: SalesforceOrg, body: Any, now: datetime) -> list[Row]:
    """`PATCH /composite/sobjects`: each row names its record by `id`."""
    rows = []
    for kind, sent in _rows(org, body):
        name = str(sent.pop("id", sent.pop("Id", "")))
        rows.append(for_record(org, kind, name, sent))
    return await _saved(org, rows, now, body)


async def upsert(org: SalesforceOrg, kind: Kind, key_name: str, body: Any, now: datetime) -> list[Row]:
    """`PATCH /composite/sobjects/<object>/<key>`: each row names its record by an external id."""
    key = key_field(org, kind, key_name, upserting=True)
    sent_rows = [sent for _, sent in _rows(org, body, kind)]
    times = Counter(_folded(sent.get(key_name), case_sensitive=key.case_sensitive) for sent in sent_rows)
    rows = []
    for sent in sent_rows:
        value = sent.get(key_name)
        if "id" in sent or "Id" in sent:
            raise RequestError(400, "INVALID_FIELD", "cannot specify Id in an upsert by external id")
        if not isinstance(value, str | int | float) or value == "":
            error = RowError("MISSING_ARGUMENT", f"{key_name} not specified", (key.name,))
            rows.append(Incoming(kind, errors=[error]))
        elif times[_folded(value, case_sensitive=key.case_sensitive)] > 1:
            error = RowError("DUPLICATE_VALUE", f"Duplicate external id specified: {value}", (key.name,))
            rows.append(Incoming(kind, errors=[error]))
        else:
            rows.append(for_key(org, kind, key, str(value), sent))
    results = await _saved(org, rows, now, body)
    for row, result in zip(rows, results, strict=True):
        if result["success"]:
            result["created"] = row.created
    return results


def delete(org: SalesforceOrg, names: list[str], now: datetime, *, all_or_none: bool) -> list[Row]:
    """`DELETE /composite/sobjects?ids=…`."""
    if len(names) > MOST_ROWS:
        raise _too_many()
    rows = []
    for name in names:
        table = org.table_of(name)
        kind = kind_of(org, table.name) if table else None
        if kind is None:
            raise RequestError.not_found()
        row = found(kind, name)
        if not org.access.rights(kind.table.name).delete:
            row.errors.append(RowError(org.assumptions.no_right_code, "insufficient access rights on object id"))
        rows.append(row)
    stop = all_or_none and any(row.errors for row in rows)
    for row in rows:
        if not row.errors and not stop and row.record_id:
            org.delete(row.record_id, now)
    return [_result(row) for row in rows]


async def _saved(org: SalesforceOrg, rows: list[Incoming], now: datetime, body: Any) -> list[Row]:
    if not org.assumptions.collections_count_once:
        org.requests_used += max(0, len(rows) - 1)
    await save(org, rows, now, all_or_none=body.get("allOrNone") is True)
    return [_result(row) for row in rows]


def _result(row: Incoming) -> Row:
    if row.errors:
        return {"success": False, "errors": [error.as_json() for error in row.errors]}
    return {"id": row.record_id, "success": True, "errors": []}


def _rows(org: SalesforceOrg, body: Any, only: Kind | None = None) -> list[tuple[Kind, Row]]:
    """The records of a request without their attributes, each with its object."""
    rows = body.get("records") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RequestError(400, "JSON_PARSER_ERROR", "The records are missing or not a list of objects")
    if len(rows) > MOST_ROWS:
        raise _too_many()
    kinds: dict[str, Kind] = {}
    read = []
    for row in rows:
        attributes = row.get("attributes")
        name = attributes.get("type") if isinstance(attributes, dict) else None
        if not isinstance(name, str):
            raise RequestError(400, "INVALID_INPUT", "Must provide the sObject type in attributes.type")
        kind = kinds.get(name) or kind_of(org, name)
        if kind is None:
            raise RequestError(400, "INVALID_TYPE", f"sObject type '{name}' is not supported")
        if only and kind.table is not only.table:
            raise RequestError(400, "INVALID_INPUT", f"All records must be of type {only.table.name}")
        kinds[name] = kind
        read.append((kind, {each: value for each, value in row.items() if each != "attributes"}))
    return read


def _too_many() -> RequestError:
    text = f"record limit reached. cannot submit more than {MOST_ROWS} records into this call"
    return RequestError(400, "EXCEEDED_ID_LIMIT", text)


def _folded(value: object, *, case_sensitive: bool) -> str:
    return str(value) if case_sensitive else str(value).casefold()
