"""Which two versions `preview --against` compares, and what it refuses to compare."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from connector.shipped import shipped
from tests.cli.conftest import change, run
from tests.cli.test_commands import FOUNDING_ID

if TYPE_CHECKING:
    from pathlib import Path

    from tests.town import Town

Captured = pytest.CaptureFixture[str]


def test_mistakes_on_both_sides_are_all_told_each_in_its_file(salesforce: Town, old: Path, capsys: Captured) -> None:
    change(old, ("  Subject:", "  Subjict:"))
    change(salesforce.mapping_path, ("durationSeconds", "durationSecs"))
    assert run(salesforce, "preview", "--against", str(old)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(rf"error\[MAP401\].*\n +--> {old}:\d+:3\n", said.err)
    assert re.search(rf"error\[MAP201\].*\n +--> {salesforce.mapping_path}:\d+:33\n", said.err)
    assert f"The mapping {salesforce.mapping_path} has 1 problem. The mapping {old} has 1 problem." in said.err
    assert salesforce.apten.requests == []


@pytest.mark.parametrize("broken", ["old", "new"])
def test_a_mistake_on_one_side_is_enough(salesforce: Town, old: Path, capsys: Captured, broken: str) -> None:
    path = old if broken == "old" else salesforce.mapping_path
    change(path, ("activity: salesforce/Task", "activity: Task"))
    assert run(salesforce, "preview", "--against", str(old)) == 2
    assert f"The mapping {path} has 1 problem." in capsys.readouterr().err


def test_the_old_version_is_held_against_the_same_schema_unless_it_has_its_own(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert "None of 1 call" in capsys.readouterr().out
    schema = (salesforce.folder / "salesforce.schema.yaml").read_text()
    own = old.with_name("old.schema.yaml")
    own.write_text(re.sub(r"(  Subject: \{.*length: )\d+", r"\g<1>20", schema))
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert "  Subject  Apten Outbound call… → Apten Outbound call: Completed\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("activity: database/Task", "old.yaml writes to database/Task.Apten_Call_Id__c, which no mapping of the"),
        (
            "key: {field: Apten_Call_Id__c, suffix: follow-up}",
            "old.yaml writes to salesforce/Task.Apten_Call_Id__c:foll",
        ),
        ("", "old.yaml writes to database/calls.call_id, which no mapping of the config does"),
    ],
)
def test_another_target_is_refused(salesforce: Town, old: Path, capsys: Captured, to: str, told: str) -> None:
    if to:
        key = to.split(":", maxsplit=1)[0]
        old.write_text(re.sub(rf"^{key}: .*", to, old.read_text(), flags=re.MULTILINE))
    else:
        shutil.copy(shipped("mappings/database.yaml"), old)
    assert run(salesforce, "preview", "--against", str(old)) == 2
    said = capsys.readouterr().err
    assert told in said
    assert f"{salesforce.mapping_path} to salesforce/Task.Apten_Call_Id__c." in said
    assert "Nothing was compared." in said
    assert salesforce.apten.requests == []


def test_a_file_that_is_not_there_is_told(salesforce: Town, capsys: Captured) -> None:
    assert run(salesforce, "preview", "--against", "none.yaml") == 2
    assert "none.yaml cannot be read" in capsys.readouterr().err


def several(salesforce: Town, key: str) -> Path:
    """A second mapping in the config, with this key."""
    path = salesforce.folder / "second.yaml"
    path.write_text(salesforce.mapping_path.read_text().replace("key: Apten_Call_Id__c", f"key: {key}"))
    shutil.copy(salesforce.folder / "salesforce.schema.yaml", salesforce.folder / "second.schema.yaml")
    change(salesforce.config_path, ("  mapping: salesforce.yaml", "  mappings: [salesforce.yaml, second.yaml]"))
    return path


def test_of_several_mappings_the_one_with_the_same_target_is_compared(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    second = several(salesforce, "{field: Apten_Call_Id__c, suffix: second}")
    shutil.copy(second, old)
    change(second, ("{value: Normal}", "{value: Low}"))
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{old} → {second}, salesforce/Task.Apten_Call_Id__c:second\n")
    assert "  Priority  Normal → Low\n" in said


def test_of_several_mappings_with_the_same_target_none_is_guessed(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    second = several(salesforce, "Apten_Call_Id__c")
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 2
    said = capsys.readouterr().err
    assert (
        f"Several mappings write to salesforce/Task.Apten_Call_Id__c: {salesforce.mapping_path} and {second}." in said
    )
    assert "--config" in said


@pytest.mark.parametrize("against", [True, False])
def test_a_mapping_of_the_config_for_another_crm_is_refused(
    salesforce: Town, old: Path, capsys: Captured, against: bool
) -> None:
    for path in (old, salesforce.mapping_path):
        shutil.copy(shipped("mappings/database.yaml"), path)
    (salesforce.folder / "salesforce.schema.yaml").unlink()
    assert run(salesforce, "preview", *(["--against", str(old)] if against else [])) == 2
    assert "writes to database, but crm.kind is salesforce" in capsys.readouterr().err
    assert salesforce.apten.requests == []
