"""One record at a time: read, created, changed, upserted, deleted, by its id or by an external id."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.answers import Reply, RequestError
from connector.sandbox.salesforce.queries import attributes
from connector.sandbox.salesforce.rows import (
    Incoming,
    for_creation,
    for_key,
    for_record,
    found,
    key_field,
    matching,
    save,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.rows import Kind
    from connector.sandbox.salesforce.tables import Row


def get(kind: Kind, name: str, wanted: str | None, version: str) -> Row:
    """`GET /sobjects/<object>/<id>?fields=…`: all fields the user sees, or those named."""
    record_id = _found(kind, name)
    names = [kind.table.object.spelled(each.strip()) for each in wanted.split(",")] if wanted else list(kind.fields)
    for each in names:
        if each not in kind.fields:
            raise RequestError(400, "INVALID_FIELD", f"No such column '{each}' on sobject of type {kind.table.name}")
    row = kind.table.rows[record_id]
    return attributes(kind.table.name, row, version) | {each: row[each] for each in names}


def record_named(org: SalesforceOrg, kind: Kind, field: str, value: str, version: str) -> str:
    """The id of the record that holds a value in an external id field.

    Raises:
        RequestError: 404 if there is none, 300 with the addresses of all if there are several.
    """
    matches = matching(org, kind, key_field(org, kind, field, upserting=False), value)
    if not matches:
        raise RequestError.not_found()
    _refuse_several(matches, kind, version)
    return matches[0]


async def create(org: SalesforceOrg, kind: Kind, body: Any, now: datetime) -> Reply:
    """`POST /sobjects/<object>`: 201 with the new record's id."""
    row = for_creation(org, kind, _fields(body))
    await _save(org, row, now)
    return Reply(201, {"id": row.record_id, "success": True, "errors": []})


async def update(org: SalesforceOrg, kind: Kind, name: str, body: Any, now: datetime) -> Reply:
    """`PATCH /sobjects/<object>/<id>`: 204."""
    _found(kind, name)
    await _save(org, for_record(org, kind, name, _fields(body)), now)
    return Reply(204)


async def upsert(
    org: SalesforceOrg,
    kind: Kind,
    named: tuple[str, str],
    body: Any,
    now: datetime,
    *,
    version: str,
    update_only: bool,
) -> Reply:
    """`PATCH /sobjects/<object>/<key>/<value>`: 201 for a new record, 200 for a known one, 300 for several."""
    field, value = named
    key = key_field(org, kind, field, upserting=True)
    sent = _fields(body)
    if any(kind.table.object.spelled(name) == key.name for name in sent) and org.assumptions.key_in_body_refused:
        text = f"The {key.name} field should not be specified in the sobject data."
        raise RequestError(400, "INVALID_FIELD", text)
    matches = matching(org, kind, key, value)
    _refuse_several(matches, kind, version)
    if update_only and not matches:
        raise RequestError.not_found()
    row = for_key(org, kind, key, value, sent if matches else {**sent, key.name: value})
    await _save(org, row, now)
    if not row.created and org.assumptions.single_update_status == HTTPStatus.NO_CONTENT:
        return Reply(HTTPStatus.NO_CONTENT)
    status = HTTPStatus.CREATED if row.created else HTTPStatus.OK
    return Reply(status, {"id": row.record_id, "success": True, "errors": [], "created": row.created})


def delete(org: SalesforceOrg, kind: Kind, name: str, now: datetime) -> Reply:
    """`DELETE /sobjects/<object>/<id>`: 204."""
    record_id = _found(kind, name)
    if not org.access.rights(kind.table.name).delete:
        raise RequestError(403, org.assumptions.no_right_code, "insufficient access rights on object id")
    org.delete(record_id, now)
    return Reply(204)


def _found(kind: Kind, name: str) -> str:
    row = found(kind, name)
    if row.errors:
        raise RequestError.of_row(404, row.errors)
    return str(row.record_id)


def _fields(body: Any) -> Row:
    if not isinstance(body, dict):
        raise RequestError(400, "JSON_PARSER_ERROR", "The record is not an object")
    return {name: value for name, value in body.items() if name != "attributes"}


async def _save(org: SalesforceOrg, row: Incoming, now: datetime) -> None:
    await save(org, [row], now)
    if row.errors:
        raise RequestError.of_row(400, row.errors)


def _refuse_several(matches: Sequence[str], kind: Kind, version: str) -> None:
    if len(matches) > 1:
        path = f"/services/data/{version}/sobjects/{kind.table.name}/"
        raise RequestError.ambiguous([path + each for each in matches])
