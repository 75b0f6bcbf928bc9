"""Every code can be looked up without a config."""

import json
from pathlib import Path

import pytest

from connector.cli.app import main
from connector.diagnostics import Code
from connector.mapping.codes.registry import CODES as MAPPING_CODES
from connector.settings.codes import CODES as CONFIG_CODES

Captured = pytest.CaptureFixture[str]
ALL = {**MAPPING_CODES, **CONFIG_CODES}


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without a config."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("code", ALL.values(), ids=lambda code: code.name)
def test_every_code_is_explained_with_example_and_remedy(code: Code, capsys: Captured) -> None:
    assert main(["explain-code", code.name.lower()]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{code.severity}[{code.name}]: {code.title}\n")
    words = " ".join(shown.split())
    assert all(" ".join(part.split()) in words for part in (code.means, code.example, code.instead))


def test_a_code_for_programs(capsys: Captured) -> None:
    assert main(["explain-code", "MAP201", "--format", "json"]) == 0
    code = ALL["MAP201"]
    assert json.loads(capsys.readouterr().out) == {
        "code": "MAP201",
        "severity": "error",
        "title": code.title,
        "means": code.means,
        "example": code.example,
        "instead": code.instead,
    }


def test_without_a_code_all_are_listed(capsys: Captured) -> None:
    assert main(["explain-code"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == sorted(ALL)
    assert main(["--format", "json", "explain-code"]) == 0
    assert {each["code"]: each["title"] for each in json.loads(capsys.readouterr().out)} == {
        name: code.title for name, code in ALL.items()
    }


@pytest.mark.parametrize(("typed", "meant"), [("MPA225", "MAP225"), ("map-301", "MAP301"), ("hello", None)])
def test_an_unknown_code_is_an_error_that_names_a_likely_one(typed: str, meant: str | None, capsys: Captured) -> None:
    assert main(["explain-code", typed]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f'There is no code "{typed}".' in said.err
    assert "apten-crm explain-code" in said.err
    assert (f'Did you mean "{meant}"?' in said.err) is (meant is not None)
    assert meant is not None or "Did you mean" not in said.err
