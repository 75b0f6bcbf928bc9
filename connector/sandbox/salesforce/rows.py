"""Rows on their way in: which record each is for, whether it may be saved, and the saving of those that may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RequestError, RowError
from connector.sandbox.salesforce.grants import after_creation
from connector.sandbox.salesforce.rules import check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row, Table

_OVER_LIMIT = RowError(
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    "CountCalls: execution of AfterInsert: System.LimitException: Too many SOQL queries: 101",
)
_ROLLED_BACK = RowError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """An object as the integration user sees it."""

    table: Table
    fields: Mapping[str, OrgField]


@dataclass(slots=True)
class Incoming:
    """One row on its way in. `record_id` is the record it changes; None creates one. Saved once `errors` is empty."""

    kind: Kind
    record_id: str | None = None
    values: Row = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    created: bool = False

    @property
    def locks(self) -> frozenset[str]:
        """What the save of this row locks: see `locks.py`."""
        known = self.kind.table.object.fields
        pointed = {str(value) for name, value in self.values.items() if known[name].type == "reference" and value}
        unique = {f"{name}={value}" for name, value in self.values.items() if known[name].unique and value}
        return frozenset(pointed | unique | ({self.record_id} if self.record_id else set()))


def kind_of(org: SalesforceOrg, name: str) -> Kind | None:
    """An object that the integration user may see; None for any other."""
    table = org.table(name)
    if table is None or not org.access.rights(table.name).read:
        return None
    return Kind(table, org.access.fields(table.name))


def for_creation(org: SalesforceOrg, kind: Kind, sent: Row) -> Incoming:
    """A row that makes a new record."""
    return _checked(org, Incoming(kind), sent)


def for_record(org: SalesforceOrg, kind: Kind, name: str, sent: Row) -> Incoming:
    """A row that changes the record with this id."""
    row = found(kind, name)
    return row if row.errors else _checked(org, row, sent)


def found(kind: Kind, name: str) -> Incoming:
    """A row without values, for the record with this id."""
    row = Incoming(kind, ids.whole(name) if ids.is_id(name) else name)
    record = kind.table.rows.get(row.record_id or "")
    if not ids.is_id(name) or not name.startswith(kind.table.object.key_prefix):
        text = f"{kind.table.object.label} ID: id value of incorrect type: {name}"
        row.errors.append(RowError("MALFORMED_ID", text, ("Id",)))
    elif record is None:
        row.errors.append(RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))
    elif record.get("IsDeleted"):
        row.errors.append(RowError("ENTITY_IS_DELETED", "entity is deleted"))
    return row


def for_key(org: SalesforceOrg, kind: Kind, key: OrgField, value: str, sent: Row) -> Incoming:
    """A row that changes the record which holds a value in its key field, or makes one."""
    row = Incoming(kind)
    matches = matching(org, kind, key, value)
    if len(matches) > 1:
        text = f"{key.name}: more than one record found for external id field: {matches}"
        row.errors.append(RowError("DUPLICATE_EXTERNAL_ID", text, (key.name,)))
        return row
    row.record_id = matches[0] if matches else None
    return _checked(org, row, sent)


def matching(org: SalesforceOrg, kind: Kind, key: OrgField, value: object) -> list[str]:
    """The records an upsert finds by a key: neither deleted ones nor, by assumption, archived ones."""
    rows = kind.table.rows
    return [
        record_id
        for record_id in kind.table.holders(key, value)
        if not rows[record_id].get("IsDeleted")
        and (org.assumptions.upsert_matches_archived or not rows[record_id].get("IsArchived"))
    ]


def key_field(org: SalesforceOrg, kind: Kind, name: str, *, upserting: bool) -> OrgField:
    """The field that a request names its records by.

    Raises:
        RequestError: there is no such external id, or the user may not upsert by it.
    """
    key = kind.fields.get(kind.table.object.spelled(name))
    if key is None or not key.external_id:
        text = f"Provided external ID field does not exist or is not accessible: {name}"
        raise RequestError(org.assumptions.hidden_key_field_status, "NOT_FOUND", text)
    if upserting and not key.unique and not org.access.may("ViewAllData"):
        text = f"upsert by {key.name} takes a unique field or the permission View All Data"
        raise RequestError(403, org.assumptions.non_unique_key_code, text)
    return key


def _checked(org: SalesforceOrg, row: Incoming, sent: Row) -> Incoming:
    table, rights = row.kind.table, org.access.rights(row.kind.table.name)
    if not table.object.writable or not (rights.edit if row.record_id else rights.create):
        text = f"insufficient access rights on {table.name}"
        row.errors.append(RowError(org.assumptions.no_right_code, text))
        return row
    record = table.rows[row.record_id] if row.record_id else None
    row.values, row.errors = check(org, table, row.kind.fields, sent, record)
    return row


async def save(org: SalesforceOrg, rows: Sequence[Incoming], now: datetime, *, all_or_none: bool = False) -> None:
    """Save the sound rows, or none of them if all must be; what is wrong with the others stands in their `errors`."""
    times = Counter(row.record_id for row in rows if row.record_id)
    for row in rows:
        if row.record_id and times[row.record_id] > 1 and not row.errors:
            row.errors.append(RowError("DUPLICATE_VALUE", "duplicate id in list", ("Id",)))
    sound = [row for row in rows if not row.errors]
    if org.trigger_takes is not None and len(sound) > org.trigger_takes:
        for row in sound:
            row.errors.append(_OVER_LIMIT)
        return
    async with org.locks.held([row.locks for row in sound]) as taken:
        for row, lock in zip(sound, taken, strict=True):
            row.errors += [_lock_error(org, lock)] if lock is not None else []
        await org.locks.last()
        if all_or_none and any(row.errors or _clash(org, row) for row in rows):
            for row in rows:
                row.errors = row.errors or _clash(org, row) or [_ROLLED_BACK]
            return
        for row in rows:
            row.errors = row.errors or _clash(org, row)
            if not row.errors:
                _store(org, row, now)


def _store(org: SalesforceOrg, row: Incoming, now: datetime) -> None:
    if row.record_id is not None:
        org.update(row.record_id, row.values, now)
        return
    row.record_id = org.create(row.kind.table.name, row.values, now)
    row.created = True
    after_creation(org, row.kind.table, row.record_id, now)


def _lock_error(org: SalesforceOrg, lock: str) -> RowError:
    code, text = "UNABLE_TO_LOCK_ROW", f"unable to obtain exclusive access to this record or 1 records: {lock}"
    if org.assumptions.lock_error_is_wrapped:
        return RowError(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"AfterTrigger: execution of AfterInsert: {code}, {text}"
        )
    return RowError(code, text)


def _clash(org: SalesforceOrg, row: Incoming) -> list[RowError]:
    """A value that another record already holds in a unique field."""
    table = row.kind.table
    for unique in table.object.fields.values():
        value = row.values.get(unique.name) if unique.unique else None
        if value is None:
            continue
        for holder in table.holders(unique, value):
            gone = table.rows[holder].get("IsDeleted") and not org.assumptions.deleted_rows_hold_their_key
            if holder != row.record_id and not gone:
                text = f"duplicate value found: {unique.name} duplicates value on record with id: {holder}"
                return [RowError("DUPLICATE_VALUE", text, (unique.name,))]
    return []
