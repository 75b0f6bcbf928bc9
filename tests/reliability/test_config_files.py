"""Configs with one thing wrong: told at its line, with the path to it, and never by a traceback."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest

from connector.config import load_config
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, ENVIRON, PASSWORD, SESSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.reliability.scoreboard import HowMany

_REST = """\
ledger: sqlite:///apten-crm.db
sync:
  start: 2026-11-01
  overlap: 10m
  concurrency: 8
  stop_above: 2000
"""
_MORE = '  api_version: "66.0"\n  api_budget: 80%\n'
WHOLE = [
    APTEN + "  base_url: https://api.attent.app/v1\n" + DATABASE + _REST,
    *(f"# the config\n\n{APTEN}{crm}{_MORE}{_REST}" for crm in (CREDENTIALS, PASSWORD, SESSION)),
]
_SETTING = re.compile(r"(\s*)(\w+):( .+)?$")


@dataclass(frozen=True)
class Mutant:
    """A config with one thing wrong, and the line (from 1) at which that must be told."""

    text: str
    line: int
    how: str


def mutants(text: str) -> Iterator[Mutant]:
    """Every mutant of a config."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        setting = _SETTING.match(line)
        if setting is None:
            continue
        indent, name, value = setting.groups()
        yield from (
            Mutant("\n".join([*lines[:at], *new, *lines[at + 1 :]]) + "\n", at + 1 + further, how)
            for how, further, new in _wrong(indent, name, value)
        )


def _wrong(indent: str, name: str, value: str | None) -> Iterator[tuple[str, int, list[str]]]:
    """What may be wrong with a line: how, at which line from there it is told, and what stands there instead."""
    line = f"{indent}{name}:{value or ''}"
    for letter in range(len(name)):
        yield "a letter missing", 0, [f"{indent}{name[:letter]}{name[letter + 1 :] or 'x'}x:{value or ''}"]
        yield "a letter too many", 0, [f"{indent}{name[:letter]}q{name[letter:]}:{value or ''}"]
    for strange in ("colour", "api-key", "Sync", "kind_", "0", "~", "ünit"):
        yield (
            "an unknown setting",
            1 if value else 0,
            ([line, f"{indent}{strange}: x"] if value else [f"{indent}{strange}: x", line]),
        )
    yield "a tab", 0, [f"\t{indent}{name}:{value or ''}"]
    yield "no colon", 0, [f"{indent}{name}{value or ' x'}"]
    if value is None:
        for wrong in ("7", "[a]", "text", "true", "'x'", "[[]]"):
            yield "no section", 0, [f"{indent}{name}: {wrong}"]
        return
    yield "twice", 1, [line, line]
    yield "no space", 0, [f"{indent}{name}:{value.strip()}"]
    for wrong in ("[a, b]", "{a: b}", "[]", "{}", "[[1]]", "{a: {b: c}}"):
        yield "not one value", 0, [f"{indent}{name}: {wrong}"]
    for quote in ("'", '"', "[", "{", "%", "@", "`", "&a", "*a", "!x"):
        yield "YAML's own signs", 0, [f"{indent}{name}: {quote}{value.strip()}"]
    for blank in ("\u00a0", "\u2003", "\u200b"):
        yield "a space that is none", 0, [f"{indent}{name}:{blank}{value.strip()}"]


def refused(path: Path, mutant: Mutant) -> list[Diagnostic] | None:
    """What is told of a mutant; None if it is taken."""
    path.write_text(mutant.text, encoding="utf-8")
    try:
        load_config(path, ENVIRON)
    except ConfigError as error:
        return [each for each in error.diagnostics if isinstance(each, Diagnostic)]
    return None


def is_at(found: Diagnostic, mutant: Mutant) -> bool:
    """Whether it is told where it stands.

    Where YAML itself comes to grief, that shows in the line behind; a section that makes no choice is told as a whole.
    """
    line, code = found.place.line, found.code
    behind = mutant.line + 1 if code.startswith("YML") else mutant.line
    chooser = mutant.text.splitlines()[line - 1] == "crm:" and code == "CFG103"
    return (
        mutant.line <= line <= behind
        or (chooser and "needs `kind`" in found.label)
        or (chooser and "needs `auth`" in found.label)
    )


@pytest.mark.survives("L poison and config", "mutated configs")
def test_whatever_is_wrong_is_told_where_it_stands(
    tmp_path: Path, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    for needed in ("m.yaml",):
        (tmp_path / needed).write_text("")
    path = tmp_path / "config.yaml"
    for text in WHOLE:
        assert refused(path, Mutant(text, 0, "nothing")) is None
    every = [mutant for text in WHOLE for mutant in mutants(text)]
    cases = min(number(check=300, soak=len(every)), len(every))
    record_property("cases", cases)
    unplaced = []
    for mutant in Random(1).sample(every, cases):
        found = refused(path, mutant)
        if not any(is_at(each, mutant) for each in found or ()):
            shown = mutant.text.splitlines()[mutant.line - 1]
            told = [f"{each.code} {each.place.line} {each.label}" for each in found or ()]
            unplaced.append((mutant.how, shown, told))
            continue
        for each in found or ():
            assert f"{path}:{each.place.line}:{each.place.column}" in each.render()
    assert unplaced == []
