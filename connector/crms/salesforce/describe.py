"""Reads a describe answer into the neutral schema.

Facts: Salesforce's REST API guide ("sObject Describe") and Object Reference ("Field Types"). A field's `length` counts
UTF-16 units. An upsert by a user who does not see all data needs a key that is an external id and unique.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, PickValue

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = {
    "string": FieldType.TEXT,
    "textarea": FieldType.LONG_TEXT,
    "combobox": FieldType.TEXT,
    "phone": FieldType.TEXT,
    "email": FieldType.TEXT,
    "url": FieldType.TEXT,
    "encryptedstring": FieldType.TEXT,
    "picklist": FieldType.PICKLIST,
    "multipicklist": FieldType.PICKLIST,
    "int": FieldType.INTEGER,
    "double": FieldType.NUMBER,
    "currency": FieldType.NUMBER,
    "percent": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
    "id": FieldType.REFERENCE,
    "reference": FieldType.REFERENCE,
}
_UNITS = {"CallDurationInSeconds": "seconds"}


def schema_of(answer: Mapping[str, Any]) -> ObjectSchema:
    """The schema in a describe answer."""
    fields = {field["name"]: _field(field) for field in answer["fields"]}
    return ObjectSchema("salesforce", answer["name"], Counted.UTF16, fields)


def _field(field: Mapping[str, Any]) -> FieldSchema:
    kind = _type_of(field)
    most = _most(field)
    return FieldSchema(
        field["name"],
        kind,
        label=field["label"],
        length=field["length"] or None,
        minimum=None if most is None else -most,
        maximum=most,
        unit=_UNITS.get(field["name"]),
        createable=field["createable"],
        updateable=field["updateable"],
        required=field["createable"] and not field["nillable"] and not field["defaultedOnCreate"],
        key=field["externalId"] and field["unique"] and field["type"] == "string",
        restricted=kind is FieldType.PICKLIST and field["restrictedPicklist"],
        values=tuple(
            PickValue(value["value"], value["label"] or value["value"])
            for value in field["picklistValues"]
            if value["active"] and kind is FieldType.PICKLIST
        ),
        references=tuple(field["referenceTo"]),
    )


def _type_of(field: Mapping[str, Any]) -> FieldType:
    if field["type"] == "double" and field["scale"] == 0:
        return FieldType.INTEGER
    return _TYPES.get(field["type"], FieldType.OTHER)


def _most(field: Mapping[str, Any]) -> int | None:
    """The largest whole number the field holds."""
    digits = field["digits"] if field["type"] == "int" else field["precision"] - field["scale"]
    numeric = _type_of(field) in {FieldType.INTEGER, FieldType.NUMBER}
    return int(10**digits - 1) if numeric and digits > 0 else None
