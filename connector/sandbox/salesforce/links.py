"""What an org says about the records a row points to: whom an activity is with, what it is about, who owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RowError
from connector.sandbox.salesforce.standard.activities import ACTIVITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Table


def link_errors(
    org: SalesforceOrg, table: Table, values: Mapping[str, Any], record: Mapping[str, Any] | None
) -> Iterator[RowError]:
    """Errors of the ids among a row's values; `record` is the one it changes, if any."""
    if table.name in ACTIVITIES and (error := _lead_error(org, {**(record or {}), **values}, values)):
        yield error
        return
    for name, value in values.items():
        field = table.object.fields[name]
        if field.type == "reference" and value and ids.is_id(value) and (error := _error(org, field, value)):
            yield error


def _lead_error(org: SalesforceOrg, row: Mapping[str, Any], values: Mapping[str, Any]) -> RowError | None:
    """A Lead has no accounts or opportunities: what it is linked to cannot be linked to one besides."""
    together = str(row.get("WhoId")).startswith(ids.LEAD) and row.get("WhatId")
    if not together or values.keys().isdisjoint({"WhoId", "WhatId"}) or not org.assumptions.lead_excludes_related_to:
        return None
    return RowError("FIELD_INTEGRITY_EXCEPTION", "If WhoId refers to a Lead, WhatId must be blank", ("WhatId",))


def _error(org: SalesforceOrg, field: OrgField, value: str) -> RowError | None:
    table = org.table_of(value)
    if (table.name if table else None) not in field.references and set(field.references) <= org.tables.keys():
        text = f"{field.label}: id value of incorrect type: {value}"
        return RowError("FIELD_INTEGRITY_EXCEPTION", text, (field.name,))
    record = org.record(value)
    is_person = field.name == "WhoId"
    if record is None:
        code = org.assumptions.unknown_person_code if is_person else "INVALID_CROSS_REFERENCE_KEY"
        return RowError(code, "invalid cross reference id", (field.name,)) if org.people_must_exist else None
    if record.get("IsDeleted"):
        code = org.assumptions.deleted_person_code if is_person else "ENTITY_IS_DELETED"
        return RowError(code, "entity is deleted", (field.name,))
    if is_person and record.get("IsConverted") and org.assumptions.refuses_converted_lead:
        return RowError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", (field.name,))
    if field.name == "OwnerId" and record.get("IsActive") is False:
        text = f"operation performed with inactive user [{value[:15]}] as owner"
        return RowError("INACTIVE_OWNER_OR_USER", text, (field.name,))
    return None
