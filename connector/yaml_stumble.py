"""Says what is wrong where PyYAML cannot read on: the slip behind it if one is sure, else where and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from connector import yaml_codes as codes
from connector.diagnostics import Place
from connector.yaml_slips import content_before, find_slip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector.diagnostics import Diagnostic, SourceFile

    Parser = Callable[[str], Iterable[Any]]

_MOST_TRIES = 60
_MOST_CHARACTERS = 1_000_000
"""So much is read in all while a slip is looked for, since each try means to read the text again."""

_NOT_BELOW = "this does not go on from line {above}"
_NOT_BEHIND = "this does not belong behind what stands before it in the line"
_BROKEN = {
    "',' or '": "between this and line {line} something is missing: a }}, a ], a comma or a quotation mark",
    "mapping values are not allowed": "a second colon in one line, or a mistake in the line above",
    "could not find expected ':'": "neither a name with a colon, nor part of the text above",
    "expected key": _NOT_BELOW,
    "expected <block end>": _NOT_BELOW,
    "'-' indicator": _NOT_BELOW,
}
"""PyYAML's words for what is broken, in both its parsers, and ours."""

_ENCLOSING = ("flow", "quoted", "simple key")
"""PyYAML's words for what a text may be broken within."""


@dataclass(frozen=True, slots=True)
class _Stumble:
    """Where reading stopped and why, the bracket or quotation mark that it stopped within, and the last event before.

    Lines and columns count from 0, as PyYAML's do.
    """

    line: int
    column: int
    why: str
    within: Any
    last: Any

    @property
    def begun(self) -> list[int]:
        """The lines where what it stopped within has begun, and a text of several lines that ended there."""
        spans = self.last is not None and self.last.start_mark.line < self.last.end_mark.line
        return [mark.line for mark in (self.within, self.last.start_mark if spans else None) if mark]


_SOMEWHERE = _Stumble(0, 0, "", None, None)
"""PyYAML always says where; should it not, the beginning of the file stands for it."""


def explain(file: SourceFile, parse: Parser) -> Diagnostic:
    """What is wrong with a text that the parser does not read to its end."""
    stumble = _stumble(file.text, parse) or _SOMEWHERE
    return _tab(file, stumble) or _slip(file, stumble, parse) or _general(file, stumble)


def _stumble(text: str, parse: Parser) -> _Stumble | None:
    """Where the parser stumbles over the text, if it does."""
    last = None
    try:
        for event in parse(text):
            last = event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        within = error.context_mark if any(word in (error.context or "") for word in _ENCLOSING) else None
        return _Stumble(mark.line, mark.column, error.problem or "", within, last) if mark else _SOMEWHERE
    except (yaml.YAMLError, UnicodeEncodeError):
        return None  # an unreadable character, further down
    return None


def _tab(file: SourceFile, stumble: _Stumble) -> Diagnostic | None:
    line = file.line(stumble.line + 1)
    indentation = line[: len(line) - len(line.lstrip())]
    column = indentation.find("\t") if "\t" in indentation else stumble.column
    if line[column : column + 1] != "\t":
        return None
    place = Place(file, stumble.line + 1, column + 1, max(1, indentation.count("\t")))
    help_ = "put spaces in its place, here and wherever else a line begins with a tab"
    return codes.TAB.at(place, "a tab; YAML indents with spaces only", help_)


def _slip(file: SourceFile, stumble: _Stumble, parse: Parser) -> Diagnostic | None:
    def reached(mended: list[str]) -> int | None:
        found = _stumble("\n".join(mended), parse)
        return None if found is None else min([found.line, *found.begun])

    tries = min(_MOST_TRIES, _MOST_CHARACTERS // (len(file.text) + 1))
    slip = find_slip(file.lines, _suspects(file.lines, stumble), stumble.line, reached, tries)
    if slip is None:
        return None
    start, end = slip.columns
    return slip.code.at(Place(file, slip.line + 1, start + 1, max(1, end - start)), slip.label, slip.help)


def _suspects(lines: list[str], stumble: _Stumble) -> list[int]:
    """The lines where the slip may be: where what stopped has begun, the last before, and the very line."""
    around = (*stumble.begun, content_before(lines, stumble.line), stumble.line)
    return sorted({line for line in around if line is not None and line < len(lines)})


def _general(file: SourceFile, stumble: _Stumble) -> Diagnostic:
    """No slip is sure: what the parser was within, where it stopped, and why."""

    def at(mark: Any) -> Place:
        return Place(file, mark.line + 1, mark.column + 1)

    last, within, why = stumble.last, stumble.within, stumble.why
    quoted = isinstance(last, yaml.ScalarEvent) and last.style in ("'", '"')
    if "end of stream" in why and within:
        return codes.QUOTE.at(at(within), "this quotation mark is not closed")
    if quoted and last.start_mark.line < last.end_mark.line == stumble.line:
        label = f"the text that begins here ends in line {last.end_mark.line + 1}, and more follows there"
        return codes.QUOTE.at(at(last.start_mark), label)
    above = content_before(file.lines, stumble.line)
    label = next((ours for theirs, ours in _BROKEN.items() if theirs in why), "nothing can be read from here on")
    if label == _NOT_BELOW and file.line(stumble.line + 1)[: stumble.column].strip():
        label = _NOT_BEHIND
    label = label.format(line=min(stumble.line + 1, len(file.lines)), above=1 if above is None else above + 1)
    return codes.NOT_YAML.at(at(within or stumble), label)
