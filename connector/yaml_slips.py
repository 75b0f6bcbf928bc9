"""Finds the slip for which a text is not YAML: where it is, and not where the parser stumbled over it.

Each supposition below takes one kind of slip to be in a line, and mends it. A slip is told only if the parser reads on
beyond the place where it stumbled once the slip is mended; so nothing is claimed that is not so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from connector import yaml_codes as codes
from connector.yaml_values import FOREIGN_SPACES, GLUED_COLON, foreign_space, glued_dash, unquoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from connector.diagnostics import Code

_LONGEST_LINE = 500
_FURTHEST_SIBLING = 50
_WORD = r"[^\W\d][\w.]*"
_KEY = re.compile(r"\s*(?:- +)*[\w.]+(?: [\w.]+)*\s*:(?:\s|$)")
_GLUED_KEY = re.compile(rf"(?:(?<=[{{,])\s*|^\s*(?:- +)?)(?P<key>{_WORD}):(?=[^\s:/\\,}}])")
_GLUED_DASH = re.compile(r"^(?P<before>\s*)(?P<dash>-(?=[^\s-])|[–—])\s*")  # noqa: RUF001 -- dashes of word processors
_NO_COLON = re.compile(rf"(?P<key>\s*(?:- +)?{_WORD})(?:\s*[=：;,]\s*|\s+|$)")  # noqa: RUF001 -- a full-width colon
_NO_COMMA = re.compile(rf"(?<=[^\s,{{\[:])(?=\s+{_WORD}:\s)")
_NO_OPENING = re.compile(rf"\s*(?:- +)?{_WORD}: +(?={_WORD}: )")
_QUOTED = r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\""""
_BRACKET = re.compile(rf"(?<![^\s\[{{,:])(?:{_QUOTED})|(?<!\S)#.*|[\[\]{{}}]")
_TEXT_BEGINS = re.compile(r"\s*(?:- +)*\S.*:\s+[|>][-+\d]*\s*$")
_PARTNER = {"{": "}", "[": "]"}
_FOREIGN = re.compile(rf"(?:^\s*?|(?<=[:-])|(?<=[:-] ))(?P<space>[{''.join(map(chr, FOREIGN_SPACES))}]+)")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong, where (lines and columns count from 0), what to do about it, and all lines without it."""

    code: Code
    line: int
    columns: tuple[int, int]
    label: str
    help: str
    mended: list[str]


def find_slip(
    lines: list[str], suspects: Iterable[int], stumbled: int, stumbles: Callable[[list[str]], int | None], tries: int
) -> Slip | None:
    """The likeliest slip in one of the suspect lines; None if none is sure.

    Args:
        lines: the text.
        suspects: the lines where the slip may be; they count from 0, as all lines here.
        stumbled: the line where the parser stumbled.
        stumbles: in which line it stumbles over another text; None if over none.
        tries: how often it may be asked.
    """
    at = [line for line in suspects if len(lines[line]) <= _LONGEST_LINE]
    supposed = (slip for suppose in _SUPPOSITIONS for line in at for slip in suppose(lines, line))
    best, furthest = None, stumbled
    next_line = _content_after(lines, stumbled) or stumbled
    for slip in islice(supposed, tries):
        reached = stumbles(slip.mended)
        if reached is None:
            return slip
        # Two lines may well be wrong in the same way, and then go together.
        beyond = next_line if slip.code is codes.INDENTATION else slip.line
        if reached > max(furthest, beyond):
            best, furthest = slip, reached
    return best


def _in_line(
    code: Code, lines: list[str], at: int, columns: tuple[int, int], label: str, *, line: str, advice: str = ""
) -> Slip:
    """A slip that is mended by writing the line so."""
    mended = [*lines[:at], line, *lines[at + 1 :]]
    return Slip(code, at, columns, label, advice or f"write {line.strip()}", mended)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def content_before(lines: list[str], at: int) -> int | None:
    """The nearest line above that is neither empty nor a comment."""
    return next((above for above in reversed(range(at)) if _is_content(lines[above])), None)


def _content_after(lines: list[str], at: int) -> int | None:
    return next((below for below in range(at + 1, len(lines)) if _is_content(lines[below])), None)


def _spaces(count: int) -> str:
    return f"{count} space" + ("" if count == 1 else "s") if count else "no spaces"


def _foreign_spaces(lines: list[str], at: int) -> Iterator[Slip]:
    if found := _FOREIGN.search(lines[at]):
        mended = [line.translate(FOREIGN_SPACES) for line in lines]
        label, advice = foreign_space(found["space"])
        yield Slip(codes.FOREIGN_SPACE, at, found.span("space"), label, advice, mended)


def _text_above(lines: list[str], at: int) -> tuple[int, int] | None:
    """The line with the `|` whose text the line was meant to go on with, and that text's indentation."""
    first = None
    least = len(lines[at])
    for above in reversed(range(at)):
        line = lines[above]
        if not line.strip():
            continue
        if _TEXT_BEGINS.match(line):
            key = _indent(line.replace("- ", "  "))
            return (above, first if first is not None else key + 2) if key < least else None
        first, least = _indent(line), min(least, _indent(line))
    return None


