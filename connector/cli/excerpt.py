"""The lines in which two long texts differ, for a reader with little room."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest

MOST_LINES = 12
_FIRST_LINES = 3
LONGEST_LINE = 92
_BEFORE = 20
_GAP = "…"


def excerpt(old: str, new: str) -> list[str]:
    """The lines that differ, `-` before the old and `+` before the new ones, `…` where something is left out."""
    before, after = (text.split("\n") if text else [] for text in (old, new))
    lines: list[str] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        if lines:
            lines.append(_GAP)
        pairs = list(zip_longest(before[i:j], after[k:m]))
        lines += [_marked("-", one, other) for one, other in pairs if one is not None]
        lines += [_marked("+", other, one) for one, other in pairs if other is not None]
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], f"{_GAP} and {len(lines) - MOST_LINES + 1} lines more"]


def first_lines(text: str) -> list[str]:
    """The text's first lines, long ones cut, and how much more there is."""
    lines = text.split("\n")
    rest = len(lines) - _FIRST_LINES
    shown = [_cut(line, LONGEST_LINE) for line in lines[: _FIRST_LINES if rest > 1 else None]]
    return [*shown, f"{_GAP} and {rest} lines more"] if rest > 1 else shown


def _cut(line: str, room: int) -> str:
    return line if len(line) <= room else line[: room - 1] + _GAP


def _marked(mark: str, line: str, beside: str | None) -> str:
    """The line; of a long one the part where it begins to differ from the one beside it."""
    room = LONGEST_LINE - len(mark) - 1
    if len(line) > room:
        start = max(0, _where_they_part(line, beside or "") - _BEFORE)
        line = line if start < room // 2 else _GAP + line[start:]
    return f"{mark} {_cut(line, room)}".rstrip()


def _where_they_part(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))
