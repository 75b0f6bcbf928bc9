"""A problem found in a file the admin wrote, as data: code, place, what is wrong there, how to mend it.

One shape for the mapping, its tests and the config; drawn as text with the line and a caret, or as JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

_TAB = " " * 4
_WIDEST_VIEW = 240


@dataclass(frozen=True)
class SourceFile:
    """The text of a file with the name to show for it."""

    name: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.splitlines()

    def line(self, number: int) -> str:
        """The line with this 1-based number; empty if there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: 1-based line and column in characters, and how many characters it spans there."""

    file: SourceFile = field(repr=False)
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}:{self.column}"


class Severity(StrEnum):
    """An error stops a run, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem.

    Args:
        code: stable, never reused, e.g. `MAP201`.
        severity: error or warning.
        message: what kind of problem it is, in a few words: `unknown source field`.
        place: where.
        label: what is wrong at that very place: `a call has no field "durationSecs"`.
        help: how to mend it, or empty.
    """

    code: str
    severity: Severity
    message: str
    place: Place
    label: str = ""
    help: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it stops a run."""
        return self.severity is Severity.ERROR

    @property
    def about(self) -> str:
        """Tells it from others, wherever it stands in its file: code, file and what is wrong."""
        return f"{self.code} {self.place.file.name}: {self.label or self.message}"

    def as_json(self) -> dict[str, Any]:
        """The same record for programs."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "file": self.place.file.name,
            "line": self.place.line,
            "column": self.place.column,
            "width": self.place.width,
            "label": self.label,
            "help": self.help,
        }

    def render(self, *, colour: bool = False) -> str:
        """The whole diagnostic as text, without a line end."""
        # Imported where it is used: a mapping without mistakes is checked faster than this is loaded.
        from rich.cells import cell_len  # noqa: PLC0415

        bold, blue, tone, off = _colours(self.severity) if colour else ("", "", "", "")
        number = str(self.place.line)
        gutter = " " * len(number)
        line, start = _in_view(self.place.file.line(self.place.line), self.place.column - 1)
        before = " " * cell_len(line[:start].replace("\t", _TAB))
        carets = "^" * max(1, cell_len(line[start : start + self.place.width].replace("\t", _TAB)))
        rows = [
            f"{tone}{self.severity.value}[{self.code}]{off}{bold}: {self.message}{off}",
            f"{gutter}{blue}-->{off} {self.place}",
            f"{gutter} {blue}|{off}",
            f"{blue}{number} |{off} {line.replace(chr(9), _TAB)}",
            f"{gutter} {blue}|{off} {before}{tone}{carets}{f' {self.label}' if self.label else ''}{off}",
        ]
        rows += [f"{gutter} {blue}={off} {bold}help{off}: {line}" for line in self.help.splitlines()]
        return "\n".join(row.rstrip() for row in rows)


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem, described once: for the message, for `explain-code` and for the docs.

    Args:
        name: stable, never reused, e.g. `MAP201`.
        title: the kind of problem in a few words, e.g. `unknown source field`.
        means: what it means and why it matters.
        example: a line or two that bring it about.
        instead: the same, right.
        severity: error or warning.
    """

    name: str
    title: str
    means: str
    example: str
    instead: str
    severity: Severity = Severity.ERROR

    def at(self, place: Place, label: str = "", help: str = "") -> Diagnostic:  # noqa: A002 -- as in Diagnostic
        """The problem at a place."""
        return Diagnostic(self.name, self.severity, self.title, place, label, help)


def _in_view(line: str, at: int) -> tuple[str, int]:
    """The line, and where that place is in it; of a line longer than any terminal, the stretch around the place."""
    begin = min(max(0, at - _WIDEST_VIEW // 3), max(0, len(line) - _WIDEST_VIEW))
    end = begin + _WIDEST_VIEW
    before, after = "…" * (begin > 0), "…" * (end < len(line))
    return f"{before}{line[begin:end]}{after}", at - begin + len(before)


def _colours(severity: Severity) -> tuple[str, str, str, str]:
    tone = "\x1b[1;31m" if severity is Severity.ERROR else "\x1b[1;33m"
    return "\x1b[1m", "\x1b[1;34m", tone, "\x1b[0m"
