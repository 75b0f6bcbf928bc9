"""Metadata that is deployed: fields and permission sets in a zip file, taken whole or not at all.

Source: Salesforce's Metadata API guide ("Deploy Metadata with Apex Testing Using REST", "CustomField",
"PermissionSet").
Like there, a deployment is under way for a while before it is done.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from connector.sandbox.salesforce.answers import Reply, RequestError
from connector.sandbox.salesforce.grants import grant_errors
from connector.sandbox.salesforce.ids import Ids
from connector.sandbox.salesforce.standard.activities import ACTIVITIES
from connector.sandbox.salesforce.standard.permissions import PERMISSIONS, permission_field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row
    from connector.sandbox.salesforce.tooling import Tooling

_TAG = "{http://soap.sforce.com/2006/04/metadata}"
_VERBS = {"allowRead": "Read", "allowCreate": "Create", "allowEdit": "Edit", "allowDelete": "Delete",
    "viewAllRecords": "ViewAllRecords", "modifyAllRecords": "ModifyAllRecords"}  # fmt: skip


@dataclass(slots=True)
class _Deployment:
    files: dict[str, bytes]
    looks: int = 0
    result: Row = field(default_factory=dict)


class Deployments:
    """The deployments of an org."""

    def __init__(self, org: SalesforceOrg, tooling: Tooling) -> None:
        self._org = org
        self._tooling = tooling
        self._ids = Ids()
        self._known: dict[str, _Deployment] = {}

    def begin(self, content_type: str, body: bytes) -> Reply:
        """`POST /metadata/deployRequest`."""
        if not (self._org.access.may("ModifyMetadata") and self._org.access.may("CustomizeApplication")):
            raise RequestError(403, self._org.assumptions.no_right_code, "insufficient access rights on entity")
        try:
            parts = _parts(content_type, body)
            with zipfile.ZipFile(io.BytesIO(parts["file"])) as archive:
                files = {name: archive.read(name) for name in archive.namelist()}
        except (KeyError, zipfile.BadZipFile):
            raise RequestError(400, "INVALID_MULTIPART_REQUEST", "A deployment has the parts json and file") from None
        deployment_id = self._ids.new("0Af")
        self._known[deployment_id] = _Deployment(files)
        return Reply(201, {"id": deployment_id, "deployResult": {"done": False, "status": "Pending", "success": False}})

    def look(self, deployment_id: str, now: datetime) -> Row:
        """`GET /metadata/deployRequest/<id>`; the second look finds it done."""
        known = self._known.get(deployment_id)
        if known is None:
            raise RequestError.not_found()
        known.looks += 1
        if known.looks == 1:
            return {"id": deployment_id, "deployResult": {"done": False, "status": "InProgress", "success": False}}
        if not known.result:
            known.result = self._deploy(known.files, now)
        return {"id": deployment_id, "deployResult": known.result}

    def _deploy(self, files: dict[str, bytes], now: datetime) -> Row:
        failures: list[Row] = []
        work = []
        for kind, member in _members(files):
            try:
                work.append(self._component(kind, member, files))
            except RequestError as error:
                failures.append({"componentType": kind, "fullName": member, "problem": error.body[0]["message"]})
        if not failures:
            try:
                for carry_out in work:
                    carry_out(now)
            except RequestError as error:
                failures.append({"componentType": "", "fullName": "", "problem": error.body[0]["message"]})
        status = "Failed" if failures else "Succeeded"
        details = {"componentFailures": failures, "componentSuccesses": []}
        return {"done": True, "status": status, "success": not failures, "details": details}

    def _component(self, kind: str, member: str, files: dict[str, bytes]) -> Any:
        """How a component is put in force; refused if it is not in the files, or not sound."""
        if kind == "CustomField":
            owner, _, name = member.partition(".")
            root = _root(files, f"objects/{owner}.object")
            found = next((each for each in root.findall(f"{_TAG}fields") if _value(each, "fullName") == name), None)
            if found is None:
                raise _no_such(member)
            metadata = {each.tag.removeprefix(_TAG): _read(each.text) for each in found}
            return lambda _now: self._tooling.deploy(owner, name, metadata)
        if kind == "PermissionSet":
            root = _root(files, f"permissionsets/{member}.permissionset")
            return lambda now: self._permission_set(member, root, now)
        raise RequestError(400, "INVALID_TYPE", f"Unknown type of component: {kind}")

    def _permission_set(self, name: str, root: Element, now: datetime) -> None:
        """What the file does not name is not granted; of Task and Event, what is not granted for both."""
        sets = self._org.tables["PermissionSet"].rows
        there = next((each["Id"] for each in sets.values() if each["Name"] == name), None)
        flags = {permission_field(each, self._org.assumptions.edit_tasks_field): False for each in PERMISSIONS}
        for each in root.findall(f"{_TAG}userPermissions"):
            if str(_value(each, "name")) not in PERMISSIONS:
                raise RequestError(400, "INVALID", f"Unknown user permission: {_value(each, 'name')}")
            edit = self._org.assumptions.edit_tasks_field
            flags[permission_field(str(_value(each, "name")), edit)] = _value(each, "enabled")
        values = {"Label": _value(root, "label"), **flags}
        if there is None:
            there = self._org.create("PermissionSet", {"Name": name, **values}, now)
        else:
            self._org.update(there, values, now)
        for kind in ("FieldPermissions", "ObjectPermissions"):
            rows = self._org.tables[kind].rows
            for row_id in [row_id for row_id, row in rows.items() if row["ParentId"] == there]:
                self._org.delete(row_id, now)
        for kind, row in (*_field_rows(root), *_object_rows(root)):
            errors = grant_errors(self._org, self._org.tables[kind], {"ParentId": there, **row}, None)
            if errors:
                raise RequestError.of_row(400, errors)
            self._org.create(kind, {"ParentId": there, **row}, now)


def _field_rows(root: Element) -> Iterator[tuple[str, Row]]:
    elements = {str(_value(each, "field")): each for each in root.findall(f"{_TAG}fieldPermissions")}
    for place, each in elements.items():
        of, _, name = place.partition(".")
        if of in ACTIVITIES and any(f"{other}.{name}" not in elements for other in ACTIVITIES):
            continue
        rights = {"PermissionsRead": _value(each, "readable"), "PermissionsEdit": _value(each, "editable")}
        yield "FieldPermissions", {"SobjectType": of, "Field": place, **rights}


def _object_rows(root: Element) -> Iterator[tuple[str, Row]]:
    for each in root.findall(f"{_TAG}objectPermissions"):
        rights = {f"Permissions{verb}": _value(each, name) for name, verb in _VERBS.items()}
        yield "ObjectPermissions", {"SobjectType": _value(each, "object"), **rights}


def _members(files: dict[str, bytes]) -> list[tuple[str, str]]:
    try:
        package = _root(files, "package.xml")
    except RequestError:
        return [("Package", "package.xml")]
    return [
        (str(_value(types, "name")), str(member.text))
        for types in package.findall(f"{_TAG}types")
        for member in types.findall(f"{_TAG}members")
    ]


def _root(files: dict[str, bytes], path: str) -> Element:
    try:
        return ET.fromstring(files[path])  # noqa: S314  # what a test sends to a server on this machine
    except KeyError:
        raise _no_such(path) from None
    except ET.ParseError:
        raise RequestError(400, "INVALID", f"Error parsing file: {path}") from None


def _no_such(what: str) -> RequestError:
    return RequestError(
        400, "INVALID", f"An object '{what}' was named in package.xml, but was not found in zipped directory"
    )


def _value(element: Element, name: str) -> Any:
    return _read(element.findtext(f"{_TAG}{name}"))


def _read(text: str | None) -> Any:
    """XML says nothing of types; Salesforce's metadata has truth values, numbers and texts."""
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text and text.isascii() and text.isdigit() else text


def _parts(content_type: str, body: bytes) -> dict[str, bytes]:
    """The parts of a multipart body by their names."""
    parsed = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    found = {}
    for part in parsed.get_payload() if parsed.is_multipart() else ():
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            found[str(name)] = content if isinstance(content, bytes) else b""
    return found
