"""sObject collections: up to 200 rows created, updated or upserted in one request, each answered for itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RequestError, RowError
from connector.sandbox.salesforce.rules import check

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.org import SalesforceOrg

MOST_ROWS = 200


@dataclass(slots=True)
class _Row:
    """One row on its way in. `task_id` is the record it changes; None creates one."""

    task_id: str | None
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def create(org: SalesforceOrg, body: Any, now: datetime) -> list[dict[str, Any]]:
    """`POST /composite/sobjects`."""
    return _save(org, [_checked(org, _Row(None), sent) for sent in _rows(body)], body, now)


def update(org: SalesforceOrg, body: Any, now: datetime) -> list[dict[str, Any]]:
    """`PATCH /composite/sobjects`: each row names its record by `id`."""
    rows = []
    for sent in _rows(body):
        name = str(sent.pop("id", sent.pop("Id", "")))
        task_id = ids.whole(name) if ids.is_id(name) else name
        row = _Row(task_id)
        task = org.tasks.get(task_id)
        if not ids.is_id(name):
            row.errors.append(RowError("MALFORMED_ID", f"Task ID: id value of incorrect type: {name}", ("Id",)))
        elif task is None:
            row.errors.append(RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))
        elif task["IsDeleted"]:
            row.errors.append(RowError("ENTITY_IS_DELETED", "entity is deleted"))
        rows.append(row if row.errors else _checked(org, row, sent))
    return _save(org, rows, body, now)


def upsert(org: SalesforceOrg, key_field: str, body: Any, now: datetime) -> list[dict[str, Any]]:
    """`PATCH /composite/sobjects/Task/<key_field>`: each row names its record by an external id."""
    key = org.fields.get(key_field)
    if key is None or not key.external_id:
        text = f"Provided external ID field does not exist or is not accessible: {key_field}"
        raise RequestError(org.assumptions.hidden_key_field_status, "NOT_FOUND", text)
    sent_rows = _rows(body)
    seen = Counter(sent.get(key_field) for sent in sent_rows)
    rows = []
    for sent in sent_rows:
        value = sent.get(key_field)
        row = _Row(None)
        if "id" in sent or "Id" in sent:
            raise RequestError(400, "INVALID_FIELD", "cannot specify Id in an upsert by external id")
        if not isinstance(value, str) or not value:
            row.errors.append(RowError("MISSING_ARGUMENT", f"{key_field} not specified", (key_field,)))
        elif seen[value] > 1:
            text = f"Duplicate external id specified: {value}"
            row.errors.append(RowError("DUPLICATE_VALUE", text, (key_field,)))
        else:
            _find(org, key, value, row)
        rows.append(row if row.errors else _checked(org, row, sent))
    return _save(org, rows, body, now, key)


def _find(org: SalesforceOrg, key: OrgField, value: str, row: _Row) -> None:
    """Settle which record an upserted row is for."""
    matches = [
        task_id
        for task_id in org.holders(key, value)
        if not org.tasks[task_id]["IsDeleted"]
        and (org.assumptions.upsert_matches_archived or not org.tasks[task_id]["IsArchived"])
    ]
    if len(matches) > 1:
        text = f"{key.name}: more than one record found for external id field: {matches}"
        row.errors.append(RowError("DUPLICATE_EXTERNAL_ID", text, (key.name,)))
    elif matches:
        row.task_id = matches[0]


def _rows(body: Any) -> list[dict[str, Any]]:
    """The records of a request, without their attributes."""
    rows = body.get("records") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RequestError(400, "JSON_PARSER_ERROR", "The records are missing or not a list of objects")
    if len(rows) > MOST_ROWS:
        text = f"record limit reached. cannot submit more than {MOST_ROWS} records into this call"
        raise RequestError(400, "EXCEEDED_ID_LIMIT", text)
    for row in rows:
        attributes = row.get("attributes")
        if not isinstance(attributes, dict) or "type" not in attributes:
            raise RequestError(400, "INVALID_INPUT", "Must provide the sObject type in attributes.type")
        if attributes["type"] != "Task":
            raise RequestError(400, "INVALID_TYPE", f"sObject type '{attributes['type']}' is not supported")
    return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]


def _checked(org: SalesforceOrg, row: _Row, sent: dict[str, Any]) -> _Row:
    task = org.tasks[row.task_id] if row.task_id else None
    row.values, row.errors = check(org, sent, task)
    return row


def _save(
    org: SalesforceOrg, rows: list[_Row], body: dict[str, Any], now: datetime, key: OrgField | None = None
) -> list[dict[str, Any]]:
    """Store the sound rows, or none of them if all must be."""
    _refuse_same_record_twice(rows)
    all_or_none = body.get("allOrNone") is True and any(row.errors or _clash(org, row) for row in rows)
    results = []
    for row in rows:
        errors = row.errors or _clash(org, row)
        if errors or all_or_none:
            errors = errors or [
                RowError(
                    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
                    "Record rolled back because not all records were valid and the request was using AllOrNone header",
                )
            ]
            results.append({"success": False, "errors": [error.as_json() for error in errors]})
            continue
        creating = row.task_id is None
        if row.task_id is None:
            row.task_id = org.create(row.values, now)
        else:
            org.update(row.task_id, row.values, now)
        result: dict[str, Any] = {"id": row.task_id, "success": True, "errors": []}
        results.append({**result, "created": creating} if key else result)
    return results


def _refuse_same_record_twice(rows: list[_Row]) -> None:
    times = Counter(row.task_id for row in rows if row.task_id)
    for row in rows:
        if row.task_id and times[row.task_id] > 1 and not row.errors:
            row.errors.append(RowError("DUPLICATE_VALUE", "duplicate id in list", ("Id",)))


def _clash(org: SalesforceOrg, row: _Row) -> list[RowError]:
    """A value that another record already holds in a unique field."""
    for unique in org.fields.values():
        value = row.values.get(unique.name) if unique.unique else None
        if value is None:
            continue
        for holder in org.holders(unique, value):
            gone = org.tasks[holder]["IsDeleted"] and not org.assumptions.deleted_rows_hold_their_key
            if holder != row.task_id and not gone:
                text = f"duplicate value found: {unique.name} duplicates value on record with id: {holder}"
                return [RowError("DUPLICATE_VALUE", text, (unique.name,))]
    return []
