"""What a name in a query means: a field of the record, or one of a record it points to, under the user's eyes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.fields import OrgField, fields
from connector.sandbox.salesforce.rows import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row

    Step = Callable[[Row], tuple[str, Row] | None]

# What records of several objects have in common. Source: Salesforce's Object Reference, "Name".
_COMMON = {
    field.name: field
    for field in fields("""
        Id            id           Id          kept
        Name          string(255)  Name        kept
        Type          picklist(40)  Type       kept
        FirstName     string(40)   First Name  kept
        LastName      string(80)   Last Name   kept
        Email         email(80)    Email       kept
        Phone         phone(40)    Phone       kept
        Title         string(128)  Title       kept
        IsActive      boolean      Active      kept
        Username      string(80)   Username    kept
        Alias         string(8)    Alias       kept
        ProfileId     id           Profile ID  kept
        UserRoleId    id           Role ID     kept
        RecordTypeId  id           Record Type ID  kept
    """)
}


@dataclass(frozen=True, slots=True)
class Column:
    """One field as a query reaches it.

    Args:
        path: its name after those of the relationships that lead to it, all spelled as the schema spells them.
        field: what it is.
        steps: for each relationship, from a record to the one it points to: its object's name and itself, or None.
    """

    path: tuple[str, ...]
    field: OrgField
    steps: tuple[Step, ...] = ()

    def value(self, row: Row) -> Any:
        """What stands there, seen from a record; None also where the path leads nowhere."""
        for step in self.steps:
            found = step(row)
            if found is None:
                return None
            row = found[1]
        return row.get(self.field.name)


def column(org: SalesforceOrg, kind: Kind, name: str) -> Column:
    """The field that a name means, seen from records of this kind.

    Raises:
        RequestError: INVALID_FIELD.
    """
    relationship, dot, rest = name.partition(".")
    if not dot:
        field = _field(kind.fields, kind.table.object.spelled(name), kind.table.name)
        return Column((field.name,), field)
    if relationship.casefold() == kind.table.name.casefold():
        return column(org, kind, rest)
    reference = next((each for each in kind.fields.values() if _is_called(each, relationship)), None)
    pointed = kind_of(org, reference.references[0]) if reference else None
    if reference is None or pointed is None:
        text = (
            f"Didn't understand relationship '{relationship}' in field path. If you are attempting to use a custom "
            "relationship, be sure to append the '__r' after the custom relationship name."
        )
        raise RequestError(400, "INVALID_FIELD", text)
    inner = _common(rest) if reference.is_polymorphic else column(org, pointed, rest)
    return Column((str(reference.relationship), *inner.path), inner.field, (_step(org, reference), *inner.steps))


def _step(org: SalesforceOrg, reference: OrgField) -> Step:
    def follow(row: Row) -> tuple[str, Row] | None:
        if row.get("IsDeleted") and not org.assumptions.deleted_records_reach_others:
            return None
        record_id = row[reference.name]
        table, record = org.table_of(record_id or ""), org.record(record_id)
        if table is None or record is None:
            return None
        return table.name, {**record, "Type": table.name} if reference.is_polymorphic else record

    return follow


def _common(name: str) -> Column:
    """A field that records of several objects have in common."""
    spelled = next((each for each in _COMMON if each.casefold() == name.casefold()), name)
    field = _field(_COMMON, spelled, "Name")
    return Column((field.name,), field)


def _is_called(field: OrgField, relationship: str) -> bool:
    return field.relationship is not None and field.relationship.casefold() == relationship.casefold()


def _field(known: Mapping[str, OrgField], name: str, entity: str) -> OrgField:
    if name not in known:
        text = (
            f"No such column '{name}' on entity '{entity}'. If you are attempting to use a custom field, be sure to "
            "append the '__c' after the custom field name. Please reference your WSDL or the describe call for the "
            "appropriate names."
        )
        raise RequestError(400, "INVALID_FIELD", text)
    return known[name]
