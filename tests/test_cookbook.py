"""The recipes of the cookbook: files that work as an admin would use them, and pages that show lines of those files."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from connector.cli.app import main
from connector.diagnostics import SourceFile
from connector.mapping.snapshot import dump_schema, load_schema
from tests.documents import code_spans, fences
from tests.mapping.samples import HEAD, codes
from tests.town import ENVIRON

COOKBOOK = Path(__file__).parent.parent / "docs" / "how-to" / "cookbook"
RECIPES = sorted(page.parent.name for page in COOKBOOK.glob("*/README.md"))
SNAPSHOTS = sorted(COOKBOOK.glob("*/*.schema.yaml"))


def page(recipe: str) -> str:
    return (COOKBOOK / recipe / "README.md").read_text(encoding="utf-8")


def mappings(recipe: str) -> list[Path]:
    """The recipe's mappings, without what stands beside them."""
    return sorted(path for path in (COOKBOOK / recipe).glob("*.yaml") if path.name.count(".") == 1)


def config_of(recipe: str) -> str:
    """The lines that tell the config which mappings there are: the page's own, if it has any."""
    told = [block for block in fences(page(recipe), "yaml") if block.startswith("crm:")]
    return told[0].removeprefix("crm:\n") if told else f"  mapping: mappings/{mappings(recipe)[0].name}\n"


def test_the_contents_list_every_recipe() -> None:
    listed = re.findall(
        r"^\| .* \| \[.*\]\(([\w-]+)/README\.md\) \|$", (COOKBOOK / "README.md").read_text(), re.MULTILINE
    )
    assert sorted(listed) == RECIPES
    assert len(RECIPES) == 10


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_works_in_a_fresh_installation(
    recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    main(["init", "--crm", "salesforce"])
    new_org = Path("mappings/salesforce.schema.yaml").read_text(encoding="utf-8")
    for path in (COOKBOOK / recipe).glob("*.yaml"):
        shutil.copy(path, "mappings")
    for path in mappings(recipe):
        if not path.with_suffix(".schema.yaml").exists():
            Path("mappings", path.name).with_suffix(".schema.yaml").write_text(new_org, encoding="utf-8")
    text = Path("config.yaml").read_text(encoding="utf-8")
    named = config_of(recipe)
    assert text.count("\n  mapping: mappings/salesforce.yaml\n") == 1
    Path("config.yaml").write_text(text.replace("  mapping: mappings/salesforce.yaml\n", named), encoding="utf-8")
    capsys.readouterr()
    assert (main(["check"]), capsys.readouterr().err) == (0, "")
    assert (main(["test"]), capsys.readouterr().err) == (0, "")
    assert [path.name for path in mappings(recipe) if f"mappings/{path.name}" not in named] == []
    assert [path.name for path in mappings(recipe) if not path.with_suffix(".tests.yaml").exists()] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_line_that_a_page_shows_stands_in_one_of_its_files(recipe: str) -> None:
    files = [path.read_text(encoding="utf-8").splitlines() for path in mappings(recipe)]
    blocks = [block for block in fences(page(recipe), "yaml") if not block.startswith("crm:")]
    assert blocks
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        assert any(_in_this_order(lines, file) for file in files), block


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_page_links_every_file_beside_it(recipe: str) -> None:
    linked = set(re.findall(r"\]\(([\w.-]+\.yaml)\)", page(recipe)))
    assert linked == {path.name for path in (COOKBOOK / recipe).glob("*.yaml")}


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.parent.name)
def test_a_snapshot_is_written_as_schema_pull_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert _without_comments(text) == _without_comments(dump_schema(load_schema(SourceFile(path.name, text))))


def test_values_within_sentences_check() -> None:
    pages = [*COOKBOOK.rglob("*.md"), COOKBOOK.parent / "find-the-person.md"]
    spans = [span for path in pages for span in code_spans(path.read_text(encoding="utf-8"))]
    values = [span for span in spans if re.match(r"(Name: )?\{(from|find|text|cases|option): [^…]*$", span)]
    assert len(values) > 4
    head = (
        f"{HEAD}timezone: America/New_York\nperson: {{by: [lead.externalLeadId]}}\nfields:\n  WhoId: {{from: person}}\n"
    )
    for value in values:
        assert codes(f"{head}  Name: {value.removeprefix('Name: ')}\n") == [], value


def _in_this_order(lines: list[str], file: list[str]) -> bool:
    rest = iter(file)
    return all(line in rest for line in lines)


def _without_comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]
