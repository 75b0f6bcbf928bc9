"""Which fields and objects `setup` makes, grants, leaves as they are, or refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.salesforce.fields import KEY_FIELD, OrgField
from tests.cli.conftest import change, run
from tests.cli.orgs import assigned, fresh, granted, key, slept

if TYPE_CHECKING:
    from tests.town import Town

    Captured = pytest.CaptureFixture[str]

__all__ = ["fresh", "slept"]
pytestmark = pytest.mark.usefixtures("slept")


def test_a_field_that_is_no_text_is_refused(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.add_field(OrgField(KEY_FIELD, "double", "Number", precision=18))
    for hidden in (False, True):
        if hidden:
            salesforce.org.access.hide_field(KEY_FIELD)
        assert run(salesforce, "setup", "--yes") == 2
        told = capsys.readouterr().err
        assert "Activity.Apten_Call_Id__c is there already and is no text field" in told
        assert "Nothing was changed." in told
    assert len(salesforce.org.tables["PermissionSet"].rows) == 0


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"external_id": True}, "looks for each call before it writes (MAP416)"),
        ({"unique": True, "case_sensitive": True}, "looks for each call before it writes (MAP416)"),
        ({"external_id": True, "unique": True}, "take"),
    ],
)
def test_a_field_that_is_less_than_it_could_be_is_left_as_it_is(
    salesforce: Town, flags: dict[str, Any], told: str, capsys: Captured
) -> None:
    weak = OrgField(KEY_FIELD, "string", "Ours", 255, **flags)
    salesforce.org.add_field(weak)
    assert run(salesforce, "setup", "--yes") == 0
    said = capsys.readouterr().out
    assert "It is left as it is." in said
    assert told in said
    assert key(salesforce.org) == weak


def test_a_field_that_is_there_but_hidden_is_granted_and_not_made_again(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.access.hide_field(KEY_FIELD)
    assert run(salesforce, "setup", "--yes") == 0
    assert "there already  key field" in capsys.readouterr().out
    assert salesforce.org.access.fields("Task")[KEY_FIELD].createable


def test_fields_of_the_same_name_elsewhere_are_others(fresh: Town) -> None:
    for name, of in ((KEY_FIELD, "Lead"), (f"ns__{KEY_FIELD}", "Task")):
        fresh.org.add_field(OrgField(name, "double", "Another", precision=18), of=of)
        fresh.org.access.hide_field(name, of)
    assert run(fresh, "setup", "--yes") == 0
    assert key(fresh.org).type == "string"


def test_a_field_of_a_package_is_granted_but_not_made(fresh: Town, capsys: Captured) -> None:
    change(fresh.mapping_path, ("key: Apten_Call_Id__c", "key: ns__Call__c"))
    assert run(fresh, "setup", "--yes") == 2
    assert "a package's field cannot be made" in capsys.readouterr().err
    fresh.org.add_field(OrgField("ns__Call__c", "string", "Call", 255, external_id=True, unique=True))
    fresh.org.access.hide_field("ns__Call__c")
    assert run(fresh, "setup", "--yes") == 0
    assert granted(fresh.org)["Task.ns__Call__c"] == "rw"


def test_a_standard_field_as_key_needs_no_making(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.mapping_path, ("key: Apten_Call_Id__c", "key: CallObject"))
    assert run(salesforce, "setup", "--yes") == 0
    assert "A standard field" in capsys.readouterr().out
    assert not any(place.endswith("CallObject") for place in granted(salesforce.org))
    change(salesforce.mapping_path, ("key: CallObject", "key: NoSuchField"))
    assert run(salesforce, "setup", "--yes") == 2
    assert "a standard field cannot be made" in capsys.readouterr().err


def test_an_object_of_its_own_gets_field_and_rights(fresh: Town) -> None:
    fresh.org.add_object("Call_Log__c", OrgField("Notes__c", "textarea", "Notes", 255))
    fresh.org.access.hide_field("Notes__c", "Call_Log__c")
    fresh.mapping_path.write_text(
        "version: 1\nactivity: salesforce/Call_Log__c\nkey: Apten_Call_Id__c\nfields:\n"
        "  Notes__c: {from: id}\n"
        "  OwnerId: {find: User, where: {Extension__c: {from: lead.phone}}}\n"
    )
    fresh.org.add_field(OrgField("Extension__c", "string", "Extension", 20), of="User")
    (fresh.folder / "salesforce.schema.yaml").unlink()
    assert run(fresh, "setup", "--yes") == 0
    assert fresh.org.tables["Call_Log__c"].object.fields[KEY_FIELD].unique
    assert KEY_FIELD not in fresh.org.tables["Task"].object.fields
    assert granted(fresh.org) == {
        "Call_Log__c": "rw",
        f"Call_Log__c.{KEY_FIELD}": "rw",
        "Call_Log__c.Notes__c": "rw",
        "User.Extension__c": "r",
    }


def test_a_field_of_the_mapping_that_is_not_there_is_left_to_the_reader(fresh: Town, capsys: Captured) -> None:
    change(fresh.mapping_path, ("\n  Status: Completed\n", "\n  Status: Completed\n  Nothing__c: x\n"))
    assert run(fresh, "setup", "--yes") == 2
    said = capsys.readouterr().out
    assert "for you to do  field Activity.Nothing__c" in said
    assert assigned(fresh.org) == ["integration@example.com"]


def test_a_hidden_field_of_the_mapping_is_granted(fresh: Town) -> None:
    fresh.org.add_field(OrgField("Extra__c", "string", "Extra", 80))
    fresh.org.access.hide_field("Extra__c")
    change(fresh.mapping_path, ("\n  Status: Completed\n", "\n  Status: Completed\n  Extra__c: x\n"))
    assert run(fresh, "setup", "--yes") == 0
    assert granted(fresh.org)["Task.Extra__c"] == granted(fresh.org)["Event.Extra__c"] == "rw"
