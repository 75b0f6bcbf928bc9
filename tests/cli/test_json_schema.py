"""`schema print`, and the JSON Schema beside a mapping, which `init` writes and `schema pull` keeps up to date."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector.cli.app import main
from connector.shipped import shipped
from tests.town import Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


def printed(capsys: Captured, *arguments: str) -> dict[str, Any]:
    assert main(["schema", "print", *arguments]) == 0
    schema: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    return schema


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_file_any_field_goes(capsys: Captured) -> None:
    fields = printed(capsys, "mapping")["properties"]["fields"]
    assert fields["additionalProperties"] == {"$ref": "#/$defs/value"}


@pytest.mark.parametrize("part", ["mapping", "tests"])
def test_with_a_file_its_fields_are_named(capsys: Captured, part: str) -> None:
    file = str(shipped("mappings/salesforce.schema.yaml"))
    assert '"Apten_Call_Id__c"' in json.dumps(printed(capsys, part, "--crm-schema", file))
    assert '"Apten_Call_Id__c"' not in json.dumps(printed(capsys, part)["properties"].get("cases", {}))


def test_the_config_names_no_fields(capsys: Captured) -> None:
    assert printed(capsys, "config")["required"] == ["apten", "crm"]
    assert main(["schema", "print", "config", "--crm-schema", "x.yaml"]) == 2
    assert "--crm-schema" in capsys.readouterr().err


def test_a_file_without_fields_is_told_as_such(capsys: Captured) -> None:
    assert main(["schema", "print", "mapping", "--crm-schema", "none.yaml"]) == 2
    assert "none.yaml cannot be read" in capsys.readouterr().err
    Path("bad.yaml").write_text("crm: salesforce\n")
    assert main(["schema", "print", "mapping", "--crm-schema", "bad.yaml"]) == 2
    assert "bad.yaml:1:1" in capsys.readouterr().err


@pytest.mark.parametrize("crm", ["database", "salesforce"])
def test_init_writes_what_would_be_printed_and_names_it_in_the_mapping(capsys: Captured, crm: str) -> None:
    assert main(["init", "--crm", crm]) == 0
    capsys.readouterr()
    written = json.loads(Path(f"mappings/{crm}.mapping.schema.json").read_text(encoding="utf-8"))
    assert written == printed(capsys, "mapping", "--crm-schema", f"mappings/{crm}.schema.yaml")
    first, rest = Path(f"mappings/{crm}.yaml").read_text(encoding="utf-8").split("\n", 1)
    assert first == f"# yaml-language-server: $schema={crm}.mapping.schema.json"
    assert rest == shipped(f"mappings/{crm}.yaml").read_text(encoding="utf-8")


@pytest.fixture
def org(build: Build) -> Town:
    return build("salesforce", calls=5, leads=2)


EDITED = "salesforce.mapping.schema.json"


@pytest.mark.usefixtures("org")
def test_pull_writes_none_where_there_is_none() -> None:
    assert main(["schema", "pull"]) == 0
    assert not Path(EDITED).exists()


def test_pull_brings_it_up_to_date_and_says_so(org: Town, capsys: Captured) -> None:
    Path(EDITED).write_text("{}")
    org.org.add_field(replace(org.org.fields["Subject"], name="Topic__c"))
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out.endswith(f"{EDITED}: brought up to date, for editors\n")
    assert json.loads(Path(EDITED).read_text()) == printed(capsys, "mapping", "--crm-schema", "salesforce.schema.yaml")
    assert '"Topic__c"' in Path(EDITED).read_text()
    assert main(["schema", "pull"]) == 0
    assert EDITED not in capsys.readouterr().out


@pytest.mark.usefixtures("org")
def test_a_language_that_has_grown_reaches_it_though_no_field_has_changed(capsys: Captured) -> None:
    main(["schema", "pull"])
    Path(EDITED).write_text("{}")
    capsys.readouterr()
    assert main(["schema", "pull"]) == 0
    assert capsys.readouterr().out == (
        f"salesforce.schema.yaml: nothing has changed, left as it is\n{EDITED}: brought up to date, for editors\n"
    )


@pytest.mark.usefixtures("org")
def test_pull_with_print_leaves_it(capsys: Captured) -> None:
    Path(EDITED).write_text("{}")
    assert main(["schema", "pull", "--print"]) == 0
    assert Path(EDITED).read_text() == "{}"
    assert EDITED not in capsys.readouterr().out
