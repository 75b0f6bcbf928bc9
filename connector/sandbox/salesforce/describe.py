"""`/sobjects` and `/sobjects/<object>/describe` in their true shape, made from the compact field tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.sandbox.salesforce.access import Rights
    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.objects import OrgObject
    from connector.sandbox.salesforce.tables import Row

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
    "address": "urn:address",
}
_UNGROUPED = frozenset({"combobox", "datetime", "double", "currency", "percent", "address"})
_OBJECT = {
    "actionOverrides": [],
    "activateable": False,
    "compactLayoutable": True,
    "customSetting": False,
    "deepCloneable": False,
    "deprecatedAndHidden": False,
    "feedEnabled": False,
    "hasSubtypes": False,
    "isInterface": False,
    "isSubtype": False,
    "mergeable": False,
    "mruEnabled": True,
    "queryable": True,
    "replicateable": True,
    "retrieveable": True,
    "searchLayoutable": True,
    "triggerable": True,
    "undeletable": True,
    "childRelationships": [],
}
_MASTER = {"Id": "012000000000000AAA", "Name": "Master", "DeveloperName": "Master", "IsActive": True}
_FIELD = {
    "aiPredictionField": False,
    "autoNumber": False,
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
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


def describe(
    its_object: OrgObject, fields: Iterable[OrgField], *, rights: Rights, record_types: Iterable[Row] = ()
) -> dict[str, Any]:
    """The describe answer for an object with these fields, for a user with these rights."""
    types = [_MASTER, *record_types] if its_object.layoutable else []
    return {
        **summary(its_object, rights=rights),
        "recordTypeInfos": [_record_type(each, master=each is _MASTER) for each in types],
        "fields": [_describe_field(field, its_object) for field in fields],
    }


def summary(its_object: OrgObject, *, rights: Rights) -> dict[str, Any]:
    """What the list of all objects says of one."""
    path = f"/services/data/v66.0/sobjects/{its_object.name}"
    return {
        **_OBJECT,
        "name": its_object.name,
        "label": its_object.label,
        "labelPlural": its_object.plural,
        "keyPrefix": its_object.key_prefix,
        "custom": its_object.custom,
        "createable": its_object.writable and rights.create,
        "updateable": its_object.writable and rights.edit,
        "deletable": its_object.writable and rights.delete,
        "layoutable": its_object.layoutable,
        "searchable": its_object.searchable,
        "urls": {"sobject": path, "describe": f"{path}/describe", "rowTemplate": f"{path}/{{ID}}"},
    }


def _record_type(row: Row, *, master: bool) -> dict[str, Any]:
    return {
        "recordTypeId": row["Id"],
        "name": row["Name"],
        "developerName": row["DeveloperName"],
        "active": row["IsActive"],
        "available": row["IsActive"],
        "defaultRecordTypeMapping": master,
        "master": master,
    }


def _describe_field(field: OrgField, its_object: OrgObject) -> dict[str, Any]:
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
        "relationshipName": field.relationship,
        "namePointing": field.is_polymorphic,
        "polymorphicForeignKey": field.is_polymorphic,
        "nameField": its_object.names[:1] == (field.name,),
        "compoundFieldName": field.compound,
        "extraTypeInfo": _extra_type(field),
        "custom": field.custom,
        "externalId": field.external_id,
        "unique": field.unique,
        "idLookup": field.type == "id" or field.external_id or field.lookup,
        "caseSensitive": field.case_sensitive,
        "filterable": field.filterable,
        "sortable": field.filterable and field.type != "address",
        "groupable": field.filterable and field.type not in _UNGROUPED,
        "aggregatable": field.filterable and field.type not in {"boolean", "address"} and field.name != "ActivityDate",
        "permissionable": field.may_be_hidden,
    }


def _extra_type(field: OrgField) -> str | None:
    if field.type == "textarea":
        return "plaintextarea"
    return "personname" if field.compound == "Name" else None
