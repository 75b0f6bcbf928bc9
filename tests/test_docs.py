"""What README and docs claim is there, works as written, and is complete."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from connector import errors
from connector.cli.app import app
from connector.cli.json_schema import naming_its_schema
from connector.config import Config, load_config
from connector.crms.salesforce.adapter import Salesforce
from connector.diagnostics import SourceFile
from connector.errors import exit_code
from connector.mapping import shape
from connector.mapping.apply import compile_mapping
from connector.mapping.cases.read import read_cases
from connector.mapping.cases.run import differences
from connector.mapping.check import check
from connector.mapping.codes.registry import CODES as MAPPING_CODES
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Outcome
from connector.settings.catalogue import catalogue
from connector.settings.codes import CODES as CONFIG_CODES
from connector.shipped import shipped
from connector.sync import attempt, discover, settle
from docs.generate import PART, PARTS, ROOT, filled, pages
from docs.parts.commands import commands
from tests.documents import (
    anchors,
    code_spans,
    fences,
    section,
    top_keys,
    whole_mapping,
    write_what_it_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

README = ROOT / "README.md"
DOCS = ROOT / "docs"
COOKBOOK = "docs/how-to/cookbook/"  # tests/test_cookbook.py holds its pages against the files beside them
CONTENTS = ("docs/README.md", "docs/decisions/README.md", COOKBOOK + "README.md")
CALL_LOG = ROOT / COOKBOOK / "transcript-in-custom-object" / "call-log.schema.yaml"
PAGES = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in pages()}
REFERENCE = {path: text for path, text in PAGES.items() if path.startswith("docs/reference/")}
GLOSSARY = (
    *("call", "ref", "source", "lead", "mapping", "draft", "person", "link", "activity", "key", "receipt", "ledger"),
    *("run", "watermark", "outcome", "park", "left over", "stand-in", *(outcome.value for outcome in Outcome)),
)
EXIT_CODES = {0, 1, 2, 3, 130}


def test_no_generated_part_is_stale() -> None:
    stale = [path for path, text in PAGES.items() if filled(text) != text]
    assert stale == [], "run `make docs`"


def test_every_generated_part_is_shown_once() -> None:
    assert sorted(name for text in PAGES.values() for _, name, _ in PART.findall(text)) == sorted(PARTS)


def test_the_readme_is_short() -> None:
    assert README.read_text(encoding="utf-8").count("\n") <= 230


def test_the_readme_has_a_glossary_of_the_words_that_are_used() -> None:
    glossary = section(README.read_text(encoding="utf-8"), "Glossary").lower()
    assert [word for word in GLOSSARY if f"*{word}*" not in glossary] == []


def by_name(group: Any, prefix: str = "") -> dict[str, Any]:
    """Every command, those within groups by both names: `schema pull`."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        found |= by_name(command, f"{prefix}{name} ") if hasattr(command, "commands") else {prefix + name: command}
    return found


def test_every_command_is_in_the_readme_and_every_option_in_the_reference() -> None:
    listed = set(re.findall(r"^\| `([\w -]+)` \|", section(PAGES["README.md"], "Commands"), re.MULTILINE))
    known = by_name(typer.main.get_command(app))
    assert listed == set(known)
    reference = PAGES["docs/reference/commands.md"]
    options = {option for each in known.values() for param in each.params for option in param.opts}
    assert [option for option in options if option.startswith("--") and f"`{option}" not in reference] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_option_that_is_named_exists(path: str) -> None:
    known = {name.split(" ")[0] for each in commands() for name, _ in each.parameters} | {"--help", "--version"}
    named = {word for span in code_spans(PAGES[path]) for word in re.findall(r"^--[a-z-]+", span)}
    assert named - known == set()


def command_lines(text: str) -> Iterator[list[str]]:
    """The arguments of every call of `apten-crm` in a page: in code blocks, and in code within sentences."""
    scripts = [script for language in ("sh", "cron", "ini") for script in fences(text, language)]
    lines = [line for script in scripts for line in script.replace("\\\n", " ").splitlines()]
    for line in (*lines, *(span for span in code_spans(text) if span.startswith("apten-crm "))):
        for part in re.split(r"&&|\|(?= )|;|>", line.removeprefix("ExecStart=")):
            words = shlex.split(part, comments=True)
            if words and "=" not in words[0] and Path(words[0]).name == "apten-crm":
                yield ["1" if word == "N" else word for word in words[1:]]


