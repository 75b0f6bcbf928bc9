"""`setup --print-metadata` writes a folder that Salesforce's Metadata API takes, without asking anybody anything."""

from __future__ import annotations

import io
import json
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from lxml import etree

from connector.sandbox.salesforce.fields import KEY_FIELD
from tests.cli.conftest import change, run
from tests.cli.orgs import SET, fresh, granted, take_all_rights
from tests.sandbox.org_client import DATA
from tests.town import ENVIRON

if TYPE_CHECKING:
    from pathlib import Path

    from tests.town import Town

    Captured = pytest.CaptureFixture[str]

__all__ = ["fresh"]

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
TYPES = {"package.xml": "Package", ".object": "CustomObject", ".permissionset": "PermissionSet"}
ALL = ["objects/Activity.object", "package.xml", f"permissionsets/{SET}.permissionset"]


def written(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def schema(name: str) -> etree.XMLSchema:
    """The Metadata API's own definition of a file, from the WSDL that simple-salesforce brings along."""
    wsdl = etree.fromstring(files("simple_salesforce").joinpath("metadata.wsdl").read_bytes())
    (inside,) = wsdl.findall(f".//{{*}}schema[@targetNamespace='{NAMESPACE}']")
    found = etree.fromstring(etree.tostring(inside))  # with the prefixes that the file around it declares
    tns = next(prefix for prefix, uri in found.nsmap.items() if uri == NAMESPACE)
    etree.SubElement(found, "{http://www.w3.org/2001/XMLSchema}element", name=name, type=f"{tns}:{name}")
    return etree.XMLSchema(found)


def print_metadata(town: Town, name: str = "metadata") -> dict[str, str]:
    assert run(town, "setup", "--print-metadata", str(town.folder / name)) == 0
    return written(town.folder / name)


def test_it_needs_neither_keys_nor_a_connection(fresh: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ENVIRON:
        monkeypatch.delenv(name)
    assert list(print_metadata(fresh)) == ALL
    assert fresh.requests() == (0, 0)


def test_every_file_is_what_the_metadata_api_defines(fresh: Town) -> None:
    for name, text in print_metadata(fresh).items():
        kind = next(kind for ending, kind in TYPES.items() if name.endswith(ending))
        valid = schema(kind)
        assert valid.validate(etree.fromstring(text.encode())), f"{name}: {valid.error_log}"


def test_a_file_with_an_element_that_there_is_not_would_be_noticed(fresh: Town) -> None:
    text = print_metadata(fresh)["objects/Activity.object"].replace("externalId", "externalID")
    assert not schema("CustomObject").validate(etree.fromstring(text.encode()))


def test_the_rights_on_fields_of_tasks_stand_in_both_places(fresh: Town) -> None:
    root = etree.fromstring(print_metadata(fresh)[ALL[2]].encode())
    places = [field.text for field in root.findall(".//{*}field")]
    assert f"Task.{KEY_FIELD}" in places
    assert {place.replace("Task.", "Event.") for place in places} == {
        place.replace("Task.", "Event.") for place in places if place.startswith("Event.")
    }


def test_deployed_and_assigned_it_is_enough_for_a_sync(fresh: Town) -> None:
    deploy(fresh, print_metadata(fresh))
    (set_id,) = fresh.org.tables["PermissionSet"].rows
    assert granted(fresh.org)[f"Event.{KEY_FIELD}"] == "rw"
    fresh.org.add("PermissionSetAssignment", AssigneeId=fresh.org.user_id, PermissionSetId=set_id)
    take_all_rights(fresh.org)
    fresh.let_people_in()
    assert run(fresh, "sync") == 0
    assert fresh.logged() == fresh.loggable()


def test_once_deployed_setup_has_nothing_left_but_the_assignment(fresh: Town, capsys: Captured) -> None:
    deploy(fresh, print_metadata(fresh))
    capsys.readouterr()
    assert run(fresh, "setup") == 2
    due = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  to do")]
    assert due == ["to do          assigned to integration@example.com"]


def deploy(town: Town, texts: dict[str, str]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    options = json.dumps({"deployOptions": {"singlePackage": True, "rollbackOnError": True}})
    parts: dict[str, Any] = {
        "json": (None, options, "application/json"),
        "file": ("x.zip", packed.getvalue(), "application/zip"),
    }
    form = {"grant_type": "client_credentials", "client_id": ENVIRON["SALESFORCE_CONSUMER_KEY"],
        "client_secret": ENVIRON["SALESFORCE_CONSUMER_SECRET"]}  # fmt: skip
    with httpx.Client(base_url=town.salesforce.url) as http:
        http.headers["Authorization"] = (
            f"Bearer {http.post('/services/oauth2/token', data=form).json()['access_token']}"
        )
        path = f"{DATA}/metadata/deployRequest"
        path += "/" + http.post(path, files=parts).json()["id"]
        while not (result := http.get(path).json()["deployResult"])["done"]:
            pass
        assert result["success"], result


def test_an_object_of_its_own_has_its_file_and_what_is_required_is_left_out(fresh: Town) -> None:
    fresh.mapping_path.write_text(
        "version: 1\nactivity: salesforce/Call_Log__c\nkey: Apten_Call_Id__c\nperson: {by: [lead.phone, lead.email]}\n"
        "fields:\n  Notes__c: {from: id}\n  Must__c: {from: id}\n  Name: {from: id}\n  Contact__c: {from: person}\n"
        "  Account__c: {from: person.account}\n"
    )
    (fresh.folder / "salesforce.schema.yaml").write_text(
        "crm: salesforce\nobject: Call_Log__c\ncounted: utf16\nfields:\n  Must__c: {type: text, required: true}\n"
    )
    texts = print_metadata(fresh)
    assert list(texts) == ["objects/Call_Log__c.object", "package.xml", f"permissionsets/{SET}.permissionset"]
    assert "<members>Call_Log__c.Apten_Call_Id__c</members>" in texts["package.xml"]
    root = etree.fromstring(texts[f"permissionsets/{SET}.permissionset"].encode())
    rights = {each.findtext("{*}field"): each.findtext("{*}editable") for each in root.findall("{*}fieldPermissions")}
    phones = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")
    assert rights == {
        **{f"Call_Log__c.{name}": "true" for name in ("Account__c", KEY_FIELD, "Contact__c", "Notes__c")},
        **{f"Contact.{name}": "false" for name in (*phones, "Email", "AccountId")},
        **{f"Lead.{name}": "false" for name in ("Phone", "MobilePhone", "Email")},
    }
    objects = {
        each.findtext("{*}object"): each.findtext("{*}allowCreate") for each in root.findall("{*}objectPermissions")
    }
    assert objects == {"Account": "false", "Call_Log__c": "true", "Contact": "false", "Lead": "false"}
    names = [each.text for each in root.findall("{*}userPermissions/{*}name")]
    assert names == ["ApiEnabled"]


@pytest.mark.parametrize(
    ("person", "objects"),
    [
        ("{by: [lead.externalLeadId], in: [Contact]}", ["Account", "Contact", "Lead"]),
        ("{by: [lead.phone], in: [Lead]}", ["Account", "Contact", "Lead"]),
        ("{by: [lead.phone], in: [Contact]}", ["Account", "Contact"]),
    ],
)
def test_rights_reach_as_far_as_looking_people_up_does(fresh: Town, person: str, objects: list[str]) -> None:
    fresh.mapping_path.write_text(
        f"version: 1\nactivity: salesforce/Task\nkey: {KEY_FIELD}\nperson: {person}\n"
        "fields: {WhoId: {from: person}}\n"
    )
    root = etree.fromstring(print_metadata(fresh)[ALL[2]].encode())
    assert [each.text for each in root.findall("{*}objectPermissions/{*}object")] == objects


def test_nothing_that_is_there_is_overwritten(fresh: Town, capsys: Captured) -> None:
    first = print_metadata(fresh)
    assert print_metadata(fresh) == first
    assert capsys.readouterr().out.count("is there already") == 3
    (fresh.folder / "metadata" / "package.xml").write_text("mine")
    (fresh.folder / "metadata" / ALL[0]).unlink()
    assert run(fresh, "setup", "--print-metadata", str(fresh.folder / "metadata")) == 2
    assert "metadata/package.xml" in capsys.readouterr().err
    assert list(written(fresh.folder / "metadata")) == ALL[1:]


def test_a_name_that_no_field_can_have_is_refused(fresh: Town, capsys: Captured) -> None:
    change(fresh.mapping_path, ("key: Apten_Call_Id__c", 'key: "a&b<c>"'))
    assert run(fresh, "setup", "--print-metadata", str(fresh.folder / "metadata")) == 2
    assert "cannot be the name" in capsys.readouterr().err
    assert not (fresh.folder / "metadata").exists()


def test_a_folder_that_cannot_be_written_is_told(fresh: Town, capsys: Captured) -> None:
    (fresh.folder / "file").write_text("a file where the folder should be")
    assert run(fresh, "setup", "--print-metadata", str(fresh.folder / "file")) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_for_programs_the_files_are_listed(fresh: Town, capsys: Captured) -> None:
    folder = fresh.folder / "metadata"
    for new in (True, False):
        assert run(fresh, "setup", "--print-metadata", str(folder), "--format", "json") == 0
        found = json.loads(capsys.readouterr().out)
        assert {each["file"] for each in found} == {str(folder / name) for name in ALL}
        assert {each["new"] for each in found} == {new}


def test_a_key_field_of_another_name_is_labelled_by_it(fresh: Town) -> None:
    change(fresh.mapping_path, ("key: Apten_Call_Id__c", "key: Phone_Call_2__c"))
    root = etree.fromstring(print_metadata(fresh)[ALL[0]].encode())
    assert root.findtext(".//{*}label") == "Phone Call 2"
