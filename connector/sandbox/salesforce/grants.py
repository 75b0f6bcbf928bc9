"""What an org says about grants: permission sets, and the rows that say what is in them and who has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.sandbox.salesforce.answers import RowError
from connector.sandbox.salesforce.standard.activities import ACTIVITIES
from connector.sandbox.salesforce.standard.permissions import PERMISSIONS

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row, Table

# What there can be one of only, and which rights of an object rest on which other.
_UNIQUE = {
    "FieldPermissions": ("ParentId", "Field"),
    "ObjectPermissions": ("ParentId", "SobjectType"),
    "PermissionSetAssignment": ("AssigneeId", "PermissionSetId"),
}
_RESTS_ON = {
    "PermissionsCreate": "PermissionsRead",
    "PermissionsEdit": "PermissionsRead",
    "PermissionsDelete": "PermissionsEdit",
    "PermissionsViewAllRecords": "PermissionsRead",
    "PermissionsModifyAllRecords": "PermissionsDelete",
}


def grant_errors(org: SalesforceOrg, table: Table, values: Row, record: Row | None) -> list[RowError]:
    """What is wrong with a row that grants something; nothing is with any other."""
    row = {**(record or table.new_row("")), **values}
    error = None
    if table.name == "FieldPermissions":
        error = _field_error(org, row)
    elif table.name == "ObjectPermissions":
        error = _object_error(org, row)
    elif table.name == "PermissionSetAssignment":
        error = _licence_error(org, row)
    if error is None and record is None:
        error = _twice(table, row)
    return [error] if error else []


def after_creation(org: SalesforceOrg, table: Table, record_id: str, now: datetime) -> None:
    """Field permissions of Task's are Event's too, and the other way round."""
    row = table.rows[record_id]
    if table.name != "FieldPermissions" or row["SobjectType"] not in ACTIVITIES:
        return
    if org.assumptions.field_permissions_come_in_pairs:
        [twin] = set(ACTIVITIES) - {row["SobjectType"]}
        kept = {name: row[name] for name in ("ParentId", "PermissionsRead", "PermissionsEdit")}
        pair = {**kept, "SobjectType": twin, "Field": f"{twin}.{row['Field'].partition('.')[2]}"}
        if not _twice(table, pair):
            org.create(table.name, pair, now)


def _field_error(org: SalesforceOrg, row: Row) -> RowError | None:
    of, _, name = row["Field"].partition(".")
    known = org.tables[of].object.fields.get(name) if of in org.tables else None
    if of != row["SobjectType"] or known is None or not known.may_be_hidden:
        text = f"Field Name: bad value for restricted picklist field: {row['Field']}"
        return RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text, ("Field",))
    if row["PermissionsEdit"] and not row["PermissionsRead"]:
        return _rests_on("PermissionsEdit", "PermissionsRead")
    return None


def _object_error(org: SalesforceOrg, row: Row) -> RowError | None:
    its_object = org.tables[row["SobjectType"]].object if row["SobjectType"] in org.tables else None
    if its_object is None or its_object.name in ACTIVITIES or not its_object.layoutable:
        text = f"SObject Type Name: bad value for restricted picklist field: {row['SobjectType']}"
        return RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text, ("SobjectType",))
    lacking = (pair for pair in _RESTS_ON.items() if row[pair[0]] and not row[pair[1]])
    return next((_rests_on(*pair) for pair in lacking), None)


def _rests_on(right: str, other: str) -> RowError:
    text = f"Permission {right} depends on permission(s): {other}"
    return RowError("FIELD_INTEGRITY_EXCEPTION", text, (right,))


def _licence_error(org: SalesforceOrg, row: Row) -> RowError | None:
    """A permission set can hold what a user's licence does not allow; then it cannot be assigned."""
    granted = org.record(row["PermissionSetId"])
    allows = org.assumptions.licence_allows_edit_tasks
    if granted is None or allows or not granted[org.assumptions.edit_tasks_field]:
        return None
    text = (
        f"Can't assign permission set {granted['Label']} to user. The user license doesn't allow the permission: "
        f"{PERMISSIONS['EditTask']}"
    )
    return RowError("FIELD_INTEGRITY_EXCEPTION", text, ("PermissionSetId",))


def _twice(table: Table, row: Row) -> RowError | None:
    names = _UNIQUE.get(table.name, ())
    if names and any(all(each[name] == row[name] for name in names) for each in table.rows.values()):
        return RowError("DUPLICATE_VALUE", f"Duplicate {table.name}", names)
    return None