def _text_not_indented(lines: list[str], at: int) -> Iterator[Slip]:
    above = _text_above(lines, at)
    if above is None or _indent(lines[at]) >= above[1]:
        return
    begins, due = above
    end = next((n for n in range(at + 1, len(lines)) if _ends_text(lines[n], lines[begins])), len(lines))
    shift = " " * (due - _indent(lines[at]))
    mended = [shift + line if line.strip() and at <= n < end else line for n, line in enumerate(lines)]
    label = f"it is not indented, so it does not belong to the text that begins below line {begins + 1}"
    columns = (_indent(lines[at]), len(lines[at].rstrip()))
    yield Slip(codes.TEXT_NOT_INDENTED, at, columns, label, f"begin each line of that text with {_spaces(due)}", mended)


def _ends_text(line: str, begins: str) -> bool:
    return _KEY.match(line) is not None and _indent(line) <= _indent(begins)


def _no_bar(lines: list[str], at: int) -> Iterator[Slip]:
    above = content_before(lines, at)
    key = None if above is None else re.search(rf"(?P<key>{_WORD}):\s*$", lines[above])
    if above is not None and key and re.match(r"[^:]*\{[{%]", lines[at]):
        label = "a text of several lines needs | behind the colon"
        yield _in_line(codes.NO_BAR, lines, above, key.span("key"), label, line=f"{lines[above].rstrip()} |")


def _glued_key(lines: list[str], at: int) -> Iterator[Slip]:
    if found := _GLUED_KEY.search(lines[at]):
        mended = _each_line(lines, at, lambda line: _GLUED_KEY.sub(r"\g<0> ", line))
        columns = (found.start("key"), found.end())
        yield Slip(codes.NO_SPACE, at, columns, GLUED_COLON, f"write {mended[at].strip()}", mended)


def _glued_dash(lines: list[str], at: int) -> Iterator[Slip]:
    if found := _GLUED_DASH.match(lines[at]):
        mended = _each_line(lines, at, lambda line: _GLUED_DASH.sub(r"\g<before>- ", line, count=1))
        yield Slip(
            codes.NO_DASH, at, found.span("dash"), glued_dash(found["dash"]), f"write {mended[at].strip()}", mended
        )


def _each_line(lines: list[str], at: int, mend: Callable[[str], str]) -> list[str]:
    """This line mended, and those that follow it with the same slip."""
    mended = [mend(line) for line in lines[at:]]
    same = next((n for n, line in enumerate(mended) if line == lines[at + n]), len(mended))
    return [*lines[:at], *mended[:same], *lines[at + same :]]


def _no_comma(lines: list[str], at: int) -> Iterator[Slip]:
    line = lines[at]
    for found in _NO_COMMA.finditer(line, line.find("{") if "{" in line else len(line)):
        end = found.start()
        yield _in_line(codes.NO_COMMA, lines, at, (end - 1, end), "behind this", line=f"{line[:end]},{line[end:]}")
    above = content_before(lines, at)
    if above is not None and _KEY.match(line):
        before = lines[above].rstrip()
        columns = (len(before) - 1, len(before))
        yield _in_line(codes.NO_COMMA, lines, above, columns, "behind this", line=f"{before},")


