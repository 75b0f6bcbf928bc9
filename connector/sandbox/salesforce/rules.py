"""The rules an org holds each row against: what may be set, what must be, and the verdict on every value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.answers import RequestError, RowError
from connector.sandbox.salesforce.grants import grant_errors
from connector.sandbox.salesforce.links import link_errors
from connector.sandbox.salesforce.values import stored, type_problem, value_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row, Table


def check(
    org: SalesforceOrg, table: Table, fields: Mapping[str, OrgField], sent: Row, record: Row | None
) -> tuple[Row, list[RowError]]:
    """A row as the org would store it, and everything wrong with it.

    Args:
        org: where.
        table: which object.
        fields: its fields as the user sees them.
        sent: the row.
        record: the one it changes, if any.

    Raises:
        RequestError: the row cannot be read, which an org says about the whole request.
    """
    values: Row = {}
    errors: list[RowError] = []
    unwritable: list[str] = []
    for sent_name, value in sent.items():
        name = table.object.spelled(sent_name)
        field = fields.get(name)
        if field is None:
            text = f"No such column '{sent_name}' on sobject of type {table.name}"
            _unreadable(org, errors, "INVALID_FIELD", text, name)
        elif not (field.updateable if record else field.createable):
            if record is None or not field.createable or org.assumptions.update_refuses_create_only:
                unwritable.append(name)
        elif value is None:
            values[name] = None
        elif (problem := type_problem(field, value)) is not None:
            _unreadable(org, errors, "JSON_PARSER_ERROR", problem, name)
        else:
            values[name] = stored(field, value, org.assumptions)
            error = value_error(field, values[name], org.assumptions)
            errors += [error] if error else []
    if unwritable:
        text = (
            f"Unable to create/update fields: {', '.join(unwritable)}. Please check the security settings of this "
            "field and verify that it is read/write for your profile or permission set."
        )
        errors.append(RowError("INVALID_FIELD_FOR_INSERT_UPDATE", text, tuple(unwritable)))
    # What is required is required of those, too, who may not see it.
    missing = tuple(
        field.name for field in table.object.fields.values() if _is_missing(field, values, creating=record is None)
    )
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        errors.append(RowError("REQUIRED_FIELD_MISSING", text, missing))
    errors += link_errors(org, table, values, record)
    return values, errors or grant_errors(org, table, values, record)


def _unreadable(org: SalesforceOrg, errors: list[RowError], code: str, message: str, name: str) -> None:
    if org.assumptions.unreadable_row_fails_request:
        raise RequestError(400, code, message)
    errors.append(RowError(code, message, (name,)))


def _is_missing(field: OrgField, values: Mapping[str, Any], *, creating: bool) -> bool:
    if field.nillable or not field.createable:
        return False
    if field.name in values:
        return values[field.name] is None
    return creating and not field.defaulted
