"""`check --format github`: each problem stands beside its line of a pull request."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cli.annotations import annotation
from connector.cli.app import main
from connector.diagnostics import Diagnostic, Place, Severity, SourceFile
from tests.town import Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]
FORM = re.compile(r"::(error|warning) file=([^,:]*),line=(\d+),col=(\d+),title=([^,:]*)::(.*)")

texts = st.text(st.sampled_from("a:,%\n\r é=0AD25"), min_size=1)


@pytest.fixture
def town(build: Build, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town whose folder is the working directory."""
    built = build("salesforce", calls=5, leads=2)
    monkeypatch.chdir(built.folder)
    return built


@given(texts, texts, texts, texts)
def test_whatever_stands_in_an_annotation_is_read_back_from_its_one_line(
    file: str, message: str, label: str, advice: str
) -> None:
    problem = Diagnostic("MAP201", Severity.WARNING, message, Place(SourceFile(file, ""), 3, 7), label, advice)
    found = FORM.fullmatch(annotation(problem))
    assert found is not None
    severity, *facts = found.groups()
    assert severity == "warning"
    assert [unquote(fact) for fact in facts] == [file, "3", "7", f"MAP201 {message}", f"{label}\n{advice}"]


def test_every_problem_is_one_line_at_its_place(town: Town, capsys: Captured) -> None:
    town.mapping_path.write_text(town.mapping_path.read_text().replace("from: durationSeconds", "from: durationSecs"))
    assert main(["check", "--format", "github"]) == 2
    said = capsys.readouterr()
    annotated = [line for line in said.out.splitlines() if line.startswith("::")]
    assert len(annotated) == 1
    at = next(n for n, line in enumerate(town.mapping_path.read_text().splitlines(), 1) if "durationSecs}" in line)
    column = town.mapping_path.read_text().splitlines()[at - 1].index("durationSecs") + 1
    assert annotated[0] == (
        f"::error file=salesforce.yaml,line={at},col={column},title=MAP201 unknown source field::"
        'a call has no field "durationSecs"%0Adid you mean "durationSeconds"?'
    )
    assert said.out.splitlines()[-1] == "1 error, 0 warnings in 1 mapping and the config"
    assert said.err == ""


def test_without_problems_nothing_is_annotated(town: Town, capsys: Captured) -> None:
    assert main(["--format", "github", "check", str(town.mapping_path)]) == 0
    assert capsys.readouterr().out == "1 mapping checked: no problems\n"


def test_a_config_that_cannot_be_used_is_annotated_too(town: Town, capsys: Captured) -> None:
    town.config_path.write_text(town.config_path.read_text().replace("ledger:", "legder:"))
    assert main(["check", "--format", "github"]) == 2
    assert "::error file=config.yaml,line=" in capsys.readouterr().out
    town.config_path.unlink()
    assert main(["check", "--format", "github"]) == 2
    assert capsys.readouterr().out.startswith("::error::")


@pytest.mark.parametrize("command", ["status", "sync", "preview", "explain-code", "schema pull", "init", "demo"])
def test_no_other_command_annotates_and_each_says_so_before_it_does_anything(
    town: Town, capsys: Captured, command: str
) -> None:
    before = sorted(town.folder.iterdir())
    assert main(["--format", "github", *command.split()]) == 2
    assert "`--format github` is for `apten-crm check` alone" in capsys.readouterr().err
    if command not in {"init", "demo"}:
        assert main([*command.split(), "--format", "github"]) == 2
        assert "`--format github` is for `apten-crm check` alone" in capsys.readouterr().err
    assert sorted(town.folder.iterdir()) == before
    assert town.requests() == (0, 0)