def test_commands_are_found_wherever_they_stand() -> None:
    text = "```sh\nx && /a/apten-crm sync --quiet  # yes\n```\nAlso `apten-crm sync --allow N` and `apten-crm`.\n"
    assert list(command_lines(text)) == [["sync", "--quiet"], ["sync", "--allow", "1"]]


@pytest.mark.parametrize("path", PAGES)
def test_every_command_line_is_understood(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    group: Any = typer.main.get_command(app)
    for command in by_name(group).values():
        command.callback = lambda **_: 0
    for arguments in command_lines(PAGES[path]):
        try:
            group.main(arguments, standalone_mode=False)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the line is what matters
            pytest.fail(f"apten-crm {' '.join(arguments)}: {error}")
    capsys.readouterr()


def test_every_line_for_cron_is_quiet() -> None:
    lines = [line for text in PAGES.values() for script in fences(text, "cron") for line in script.splitlines()]
    runs = [line for line in lines if "apten-crm sync" in line]
    assert len(runs) > 1
    assert [line for line in runs if not line.endswith("apten-crm sync --quiet")] == []


def test_the_exit_codes_are_those_that_the_program_has() -> None:
    for text in (section(PAGES["README.md"], "Exit codes"), PAGES["docs/reference/exit-codes.md"]):
        codes = {int(code) for code in re.findall(r"^\| (\d+) \| [A-Z]", text, re.MULTILINE)}
        assert codes == EXIT_CODES
    ends = set(re.findall(r"^\| (\d) \| `(\w+)` \|", PAGES["docs/reference/exit-codes.md"], re.MULTILINE))
    named = [*errors.SetupError.__subclasses__(), *errors.RunError.__subclasses__()]
    assert ends == {(str(exit_code(kind.__new__(kind))), kind.__name__) for kind in named}


def test_every_setting_and_every_code_is_in_the_reference() -> None:
    settings, codes = REFERENCE["docs/reference/settings.md"], REFERENCE["docs/reference/diagnostics.md"]
    paths = {f"{each.section}.{each.name}".removeprefix(".") for each in catalogue(Config) if not each.is_section}
    assert [path for path in paths if f"| `{path}` |" not in settings] == []
    assert set(re.findall(r"^### (\w+):", codes, re.MULTILINE)) == {*MAPPING_CODES, *CONFIG_CODES}


def test_every_place_that_the_readme_lists_is_there() -> None:
    rows = re.findall(r"^\| (\[?`.*?) \|", section(PAGES["README.md"], "Where things live"), re.MULTILINE)
    places = [place for row in rows for place in code_spans(row)]
    assert len(places) > 5
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_every_link_leads_somewhere() -> None:
    broken = []
    for path, text in PAGES.items():
        for target, anchor in re.findall(r"\]\(([^)#\s]*)(#[^)\s]+)?\)", text):
            page = (ROOT / path).parent / target if target else ROOT / path
            there = page.exists() and (not anchor or anchor[1:] in anchors(page.read_text(encoding="utf-8")))
            broken += [] if there or target.startswith("https:") else [f"{path}: {target}{anchor}"]
    assert broken == []


def test_every_page_can_be_reached_from_the_contents() -> None:
    linked = {
        str((ROOT / contents).parent.joinpath(link).resolve().relative_to(ROOT))
        for contents in CONTENTS
        for link in re.findall(r"\]\(([^)#\s]+\.md)", PAGES[contents])
    }
    assert {path for path in PAGES if path.startswith("docs/")} - linked == {CONTENTS[0]}


@pytest.mark.parametrize(
    "path", [path for path, text in PAGES.items() if fences(text, "yaml") and COOKBOOK not in path]
)
def test_every_yaml_block_loads_and_checks(path: str, tmp_path: Path) -> None:
    for text in fences(PAGES[path], "yaml"):
        keys = top_keys(text)
        if {"crm", "apten"} <= keys:
            _load_config(text, tmp_path)
        elif keys == {"cases"}:
            mapping = compile_mapping(load(_shipped("mappings/salesforce.yaml")))
            found = read_cases(SourceFile(path, text), mapping, lambda _: None)
            assert [each.render() for each in found.diagnostics] == []
            assert [differences(case, mapping) for case in found.cases] == [()] * len(found.cases)
        elif {"crm", "object"} <= keys:
            assert load_schema(SourceFile(path, text)).fields
        else:
            assert keys <= set(shape.names(shape.FILE)), text
            _check_mapping(path, text)


def test_the_mistake_of_the_tutorial_is_told_as_it_shows() -> None:
    name = "mappings/salesforce.yaml"
    written = naming_its_schema(Path(name), _shipped(name).text)
    text = written.replace("{from: durationSeconds}", "{from: durationSecs}")
    (found,) = check(load(SourceFile(name, text)), load_schema(_shipped("mappings/salesforce.schema.yaml")))
    assert f"{found.render()}\n" in fences(PAGES["docs/tutorial.md"], "text")


def _load_config(text: str, folder: Path) -> None:
    write_what_it_names(text, folder)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    load_config(folder / "config.yaml", dict.fromkeys(re.findall(r"\$\{(\w+)\}", text), "secret"))


def _check_mapping(path: str, text: str) -> None:
    whole = whole_mapping(text)
    of_our_own = SourceFile(CALL_LOG.name, CALL_LOG.read_text(encoding="utf-8"))
    schema = of_our_own if "Call_Log__c" in whole else _shipped("mappings/salesforce.schema.yaml")
    found = check(load(SourceFile(path, whole)), load_schema(schema))
    assert [each.render() for each in found] == []


def _shipped(name: str) -> SourceFile:
    return SourceFile(name, shipped(name).read_text(encoding="utf-8"))


def _minutes(spans: tuple[timedelta, ...]) -> str:
    return ", ".join(f"{span // timedelta(minutes=1)}" for span in spans)


@pytest.mark.parametrize(
    ("page", "claim"),
    [
        ("how-a-sync-works", f"less {discover.CAP // timedelta(minutes=1)} minutes"),
        ("how-a-sync-works", f"listed again {discover.LOOK_AGAIN // timedelta(minutes=1)} minutes later"),
        ("how-a-sync-works", f"active in the last {discover.SWEEP_BACK.days} days"),
        ("how-a-sync-works", f"{discover.SWEEP_BUDGET:,} leads a run"),
        ("how-a-sync-works", f"more than {settle.SKEW // timedelta(minutes=1)} minutes ahead"),
        ("how-a-sync-works", f"sent up to {attempt.ATTEMPTS} times"),
        ("how-a-sync-works", f"waits of {attempt.SHORTEST_WAIT:g} to {attempt.LONGEST_WAIT:g} seconds"),
        ("how-a-sync-works", f"up to {attempt.LONGEST_ASKED_WAIT:g} seconds"),
        ("how-a-sync-works", f"up to {Salesforce.batch_size} activities a request"),
        ("settling", f"after 30 s, {_minutes(settle._RUNNING[1:])} min"),
        ("settling", f"after {settle._SOONEST_SEARCH // timedelta(minutes=1)} minutes at first"),
        ("settling", f"until the call is {settle.LOOKED_FOR.days} days old"),
        ("settling", f"after {settle.GIVE_UP_AFTER // timedelta(hours=1)} h"),
        ("settling", f"less than {settle.QUIET_AFTER // timedelta(minutes=1)} min ago"),
        ("settling", f"{_minutes(settle._EARLY)} min after its end"),
        ("settling", f"then {settle._LAST_INCOMPLETE // timedelta(hours=1)} h after that look"),
        ("settling", f"once more, {settle._LAST_COMPLETE // timedelta(hours=1)} h later"),
    ],
)
def test_numbers_in_the_explanations_are_those_of_the_code(page: str, claim: str) -> None:
    assert claim in " ".join(PAGES[f"docs/explanation/{page}.md"].split())
