"""A slip is told in the line where it is, whichever line of a mapping that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector import yaml_stumble
from connector.diagnostics import SourceFile
from connector.shipped import shipped
from connector.yaml_slips import Slip, find_slip
from connector.yaml_text import YamlError, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.diagnostics import Diagnostic

ENTRY = re.compile(r" *(?:\w+:|- )")
TEXTS = [shipped(f"mappings/{name}.yaml").read_text(encoding="utf-8") for name in ("salesforce", "database")]


def told(text: str) -> list[Diagnostic]:
    """What is told about a text; nothing, if it can be read."""
    try:
        read(SourceFile("a.yaml", text))
    except YamlError as error:
        return list(error.diagnostics)
    return []


def places(text: str) -> list[tuple[str, int]]:
    """Code and line of all that is told about a text."""
    return [(found.code, found.place.line) for found in told(text)]


def only(pattern: str, replacement: str) -> Callable[[str], str]:
    """Changes a line where the pattern is, and there once."""
    return lambda line: re.sub(pattern, replacement, line, count=1)


SLIPS = {
    "a tab": ("YML102", only(r"^  (?=\w+: \S)", "\t")),
    "no space after the colon": ("YML113", only(r"^(  \w+): (?=[\w{])", r"\1:")),
    "an opened quote": ("YML115", only(r'(: "[^"]*)"', r"\1")),
    "a brace not closed": ("YML117", only(r"\}$", "")),
    "a bracket not closed": ("YML117", only(r"\]$", "")),
    "a brace too many": ("YML117", only(r"\}$", "}}")),
    "no comma": ("YML118", only(r"(\w), (?=\w+: )", r"\1 ")),
    "one space too many": ("YML119", only(r"^  (?=(?!by)\w+: \S)", "   ")),
    "one space too few": ("YML119", only(r"^  (?=(?!by)\w+: \S)", " ")),
    "a second colon": ("YML120", only(r"^(  \w+: )(?=[A-Z]\w+$)", r"\1Call: ")),
    "a character that means something": ("YML121", only(r"^(  \w+: )(?=[A-Z]\w+$)", r"\1@")),
    "typographic quotes": ("YML122", only(r'(: )"([^"]*)"', r"\1“\2”")),
    "a space of a web page": ("YML123", only(r"^  (?=\w+: \S)", "\u00a0\u00a0")),
    "no dash": ("YML127", only(r"^( +)- ", r"\1-")),
    "quotes in quotes": ("YML116", only(r'(: "[^"]* )(?=\w)', r'\1"so" ')),
}


def planted(slip: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    """A mapping with the slip in each of its lines where it can be, with that line's number."""
    for text in TEXTS:
        lines = text.split("\n")
        for at, line in enumerate(lines):
            if ENTRY.match(line) and line != slip(line):
                yield at + 1, "\n".join([*lines[:at], slip(line), *lines[at + 1 :]])


