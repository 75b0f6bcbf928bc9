"""`apten-crm test`: what it prints, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main
from tests.town import ENVIRON

if TYPE_CHECKING:
    from pathlib import Path

Captured = pytest.CaptureFixture[str]


@pytest.fixture(params=["database", "salesforce"])
def crm(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> str:
    """What `init` writes for this CRM, in the working directory, and no key anywhere."""
    monkeypatch.chdir(tmp_path)
    for name in ENVIRON:
        monkeypatch.delenv(name)
    crm: str = request.param
    assert main(["init", "--crm", crm]) == 0
    capsys.readouterr()
    return crm


def test_what_init_writes_passes_without_any_key(crm: str, capsys: Captured) -> None:
    assert main(["test"]) == 0
    said = capsys.readouterr()
    assert said.out.endswith(" passed, 0 failed\n")
    assert said.err == ""
    assert main(["--config", "none.yaml", "test", f"mappings/{crm}.yaml"]) == 0
    assert capsys.readouterr() == said


@pytest.mark.parametrize("crm", ["salesforce"], indirect=True)
def test_a_change_of_the_mapping_that_breaks_a_case_is_shown_field_by_field(
    crm: str, tmp_path: Path, capsys: Captured
) -> None:
    mapping = tmp_path / "mappings" / f"{crm}.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("value: High", "value: Low").replace("Apten call {{ id }}", "{{ id }}"), "utf-8")
    assert main(["test"]) == 1
    said = capsys.readouterr().out
    assert "failed: an inbound call that was put through has high priority  (mappings/salesforce.tests.yaml:" in said
    assert "  Priority\n    expected: High\n    got:      Low\n" in said
    assert "\n              Apten call call-2\n    got:      Zoë" in said
    assert said.endswith("11 cases: 7 passed, 4 failed\n")
    assert main(["test", "--format", "json"]) == 1
    cases = json.loads(capsys.readouterr().out)
    assert [each["passed"] for each in cases].count(False) == 4
    assert {"what": "Priority", "expected": "High", "got": "Low"} in [one for c in cases for one in c["differences"]]
    assert all(each["file"] == "mappings/salesforce.tests.yaml" and each["line"] for each in cases)


def test_files_with_mistakes_end_with_2_and_nothing_is_run(crm: str, tmp_path: Path, capsys: Captured) -> None:
    tests = tmp_path / "mappings" / f"{crm}.tests.yaml"
    tests.write_text("cases:\n  - {name: one, call: {durationSecs: 9}, expect: {waits: true}}\n")
    assert main(["test"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"error[MAP501]: a field that Apten does not send\n --> mappings/{crm}.tests.yaml:2:24" in said.err
    tests.unlink()
    assert main(["test"]) == 2
    assert "There are no tests beside" in capsys.readouterr().err


def test_a_file_that_a_case_names_is_found_beside_the_tests(crm: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "mappings" / "calls").mkdir()
    (tmp_path / "mappings" / "calls" / "one.json").write_text('{"summary": "Done"}')
    tests = tmp_path / "mappings" / f"{crm}.tests.yaml"
    tests.write_text("cases:\n  - {name: one, call: calls/one.json, expect: {waits: false}}\n")
    assert main(["test"]) == 0
    assert capsys.readouterr().out == "1 case: 1 passed, 0 failed\n"


@pytest.mark.parametrize("name", ["none.json", ".", '"\\0.json"'])
def test_a_file_that_cannot_be_read_is_told_where_it_is_named(
    crm: str, tmp_path: Path, capsys: Captured, name: str
) -> None:
    tests = tmp_path / "mappings" / f"{crm}.tests.yaml"
    tests.write_text(f"cases:\n  - {{name: one, call: {name}, expect: {{waits: false}}}}\n")
    assert main(["test"]) == 2
    assert "error[MAP503]" in capsys.readouterr().err
