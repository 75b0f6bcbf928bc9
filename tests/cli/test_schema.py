"""`schema pull` saves what the CRM is, and `check --live` says where it went on from there."""

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from connector.cli.app import main
from connector.diagnostics import SourceFile
from connector.mapping.snapshot import dump_schema, load_schema
from tests.town import Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def org(build: Build, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = build("salesforce", calls=5, leads=2)
    monkeypatch.chdir(town.folder)
    return town


def snapshot(town: Town) -> Path:
    return town.folder / f"{town.kind}.schema.yaml"


def change_field(town: Town, name: str, **facts: object) -> None:
    town.org.add_field(replace(town.org.fields[name], **facts))  # type: ignore[arg-type]  # facts of a field


def test_what_is_pulled_is_the_org_and_passes_check(org: Town, capsys: Captured) -> None:
    snapshot(org).unlink()
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == "salesforce.schema.yaml: saved\n"
    saved = load_schema(SourceFile("x", snapshot(org).read_text()))
    assert saved.fields.keys() == org.org.fields.keys()
    assert main(["check"]) == 0
    assert main(["check", "--live"]) == 0
    assert "MAP412" not in capsys.readouterr().err


def test_pulling_again_changes_nothing_and_says_so(org: Town, capsys: Captured) -> None:
    main(["schema", "pull"])
    snapshot(org).write_text("# mine\n" + snapshot(org).read_text())
    capsys.readouterr()
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == "salesforce.schema.yaml: nothing has changed, left as it is\n"
    assert snapshot(org).read_text().startswith("# mine\n")


def test_a_change_in_the_org_is_told_and_changes_one_line(org: Town, capsys: Captured) -> None:
    main(["schema", "pull"])
    before = snapshot(org).read_text().splitlines()
    change_field(org, "Subject", length=100)
    org.org.add_field(replace(org.org.fields["Subject"], name="Topic__c"))
    org.org.remove_field("WhatId")
    capsys.readouterr()
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == (
        "salesforce.schema.yaml: 1 added, 1 removed, 1 changed\n"
        "  + Topic__c\n  - WhatId\n  ~ Subject: length: 255 → 100\n"
    )
    after = snapshot(org).read_text().splitlines()
    assert len(set(before) - set(after)) == 2
    assert len(set(after) - set(before)) == 2


def test_pull_for_programs(org: Town, capsys: Captured) -> None:
    main(["schema", "pull"])
    change_field(org, "Subject", length=100)
    capsys.readouterr()
    assert main(["schema", "pull", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "salesforce.schema.yaml",
            "new": False,
            "written": True,
            "added": [],
            "removed": [],
            "changed": {"Subject": ["length: 255 → 100"]},
        }
    ]


@pytest.mark.parametrize(
    "old", ["crm: [", "crm: salesforce\nobject: Event\ncounted: utf16\nfields: {A: {type: text}}\n"]
)
def test_a_snapshot_that_is_none_or_of_another_object_is_replaced(org: Town, capsys: Captured, old: str) -> None:
    snapshot(org).write_text(old)
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == "salesforce.schema.yaml: saved\n"
    assert main(["check"]) == 0


def test_print_writes_nothing(org: Town, capsys: Captured) -> None:
    before = snapshot(org).read_text()
    change_field(org, "Subject", length=100)
    assert main(["schema", "pull", "--print"]) == 0
    shown = capsys.readouterr().out
    schema = load_schema(SourceFile("x", shown))
    assert schema.fields["Subject"].length == 100
    assert dump_schema(schema) in shown
    assert main(["schema", "pull", "--print", "--format", "json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["written"], load_schema(SourceFile("x", record["schema"]))) == (False, schema)
    assert snapshot(org).read_text() == before


def test_every_mapping_of_the_config_gets_its_own(org: Town, capsys: Captured) -> None:
    second = org.folder / "second.yaml"
    text = org.mapping_path.read_text()
    second.write_text(text.replace("key: Apten_Call_Id__c", "key: {field: Apten_Call_Id__c, suffix: two}"))
    config = org.config_path.read_text()
    org.config_path.write_text(config.replace("mapping: salesforce.yaml", "mappings: [salesforce.yaml, second.yaml]"))
    snapshot(org).unlink()
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == "salesforce.schema.yaml: saved\nsecond.schema.yaml: saved\n"
    assert (org.folder / "second.schema.yaml").read_text() == snapshot(org).read_text()


def test_a_database_is_pulled_too(build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    town = build("database", calls=5, leads=2)
    monkeypatch.chdir(town.folder)
    assert main(["schema", "pull"]) == 0
    assert "nothing has changed" in capsys.readouterr().out, "the shipped snapshot is the table as it will be made"


def test_units_that_a_database_cannot_tell_stay(
    build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("database", calls=5, leads=2)
    monkeypatch.chdir(town.folder)
    town.run()
    main(["schema", "pull"])
    capsys.readouterr()
    assert "duration_seconds: {type: integer, label: " in snapshot(town).read_text()
    assert snapshot(town).read_text().count("unit: seconds") == 2
    assert main(["schema", "pull"]) == 0
    assert "nothing has changed" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_an_error_that_says_so(org: Town, capsys: Captured) -> None:
    snapshot(org).unlink()
    snapshot(org).symlink_to(org.folder / "missing" / "schema.yaml")
    assert main(["schema", "pull"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_link_to_a_shared_snapshot_stays_one(org: Town) -> None:
    shared = org.folder / "shared.yaml"
    snapshot(org).rename(shared)
    snapshot(org).symlink_to(shared)
    assert main(["schema", "pull"]) == 0
    assert snapshot(org).is_symlink()
    assert "Apten_Call_Id__c" in shared.read_text()
    assert [path.name for path in org.folder.iterdir() if path.name.endswith(".new")] == []


def test_the_file_is_readable_as_any_other(org: Town) -> None:
    snapshot(org).unlink()
    main(["schema", "pull"])
    plain = org.folder / "plain"
    plain.touch()
    assert stat.S_IMODE(snapshot(org).stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_check_live_warns_of_drift_in_fields_that_the_mapping_uses(org: Town, capsys: Captured) -> None:
    main(["schema", "pull"])
    change_field(org, "Description", length=31_000)
    change_field(org, "WhatId", updateable=False)
    capsys.readouterr()
    assert main(["check", "--live", "--format", "json"]) == 0
    found = [each for each in json.loads(capsys.readouterr().out) if each["code"] == "MAP412"]
    line = org.mapping_path.read_text().splitlines()[found[0]["line"] - 1]
    assert (len(found), line.strip()) == (1, "Description:")
    assert main(["check"]) == 0
    assert "MAP412" not in capsys.readouterr().err
    main(["schema", "pull"])
    capsys.readouterr()
    assert main(["check", "--live"]) == 0
    assert "MAP412" not in capsys.readouterr().err


def test_a_field_that_is_gone_is_an_error_and_no_warning_beside_it(org: Town, capsys: Captured) -> None:
    main(["schema", "pull"])
    org.org.access.hide_field("Description")
    capsys.readouterr()
    assert main(["check", "--live", "--format", "json"]) == 2
    assert [each["code"] for each in json.loads(capsys.readouterr().out)] == ["MAP401"]
