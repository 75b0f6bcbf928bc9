"""The texts of a metadata folder: what an org needs, for whoever deploys it by their own means, and for `deploy`.

Source: Salesforce's Metadata API guide ("Sample package.xml Manifest Files", "CustomField", "PermissionSet").
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from connector.crms.salesforce.setup.wanted import (
    KEY_LENGTH,
    PERMISSION_SET,
    PERMISSION_SET_LABEL,
    PURPOSE,
    label_of,
    may_be_hidden,
    twins,
    wanted,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from connector.crms.salesforce.org import Place
    from connector.crms.salesforce.setup.wanted import Grant, Wanted
    from connector.preparation import Use

_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_FIELD_PURPOSE = "Holds the id of the call in Apten, so that each call is logged once. Written by the connector."


def key_fields(places: Iterable[Place], version: str) -> dict[str, str]:
    """The files, by path, that make custom fields to hold keys."""
    custom = sorted((place for place in places if place.is_custom), key=lambda place: place.full_name)
    return {
        "package.xml": _package({"CustomField": [place.full_name for place in custom]}, version),
        **_objects(custom),
    }


def everything(uses: Sequence[Use], version: str, *, required: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The files, by path, of everything that mappings need but the assignment to a user.

    `required` are fields, by object, that are known to be required: everybody sees them, and rights to them cannot be
    granted.
    """
    needed = wanted(uses)
    custom = sorted((place for place in needed.keys if place.is_custom), key=lambda place: place.full_name)
    members = {"CustomField": [place.full_name for place in custom], "PermissionSet": [PERMISSION_SET]}
    return {
        "package.xml": _package(members, version),
        **_objects(custom),
        f"permissionsets/{PERMISSION_SET}.permissionset": _permission_set(needed, required),
    }


def _package(members: Mapping[str, list[str]], version: str) -> str:
    root = _root("Package")
    for name, names in members.items():
        if names:
            types = ET.SubElement(root, "types")
            for member in names:
                ET.SubElement(types, "members").text = member
            ET.SubElement(types, "name").text = name
    ET.SubElement(root, "version").text = version
    return _text(root)


def _objects(places: Iterable[Place]) -> dict[str, str]:
    roots: dict[str, Element] = {}
    for place in places:
        root = roots.setdefault(place.owner, _root("CustomObject"))
        facts = {
            "fullName": place.name,
            "caseSensitive": True,
            "description": _FIELD_PURPOSE,
            "externalId": True,
            "label": label_of(place),
            "length": KEY_LENGTH,
            "required": False,
            "type": "Text",
            "unique": True,
        }
        _add(root, "fields", facts)
    return {f"objects/{name}.object": _text(root) for name, root in roots.items()}


def _permission_set(needed: Wanted, required: Mapping[str, Collection[str]]) -> str:
    root = _root("PermissionSet")
    ET.SubElement(root, "description").text = PURPOSE
    fields = {place: True for each in needed.written for place in twins(each)}
    fields |= {place: False for place in needed.read if place not in fields}
    granted = (each for each in fields if may_be_hidden(each) and each.name not in required.get(each.object, ()))
    for place in sorted(granted, key=str):
        _add(root, "fieldPermissions", {"editable": fields[place], "field": str(place), "readable": True})
    ET.SubElement(root, "hasActivationRequired").text = "false"
    ET.SubElement(root, "label").text = PERMISSION_SET_LABEL
    for grant in sorted(needed.grants, key=lambda grant: grant.object):
        _add(root, "objectPermissions", _object_permissions(grant))
    for name in sorted(needed.permissions):
        _add(root, "userPermissions", {"enabled": True, "name": name})
    return _text(root)


def _object_permissions(grant: Grant) -> dict[str, object]:
    return {
        "allowCreate": grant.write,
        "allowDelete": False,
        "allowEdit": grant.write,
        "allowRead": True,
        "modifyAllRecords": False,
        "object": grant.object,
        "viewAllRecords": False,
    }


def _root(name: str) -> Element:
    return ET.Element(name, {"xmlns": _NAMESPACE})


def _add(root: Element, name: str, facts: Mapping[str, object]) -> None:
    element = ET.SubElement(root, name)
    for fact, value in facts.items():
        ET.SubElement(element, fact).text = str(value).lower() if isinstance(value, bool) else str(value)


def _text(root: Element) -> str:
    ET.indent(root, "    ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
