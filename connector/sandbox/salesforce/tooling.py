"""The Tooling API's CustomField: making a field, looking it up, changing and deleting it.

Source: Salesforce's Tooling API ("CustomField") and Metadata API ("CustomField"). A new field has no field-level
security: nobody sees it until a permission set grants it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.answers import Reply, RequestError
from connector.sandbox.salesforce.fields import LONGEST_TEXT_AREA, OrgField, fields
from connector.sandbox.salesforce.ids import Ids
from connector.sandbox.salesforce.objects import OrgObject, named
from connector.sandbox.salesforce.queries import Queries
from connector.sandbox.salesforce.standard.activities import ACTIVITIES
from connector.sandbox.salesforce.tables import Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sandbox.salesforce.org import SalesforceOrg

_NAME = re.compile(r"(?P<of>\w+)\.(?P<name>[A-Za-z](?:_?[A-Za-z0-9])*)__c")
_LONGEST_NAME = 40
_LONGEST_LONG_TEXT = 131_072
_MOST_DIGITS = 18

_CUSTOM_FIELD = fields("""
    Id               id            Custom Field ID        kept, defaulted
    TableEnumOrId    picklist(40)  Entity Enumeration Or ID  required, create-only
    DeveloperName    string(80)    Master Label           required
    NamespacePrefix  string(15)    Namespace Prefix       kept
    FullName         string(255)   Full Name              required, unfiltered
    Metadata         address       Metadata               unfiltered