@pytest.mark.parametrize(("code", "slip"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_by_its_name_in_the_very_line(code: str, slip: Callable[[str], str]) -> None:
    found = [(line, places(text)) for line, text in planted(slip)]
    assert found
    assert [place for _, place in found] == [[(code, line)] for line, _ in found]


@pytest.mark.parametrize("character", "@`%*&!?,|>[{")
def test_whatever_a_text_must_not_begin_with_the_help_says_how_to_write_it(character: str) -> None:
    written = f"{character}Apten{ {'[': ']', '{': '}'}.get(character, '') } call"
    for value in (written, f"{{value: {written}}}"):
        for found in told(f"fields:\n  Status: Completed\n  Subject: {value}\n  Priority: High\n"):
            assert found.place.line == 3, value
            assert "quotes" in found.help or "write" in found.help


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["a: 1", "b: {c: d", "e: f"], ("YML117", 2)),
        (["a: 1", "b: {", "  c: d,", "e: f"], ("YML101", 2)),
        (["a: {", "  b: c", "  d: e", "}"], ("YML118", 2)),
        (["a: 'b", "c: d' e", "f: g"], ("YML115", 1)),
        (["a:", "  text: |", "    one", "   two", "b: c"], ("YML124", 4)),
        (["a:", "  text: |", "  one {{ b }}", "  two", "c: d"], ("YML124", 3)),
        (["a:", "  text: |", "", "# aside", "b: c: d"], ("YML120", 5)),
        (["a", "  b: c", "d: e"], ("YML126", 1)),
        (["a; b", "c: d", "e: f"], ("YML126", 1)),
        (["a:", "  - b", "   - c: d", "e: f"], ("YML119", 3)),
        (["a: {b; c}: {", "  d: [e f: g]", "h: i"], ("YML101", 1)),
        (["a:", "  - b: c", "  d: e", "  f: g", "h: i"], ("YML101", 3)),
        (["a: {b: c #1}", "d: e"], ("YML112", 1)),
        (["a:", "  cases:", "    - {b: c}", "  - {d: e}", "f: g"], ("YML119", 4)),
        (["a:", "  - when: b", "     value: c", "d: e"], ("YML119", 3)),
        (["a:", "  b:c", "  d:e", "  f: g"], ("YML113", 2)),
        (["a:", "\u2013 {b: c, d: e}", "\u2013 {f: g, h: i}", "j: k"], ("YML127", 2)),
        (["a:", "  text: |", "    one", "b:", "c d", "e: f"], ("YML126", 5)),
    ],
)
def test_the_line_is_told_where_the_slip_is_and_not_where_the_parser_stumbles(
    lines: list[str], place: tuple[str, int]
) -> None:
    assert places("\n".join(lines)) == [place]


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('a: "b""', 'write a: "b"'),
        ("a: 'it's'", 'write a: "it\'s"'),
        ("a: '\"it's\"'", "write a: '\"it''s\"'"),
        ('a: {text: "b {{ c }} d, e: f}', 'write a: {text: "b {{ c }} d", e: f}'),
        ("a: {{ b }} c", 'write a: {text: "{{ b }} c"}'),
        ("text: {{ b }} c", 'write text: "{{ b }} c"'),
        ("a: {text: b {{ c }}}", 'write a: {text: "b {{ c }}"}'),
        ("a:\n  - when: b\n     value: c", "begin this line with 4 spaces"),
        ("a: | b", "leave it alone behind the colon, and write the text in the lines below, indented"),
    ],
)
def test_the_help_says_what_to_write(line: str, instead: str) -> None:
    assert [found.help for found in told(f"{line}\nz: z\n")] == [instead]


def test_what_does_not_belong_behind_a_value_is_told_apart_from_what_does_not_belong_below_it() -> None:
    (behind,), (below,) = told("a: {b: c} d\ne: f"), told("a:\n  - b\n  c: d\n  e: f")
    assert "behind" in behind.label
    assert "line 2" in below.label


def test_of_two_slips_the_first_is_told() -> None:
    assert places("a: {b: c\nd: e\nf: g: h\ni: j\nk: l\n") == [("YML117", 1)]


def test_without_a_sure_slip_both_lines_are_named() -> None:
    (found,) = told("a: {b: c,\n  d: e\nf: g\n")
    assert (found.code, found.place.line) == ("YML101", 1)
    assert "line 3" in found.label


lines_of_anything = st.lists(st.text(st.sampled_from("ab :-{}[]#&*!|>'\"\t%@`?,“\u00a0")), min_size=1, max_size=8)


@given(lines_of_anything, st.integers(0, 7), st.integers(0, 7), st.integers(0, 30))
def test_a_slip_is_told_only_if_mending_it_helps(lines: list[str], suspect: int, stumbled: int, tries: int) -> None:
    asked: list[list[str]] = []

    def never(mended: list[str]) -> int:
        asked.append(mended)
        return stumbled

    suspects, stumbled = [suspect % len(lines), (suspect + 1) % len(lines)], stumbled % len(lines)
    assert find_slip(lines, suspects, stumbled, never, tries) is None
    assert len(asked) <= tries
    slip = find_slip(lines, suspects, stumbled, lambda _: None, tries)
    assert (slip is None) == (not asked)
    assert slip is None or (0 <= slip.columns[0] <= len(lines[slip.line]) and slip.mended != lines)


def test_a_long_text_is_not_read_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def counted(*arguments: object) -> Slip | None:
        given.append(int(str(arguments[-1])))
        return None

    monkeypatch.setattr(yaml_stumble, "find_slip", counted)
    for size in (10, 100_000, 999_000):
        assert told(f"# {'x' * size}\na: b: c\n")
    assert given == [60, 9, 1]
