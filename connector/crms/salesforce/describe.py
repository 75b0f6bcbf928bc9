"""Reads a describe answer into the neutral schema.

Facts: Salesforce's REST API guide ("sObject Describe") and Object Reference ("Field Types"). A field's `length` counts
UTF-16 units. An upsert by a user who does not see all data needs a key that is an external id and unique.
"""

from __future__ import annotations

import base64
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
    by_name = {field["name"]: field for field in answer["fields"]}
    fields = {name: _field(field, by_name) for name, field in by_name.items()}
    return ObjectSchema("salesforce", answer["name"], Counted.UTF16, fields)


def _field(field: Mapping[str, Any], by_name: Mapping[str, Mapping[str, Any]]) -> FieldSchema:
    controller = by_name.get(field.get("controllerName") or "")
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
            PickValue(value["value"], value["label"] or value["value"], _only_with(value, controller))
            for value in field["picklistValues"]
            if value["active"] and kind is FieldType.PICKLIST
        ),
        references=tuple(field["referenceTo"]),
        controller=controller["name"] if controller else None,
        email=field["type"] == "email",
        scale=field["scale"] if kind is FieldType.NUMBER else None,
    )


def _only_with(value: Mapping[str, Any], controller: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The controlling values that `validFor` names: base64 of one bit for each, the first one leftmost."""
    if controller is None or not value.get("validFor"):
        return ()
    bits = base64.b64decode(value["validFor"])
    of_picklist = [each["value"] for each in controller["picklistValues"]]
    names = ["false", "true"] if controller["type"] == "boolean" else of_picklist
    return tuple(name for at, name in enumerate(names) if at // 8 < len(bits) and bits[at // 8] & (0x80 >> at % 8))


def _type_of(field: Mapping[str, Any]) -> FieldType:
    if field["type"] == "double" and field["scale"] == 0:
        return FieldType.INTEGER
    return _TYPES.get(field["type"], FieldType.OTHER)


def _most(field: Mapping[str, Any]) -> int | None:
    """The largest whole number the field holds."""
    digits = field["digits"] if field["type"] == "int" else field["precision"] - field["scale"]
    numeric = _type_of(field) in {FieldType.INTEGER, FieldType.NUMBER}
    return int(10**digits - 1) if numeric and digits > 0 else None