def _brackets(lines: list[str], at: int) -> Iterator[Slip]:
    line = lines[at]
    opened: list[int] = []
    for found in _BRACKET.finditer(line):
        bracket, column = found[0], found.start()
        if bracket.startswith("#") and opened:
            return  # whatever closes them may stand behind the #
        if bracket in _PARTNER:
            opened.append(column)
        elif bracket in "]}":
            partner = _PARTNER[line[opened.pop()]] if opened else ""
            if partner != bracket:
                yield from _wrong_closing(lines, at, column, partner)
                return
    if opened:
        yield _not_closed(lines, at, opened)


def _wrong_closing(lines: list[str], at: int, column: int, due: str) -> Iterator[Slip]:
    line, columns = lines[at], (column, column + 1)
    if not due and (found := _NO_OPENING.match(line)):
        opening = "{" if line[column] == "}" else "["
        label = f"no {opening} before it that this could close"
        opened = line[: found.end()] + opening + line[found.end() :]
        yield _in_line(codes.BRACKET, lines, at, columns, label, line=opened)
    label = f"{due} is due here" if due else f"one {line[column]} too many"
    yield _in_line(codes.BRACKET, lines, at, columns, label, line=line[:column] + due + line[column + 1 :])


def _not_closed(lines: list[str], at: int, opened: list[int]) -> Slip:
    line, column = lines[at], opened[0]
    end = len(re.sub(r"(?:^|\s+)#.*$", "", line).rstrip())
    closed = line[:end] + "".join(_PARTNER[line[each]] for each in reversed(opened)) + line[end:]
    opening, closing = line[column], _PARTNER[line[column]]
    label, advice = f"this {opening} is not closed", f"write {closed.strip()}"
    if line.count(opening) > 1:
        label = f"{line.count(opening)} {opening} in this line, but only {line.count(closing)} {closing}"
        advice = f"put {closing} where it is missing; if that is at the end, {advice}"
    return _in_line(codes.BRACKET, lines, at, (column, column + 1), label, line=closed, advice=advice)


def _unlike_above(lines: list[str], at: int) -> Iterator[Slip]:
    above = [line for line in range(max(0, at - _FURTHEST_SIBLING), at) if _is_content(lines[line])]
    return _unlike(lines, at, above)


def _unlike_below(lines: list[str], at: int) -> Iterator[Slip]:
    below = _content_after(lines, at)
    return _unlike(lines, at, [] if below is None else [below])


def _unlike(lines: list[str], at: int, others: list[int]) -> Iterator[Slip]:
    """The line is meant to be indented as one of the others is."""
    line, now = lines[at], _indent(lines[at])
    is_item = line.lstrip().startswith("- ")
    if not (is_item or _KEY.match(line)):
        return
    beside: dict[int, int] = {}
    for other in others:
        item = lines[other].lstrip().startswith("- ")
        if item or not is_item:
            beside[_indent(lines[other]) + (2 if item and not is_item else 0)] = other
    below = _content_after(lines, at)
    for due in sorted(beside.keys() - {now}, key=lambda due: abs(due - now)):
        other = below if below is not None and _indent(lines[below]) == due else beside[due]
        label = f"this line begins with {_spaces(now)}, its neighbour in line {other + 1} with {due}"
        advice = f"begin this line with {_spaces(due)}"
        mended = " " * due + line.lstrip(" ")
        yield _in_line(codes.INDENTATION, lines, at, (0, now or 1), label, line=mended, advice=advice)


def _unquoted_value(lines: list[str], at: int) -> Iterator[Slip]:
    for found in unquoted(lines[at]):
        yield _in_line(found.code, lines, at, found.columns, found.label, line=found.mended, advice=found.help)


def _no_colon(lines: list[str], at: int) -> Iterator[Slip]:
    line = lines[at]
    found = _NO_COLON.match(line)
    if found and not _KEY.match(line):
        mended = f"{found['key']}: {line[found.end() :]}".rstrip()
        columns = (_indent(line), found.end("key"))
        yield _in_line(codes.NO_COLON, lines, at, columns, "the colon behind this name is missing", line=mended)


_SUPPOSITIONS: tuple[Callable[[list[str], int], Iterator[Slip]], ...] = (
    _foreign_spaces,
    _text_not_indented,
    _glued_key,
    _glued_dash,
    _no_bar,
    _no_comma,
    _brackets,
    _unlike_above,
    _unlike_below,
    _unquoted_value,
    _no_colon,
)
"""Of two slips that would explain the same, the one whose supposition stands first is told."""
