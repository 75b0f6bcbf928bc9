"""`/sobjects/<object>/describe` in its true shape, made from the compact field table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.sandbox.salesforce.fields import OrgField

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
}
_OBJECT = {
    "activateable": False,
    "createable": True,
    "custom": False,
    "customSetting": False,
    "deletable": True,
    "deprecatedAndHidden": False,
    "feedEnabled": False,
    "hasSubtypes": False,
    "layoutable": True,
    "mergeable": False,
    "queryable": True,
    "recordTypeInfos": [],
    "replicateable": True,
    "retrieveable": True,
    "searchable": True,
    "triggerable": True,
    "undeletable": True,
    "updateable": True,
    "childRelationships": [],
}
_FIELD = {
    "aiPredictionField": False,
    "autoNumber": False,
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "compoundFieldName": None,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "extraTypeInfo": None,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "queryByDistance": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "searchPrefilterable": False,
    "writeRequiresMasterRead": False,
}


def describe(name: str, key_prefix: str, fields: Iterable[OrgField]) -> dict[str, Any]:
    """The describe answer for an object with these fields."""
    return {
        **_OBJECT,
        "name": name,
        "label": name,
        "labelPlural": f"{name}s",
        "keyPrefix": key_prefix,
        "fields": [_describe_field(field) for field in fields],
    }


def _describe_field(field: OrgField) -> dict[str, Any]:
    relationship = field.name.removesuffix("Id") if field.references else None
    return {
        **_FIELD,
        "name": field.name,
        "label": field.label or field.name,
        "type": field.type,
        "soapType": _SOAP_TYPES.get(field.type, "xsd:string"),
        "length": field.length,
        "byteLength": field.length * (3 if field.is_text else 1),
        "digits": field.digits,
        "precision": field.precision,
        "scale": field.scale,
        "createable": field.createable,
        "updateable": field.updateable,
        "nillable": field.nillable,
        "defaultedOnCreate": field.defaulted,
        "defaultValue": field.default,
        "restrictedPicklist": field.restricted,
        "picklistValues": [
            {
                "active": True,
                "defaultValue": value == field.default,
                "label": value,
                "validFor": None,
                "value": value,
            }
            for value in field.values
        ],
        "referenceTo": list(field.references),
        "relationshipName": relationship,
        "namePointing": len(field.references) > 1,
        "polymorphicForeignKey": len(field.references) > 1,
        "nameField": field.name == "Subject",
        "custom": field.custom,
        "externalId": field.external_id,
        "unique": field.unique,
        "idLookup": field.type == "id" or field.external_id,
        "caseSensitive": field.case_sensitive,
        "filterable": field.filterable,
        "sortable": field.filterable,
        "groupable": field.filterable and field.type not in {"combobox", "datetime"},
        "aggregatable": field.filterable and field.type not in {"boolean", "date"},
        "permissionable": field.custom,
    }
