"""Values that YAML takes for something else, because they are not quoted, or not as they should be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector import yaml_codes as codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.diagnostics import Code

GLUED_COLON = "without a space behind it the colon does not count"
TYPOGRAPHIC = "“”„‟«»‘’‚‛"  # noqa: RUF001 -- these it is about
"""Quotation marks that are letters to YAML."""

FOREIGN_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ") | dict.fromkeys(
    [0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF], ""
)
"""Spaces that are letters to YAML, by their numbers, with what is meant by each."""

_TYPOGRAPHIC = "a typographic quotation mark is a letter like any other"
_BEFORE = re.compile(r"(?:^\s*(?:- +)*|[{,]\s*)[\w.]+(?: [\w.]+)*\s*:\s+(?=\S)|^\s*(?:- +)+(?=\S)")
_AFTER = re.compile(r"(?<=\S)(?=[}\]]*\s*(?:,\s*[\w.]+:\s|(?:\s#.*)?$))")
_QUOTED = {"'": re.compile(r"'(?:[^']|'')*'"), '"': re.compile(r'"(?:[^"\\]|\\.)*"')}
_LIST_OR_MAP = re.compile(r"[\[{](?![{%])(?![\w ]*[\]}]\s*[^\s,\]}])")
_COLON = re.compile(r"^(?!.*,\s*[\w.]+:\s).*?(:)(?=\s|$)")
_FOREIGN = f"[{''.join(map(chr, FOREIGN_SPACES))}]"
_FOREIGN_EDGE = re.compile(rf"^{_FOREIGN}+|(?<=:){_FOREIGN}+|{_FOREIGN}+$")
_GLUED_KEY = re.compile(r"""[^\W\d][\w.]*:(?=[^\W\d]|[$"'\[{])""")
_GLUED_DASH = re.compile(r"""[-–—](?=[^\W\d]|["'\[{]| )""")  # noqa: RUF001 -- dashes of word processors
_COMMENT = re.compile(r"(?:^|(?<=\s))#")


@dataclass(frozen=True, slots=True)
class Misreading:
    """What YAML takes for something else: where in its line (columns count from 0), why, and what to do about it.

    `mended`: the line, or the value, as it should be. Without a `help`, that is what to write.
    """

    code: Code
    columns: tuple[int, int]
    label: str
    help: str = ""
    mended: str = ""


def unquoted(line: str) -> Iterator[Misreading]:
    """Every value that the line may hold and that would need other quotes; where a value ends is not sure."""
    ends = [found.start() for found in _AFTER.finditer(line)]
    for start in [found.end() for found in _BEFORE.finditer(line)]:
        for end in ends:
            for found in _misread(line[start:end]) if end > start else ():
                yield _within(line[:start], found, line[end:])


def _within(before: str, found: Misreading, after: str) -> Misreading:
    """What is misread, within its line."""
    advice = found.help
    if found.code is codes.BARE_BRACES and "{" not in before and not before.rstrip().endswith("text:"):
        advice = f"write {before.lstrip()}{{text: {found.mended}}}{after}"
    columns = (len(before) + found.columns[0], len(before) + found.columns[1])
    return replace(found, columns=columns, mended=before + found.mended + after, help=advice)


def taken_as_word(text: str, line: str) -> Misreading | None:
    """What is wrong with an unquoted text that YAML has read as one word, and that is meant to be more, or less.

    Args:
        text: what was typed; of several lines the first.
        line: if the text stands first in its line, all of the line from there on.
    """
    if space := _FOREIGN_EDGE.search(text):
        label, advice = foreign_space(space[0])
        return Misreading(codes.FOREIGN_SPACE, space.span(), label, advice)
    if text[0] in TYPOGRAPHIC:
        advice = f"write {quoted(text.strip(TYPOGRAPHIC))}; to have them in the text, write {quoted(text)}"
        return Misreading(codes.TYPOGRAPHIC, (0, 1), _TYPOGRAPHIC, advice)
    if key := _GLUED_KEY.match(line):
        return Misreading(codes.NO_SPACE, key.span(), GLUED_COLON, _parted(key[0], line[key.end() :]))
    if dash := _GLUED_DASH.match(line):
        return Misreading(codes.NO_DASH, dash.span(), glued_dash(dash[0]), _parted("-", line[dash.end() :]))
    return None


def _parted(one: str, other: str) -> str:
    """How to write two words that stand together as one."""
    otherwise = "" if other[0] in "\"'[{" else "; if it is one word, put it in quotes"
    return f"write {one} {other.strip()}{otherwise}"


def foreign_space(spaces: str) -> tuple[str, str]:
    """What is wrong with a space that is none, and what to do."""
    number = ord(spaces[0])
    if FOREIGN_SPACES[number]:
        return f"U+{number:04X} looks like a space and is none", "put plain spaces in its place"
    return f"U+{number:04X} cannot be seen, and counts like a letter", "take it out: write anew what is around it"


def glued_dash(dash: str) -> str:
    """What is wrong with the dash of a list item."""
    return "without a space behind it the dash does not count" if dash == "-" else "a long dash, which does not count"


def quoted(text: str) -> str:
    """The text in the quotes that suit it."""
    if not set('"\\') & set(text):
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _misread(value: str) -> Iterator[Misreading]:
    if value[0] in _QUOTED:
        yield from _misquoted(value, value[0])
    elif not _LIST_OR_MAP.match(value):
        for pattern, code, label, advice, mend in _MISREADINGS:
            if found := pattern.search(value):
                place = found.span(found.lastindex or 0)
                yield Misreading(code, place, label.format(found[0]), advice, mend(value))


def _misquoted(value: str, quote: str) -> Iterator[Misreading]:
    closed = _QUOTED[quote].match(value)
    if closed is None:
        yield Misreading(codes.QUOTE, (0, 1), "this quotation mark is not closed", mended=value + quote)
        return
    end = closed.end()
    if end == len(value):
        if quote == '"' and (at := value.find("\\")) >= 0:
            label = "in double quotes \\ has a meaning of its own"
            yield Misreading(codes.BACKSLASH, (at, at + 1), label, mended=quoted(value[1:-1]))
        return
    label = "the text ends at this quotation mark, and more follows"
    mended = value[:-1] if value[end:] == quote else quoted(value[1:-1] if value.endswith(quote) else value)
    yield Misreading(codes.AFTER_QUOTE, (end - 1, end), label, mended=mended)


_MISREADINGS: tuple[tuple[re.Pattern[str], Code, str, str, Callable[[str], str]], ...] = (
    (
        re.compile(r'^[^"]*(")$'),
        codes.QUOTE,
        "this quotation mark closes what none has opened",
        "",
        lambda value: f'"{value}',
    ),
    (
        re.compile(f"^[{TYPOGRAPHIC}]"),
        codes.TYPOGRAPHIC,
        _TYPOGRAPHIC,
        "",
        lambda value: quoted(value.strip(TYPOGRAPHIC)),
    ),
    (
        re.compile(r"^[|>](?![-+\d]*$)"),
        codes.NO_BAR,
        "the line does not end behind this {}",
        "leave it alone behind the colon, and write the text in the lines below, indented",
        lambda value: value[0],
    ),
    (re.compile(r"\{[{%]"), codes.BARE_BRACES, "without quotes YAML takes braces for a map", "", quoted),
    (re.compile(r"^[@`%*&!,?{[|>]"), codes.BEGINNING, "{} has a meaning of its own here", "", quoted),
    (_COMMENT, codes.GLUED_COMMENT, "# begins a comment", codes.GLUED_COMMENT.instead, quoted),
    (_COLON, codes.SECOND_COLON, "if this belongs to a text, the text needs quotes", "", quoted),
)
"""What YAML takes for something else where no quotes are: how it shows (the group, if there is one, is the place), why,
what to do, and the value as it should be."""