""")


class Tooling:
    """The custom fields that were made through the Tooling API, and the making of more."""

    def __init__(self, org: SalesforceOrg) -> None:
        self._org = org
        self._ids = Ids()
        custom_field = OrgObject("CustomField", "00N", "Custom Field", "Custom Fields", named(_CUSTOM_FIELD))
        automation = {name: org.tables[name] for name in ("ValidationRule", "ApexTrigger")}
        self._tables = {"CustomField": Table(custom_field), **automation}
        self._object_ids: dict[str, str] = {}
        self._queries = Queries(org, tables=self._tables)

    def create(self, body: Any) -> Reply:
        """`POST /tooling/sobjects/CustomField`."""
        self._admit()
        full_name, metadata = _parts(body)
        match = _NAME.fullmatch(full_name)
        if match is None or len(match["name"]) > _LONGEST_NAME:
            raise _refusal("FIELD_INTEGRITY_EXCEPTION", "The Custom Field Name is not valid.", "FullName")
        of, name = self._owner(match["of"]), f"{match['name']}__c"
        if name in self._org.tables[of].object.fields:
            text = f"There is already a field named {match['name']} on {match['of']}."
            raise _refusal(self._org.assumptions.field_exists_code, text, "DeveloperName")
        self._put(of, _field(name, metadata), hide=not metadata.get("required"))
        record_id = self._insert(full_name, of, name, metadata)
        return Reply(201, {"id": record_id, "success": True, "errors": [], "warnings": [], "infos": []})

    def update(self, record_id: str, body: Any) -> Reply:
        """`PATCH /tooling/sobjects/CustomField/<id>`."""
        self._admit()
        row = self._row(record_id)
        full_name, metadata = _parts({"FullName": row["FullName"], **body} if isinstance(body, dict) else body)
        if full_name != row["FullName"]:
            raise _refusal("FIELD_INTEGRITY_EXCEPTION", "A field keeps its name.", "FullName")
        of, _, name = full_name.partition(".")
        self._put(self._owner(of), _field(name, metadata), hide=False)
        self._tables["CustomField"].change(row["Id"], {"Metadata": metadata})
        return Reply(204)

    def delete(self, record_id: str) -> Reply:
        """`DELETE /tooling/sobjects/CustomField/<id>`."""
        self._admit()
        row = self._row(record_id)
        of, _, name = row["FullName"].partition(".")
        self._org.remove_field(name, self._owner(of))
        self._tables["CustomField"].remove(row["Id"])
        return Reply(204)

    def get(self, record_id: str) -> Row:
        """`GET /tooling/sobjects/CustomField/<id>`."""
        return dict(self._row(record_id))

    def deploy(self, owner: str, name: str, metadata: Row) -> None:
        """A field made, or changed, by a deployment."""
        of = self._owner(owner, tooling=False)
        there = name in self._org.tables[of].object.fields
        self._put(of, _field(name, metadata), hide=not (there or metadata.get("required")))

    def query(self, text: str, version: str) -> Row:
        """`GET /tooling/query`: whole names and metadata are given for one field at a time."""
        if self._org.assumptions.tooling_takes_view_setup and not self._org.access.may("ViewSetup"):
            raise RequestError(400, "INVALID_TYPE", "sObject type is not supported.")
        self._catch_up()
        answer = self._queries.run(text, version, everything=False)
        if len(answer["records"]) > 1 and not answer["records"][0].keys().isdisjoint({"FullName", "Metadata"}):
            text = "When retrieving results with Metadata or FullName fields, the query must return one row at most."
            raise RequestError(400, "MALFORMED_QUERY", text)
        return answer

    def _admit(self) -> None:
        if not self._org.access.may("CustomizeApplication"):
            raise RequestError(403, self._org.assumptions.no_right_code, "insufficient access rights on entity")

    def _catch_up(self) -> None:
        """Fields that came into the org in other ways have rows as well, and those that are gone have none."""
        rows = self._tables["CustomField"].rows
        known = {row["FullName"]: row["Id"] for row in rows.values()}
        there: dict[str, tuple[str, OrgField]] = {}
        for of, table in self._org.tables.items():
            for field in table.object.fields.values():
                if field.custom and of != "Event":
                    there[f"{'Activity' if of in ACTIVITIES else of}.{field.name}"] = of, field
        for full_name in known.keys() - there.keys():
            self._tables["CustomField"].remove(known[full_name])
        for full_name in there.keys() - known.keys():
            of, field = there[full_name]
            self._insert(full_name, of, field.name, _metadata(field))

    def _insert(self, full_name: str, of: str, name: str, metadata: Row) -> str:
        namespace, _, developer_name = name.removesuffix("__c").rpartition("__")
        row = {
            "Id": self._ids.new("00N"),
            "TableEnumOrId": self._table_enum_or_id(of),
            "DeveloperName": developer_name,
            "NamespacePrefix": namespace or None,
            "FullName": full_name,
            "Metadata": metadata,
        }
        self._tables["CustomField"].insert(row)
        return str(row["Id"])

    def _owner(self, name: str, *, tooling: bool = True) -> str:
        """The object that a field's full name means; fields of tasks are made on Activity."""
        takes_activity = self._org.assumptions.tooling_takes_activity or not tooling
        known = "Task" if name == "Activity" and takes_activity else name
        if name in ACTIVITIES or known not in self._org.tables:
            text = f"Entity Enumeration Or ID: bad value for restricted picklist field: {name}"
            raise _refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text, "TableEnumOrId")
        return known

    def _table_enum_or_id(self, of: str) -> str:
        """What CustomField calls the object: standard ones by a name, custom ones by their id."""
        if of in ACTIVITIES:
            return self._org.assumptions.activity_fields_belong_to
        if not of.endswith("__c"):
            return of
        return self._object_ids.setdefault(of, self._ids.new("01I"))

    def _put(self, of: str, field: OrgField, *, hide: bool) -> None:
        self._org.add_field(field, of)
        if hide:
            self._org.access.hide_field(field.name, of)

    def _row(self, record_id: str) -> Row:
        row = self._tables["CustomField"].rows.get(record_id)
        if row is None:
            raise RequestError.not_found()
        return row


def _parts(body: Any) -> tuple[str, Row]:
    full_name, metadata = (body.get("FullName"), body.get("Metadata")) if isinstance(body, dict) else (None, None)
    if not isinstance(full_name, str) or not isinstance(metadata, dict):
        raise _refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [FullName, Metadata]", "FullName")
    return full_name, metadata


