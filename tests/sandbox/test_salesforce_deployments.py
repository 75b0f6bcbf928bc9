"""Metadata is deployed from a zip file: whole or not at all, and not at once."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.org_client import KEY, assume, refusal

if TYPE_CHECKING:
    import httpx

    from tests.sandbox.org_client import OrgClient

PATH = "/metadata/deployRequest"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'


def package(**members: str) -> str:
    types = "".join(f"<types><members>{name}</members><name>{kind}</name></types>" for kind, name in members.items())
    return f"{HEAD}<Package {SPACE}>{types}<version>66.0</version></Package>"


def its_field(name: str = KEY, kind: str = "Text", length: int = 255) -> str:
    return (
        f"{HEAD}<CustomObject {SPACE}><fields><fullName>{name}</fullName><label>Call</label><type>{kind}</type>"
        f"<length>{length}</length><externalId>true</externalId><unique>true</unique></fields></CustomObject>"
    )


def permission_set(*granted: str) -> str:
    return f"{HEAD}<PermissionSet {SPACE}><label>Calls</label>{''.join(granted)}</PermissionSet>"


def field_permission(place: str, editable: str = "true") -> str:
    rights = f"<editable>{editable}</editable><readable>true</readable>"
    return f"<fieldPermissions><field>{place}</field>{rights}</fieldPermissions>"


def begin(client: OrgClient, files: dict[str, str]) -> httpx.Response:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    parts: dict[str, Any] = {"json": (None, '{"deployOptions": {}}', "application/json"), "file": packed.getvalue()}
    return client.send("POST", PATH, files=parts)


def deploy(client: OrgClient, files: dict[str, str]) -> dict[str, Any]:
    begun = begin(client, files)
    assert (begun.status_code, begun.json()["deployResult"]["status"]) == (201, "Pending")
    path = f"{PATH}/{begun.json()['id']}"
    assert client.send("GET", path).json()["deployResult"]["status"] == "InProgress"
    result: dict[str, Any] = client.send("GET", path).json()["deployResult"]
    assert client.send("GET", path).json()["deployResult"] == result
    assert result["done"]
    return result


def problems(client: OrgClient, files: dict[str, str]) -> list[str]:
    result = deploy(client, files)
    assert result["success"] is False
    return [each["problem"] for each in result["details"]["componentFailures"]]


@pytest.fixture
def bare(client: OrgClient) -> OrgClient:
    client.org.remove_field(KEY)
    return client


FIELD = {"package.xml": package(CustomField=f"Activity.{KEY}"), "objects/Activity.object": its_field()}


def test_a_field_is_made_and_nobody_sees_it(bare: OrgClient) -> None:
    assume(bare, tooling_takes_activity=False)
    assert deploy(bare, FIELD)["success"]
    assert KEY not in bare.fields()
    bare.org.access.show_field(KEY)
    assert (bare.fields()[KEY]["unique"], KEY in bare.fields("Event")) == (True, True)


def test_a_field_that_is_there_is_changed_and_stays_in_sight(client: OrgClient) -> None:
    assert deploy(client, {**FIELD, "objects/Activity.object": its_field(length=80)})["success"]
    assert client.fields()[KEY]["length"] == 80


def test_a_permission_set_is_what_the_file_says_and_no_more(client: OrgClient) -> None:
    files = {"package.xml": package(PermissionSet="Calls")}
    may_read = "<objectPermissions><allowRead>true</allowRead><object>Lead</object></objectPermissions>"
    may_edit = "<userPermissions><enabled>true</enabled><name>EditTask</name></userPermissions>"
    both = [field_permission(f"{name}.{KEY}") for name in ("Task", "Event")]
    path = "permissionsets/Calls.permissionset"
    assert deploy(client, {**files, path: permission_set(*both, may_read, may_edit)})["success"]
    assert client.query("SELECT PermissionsEditTask FROM PermissionSet")["records"][0]["PermissionsEditTask"]
    assert client.query("SELECT Field FROM FieldPermissions")["totalSize"] == 2
    assert client.query("SELECT SobjectType FROM ObjectPermissions")["records"][0]["SobjectType"] == "Lead"
    assert deploy(client, {**files, path: permission_set()})["success"]
    assert client.query("SELECT Field FROM FieldPermissions")["totalSize"] == 0
    assert not client.query("SELECT PermissionsEditTask FROM PermissionSet")["records"][0]["PermissionsEditTask"]


def test_a_right_of_tasks_alone_counts_for_nothing(client: OrgClient) -> None:
    files = {"package.xml": package(PermissionSet="Calls")}
    one = permission_set(field_permission(f"Task.{KEY}"))
    assert deploy(client, {**files, "permissionsets/Calls.permissionset": one})["success"]
    assert client.query("SELECT Field FROM FieldPermissions")["totalSize"] == 0


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "Unknown type of component: Package"),
        ({"package.xml": "<"}, "Unknown type of component: Package"),
        ({"package.xml": package(CustomField=f"Activity.{KEY}")}, "was not found in zipped directory"),
        ({**FIELD, "objects/Activity.object": its_field("Other__c")}, "was not found in zipped directory"),
        ({**FIELD, "objects/Activity.object": "<"}, "Error parsing file"),
        ({**FIELD, "objects/Activity.object": its_field(length=256)}, "length must be between 1 and 255"),
        ({**FIELD, "package.xml": package(CustomField=f"Task.{KEY}"), "objects/Task.object": its_field()},
            "bad value for restricted picklist field: Task"),
        ({"package.xml": package(Flow="x")}, "Unknown type of component: Flow"),
        ({"package.xml": package(PermissionSet="Calls"), "permissionsets/Calls.permissionset": permission_set(
            field_permission("Task.Subject"), field_permission("Event.Subject"))}, "bad value for restricted picklist"),
        ({"package.xml": package(PermissionSet="Calls"), "permissionsets/Calls.permissionset": permission_set(
            "<userPermissions><enabled>true</enabled><name>Fly</name></userPermissions>")}, "Unknown user permission"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_not_deployed(bare: OrgClient, files: dict[str, str], problem: str) -> None:
    (told,) = problems(bare, files)
    assert problem in told
    assert KEY not in bare.org.tables["Task"].object.fields


def test_a_request_must_have_both_its_parts(client: OrgClient) -> None:
    for body in ({"json": (None, "{}")}, {"json": (None, "{}"), "file": ("x.zip", b"no zip")}):
        assert refusal(client.send("POST", PATH, files=body)) == (400, "INVALID_MULTIPART_REQUEST")
    assert refusal(client.send("GET", f"{PATH}/0AfHs0000000001AAA")) == (404, "NOT_FOUND")


@pytest.mark.parametrize("permission", ["ModifyMetadata", "CustomizeApplication"])
def test_deploying_takes_rights(client: OrgClient, permission: str) -> None:
    client.org.access.permissions -= {permission}
    assert refusal(begin(client, FIELD)) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