def _field(name: str, metadata: Row) -> OrgField:
    """The field that a Metadata object describes."""
    kind, label = metadata.get("type"), metadata.get("label")
    if kind not in _KINDS:
        raise _refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"Type: no such type: {kind}", "Metadata")
    if not isinstance(label, str) or not label:
        raise _refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [label]", "Metadata")
    external_id, unique = metadata.get("externalId") is True, metadata.get("unique") is True
    if (external_id or unique) and kind not in {"Text", "Number", "Email"}:
        raise _refusal("FIELD_INTEGRITY_EXCEPTION", f"A {kind} field is neither unique nor an external id.", "Metadata")
    return OrgField(
        name,
        label=label,
        nillable=not metadata.get("required") and kind != "Checkbox",
        external_id=external_id,
        unique=unique,
        case_sensitive=unique and metadata.get("caseSensitive") is True,
        **_KINDS[kind](metadata),
    )


def _metadata(field: OrgField) -> Row:
    """What a Metadata object says of a field that is there, as far as anybody asks."""
    kind = "LongTextArea" if field.is_long_text else _TYPES.get(field.type, "Lookup")
    return {
        "type": kind,
        "label": field.label,
        "length": field.length,
        "required": not field.nillable and field.type != "boolean",
        "externalId": field.external_id,
        "unique": field.unique,
        "caseSensitive": field.case_sensitive,
    }


_TYPES = {
    "string": "Text",
    "textarea": "TextArea",
    "double": "Number",
    "boolean": "Checkbox",
    "picklist": "Picklist",
    "date": "Date",
    "datetime": "DateTime",
    "phone": "Phone",
    "email": "Email",
    "url": "Url",
}


def _text(metadata: Row) -> Row:
    return {"type": "string", "length": _number(metadata, "length", 1, LONGEST_TEXT_AREA)}


def _long_text(metadata: Row) -> Row:
    _number(metadata, "visibleLines", 2, 50)
    length = _number(metadata, "length", LONGEST_TEXT_AREA + 1, _LONGEST_LONG_TEXT)
    return {"type": "textarea", "length": length, "filterable": False}


def _double(metadata: Row) -> Row:
    precision = _number(metadata, "precision", 1, _MOST_DIGITS)
    return {"type": "double", "precision": precision, "scale": _number(metadata, "scale", 0, precision)}


def _checkbox(metadata: Row) -> Row:
    return {"type": "boolean", "default": metadata.get("defaultValue") in {True, "true"}, "defaulted": True}


def _picklist(metadata: Row) -> Row:
    value_set = metadata.get("valueSet") or {}
    values = tuple(each["fullName"] for each in value_set.get("valueSetDefinition", {}).get("value", ()))
    if not values:
        raise _refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [valueSet]", "Metadata")
    return {"type": "picklist", "length": 255, "values": values, "restricted": value_set.get("restricted") is True}


_KINDS: dict[str, Callable[[Row], Row]] = {
    "Text": _text,
    "LongTextArea": _long_text,
    "Number": _double,
    "Checkbox": _checkbox,
    "Picklist": _picklist,
    "TextArea": lambda _: {"type": "textarea", "length": LONGEST_TEXT_AREA},
    "Date": lambda _: {"type": "date"},
    "DateTime": lambda _: {"type": "datetime"},
    "Phone": lambda _: {"type": "phone", "length": 40},
    "Email": lambda _: {"type": "email", "length": 80},
    "Url": lambda _: {"type": "url", "length": 255},
}


def _number(metadata: Row, name: str, least: int, most: int) -> int:
    value = metadata.get(name)
    if not isinstance(value, int) or not least <= value <= most:
        raise _refusal("FIELD_INTEGRITY_EXCEPTION", f"{name} must be between {least} and {most}", "Metadata")
    return value


def _refusal(code: str, message: str, field: str) -> RequestError:
    refusal = RequestError(400, code, message)
    refusal.body[0]["fields"] = [field]
    return refusal
