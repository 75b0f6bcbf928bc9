"""Hides what may be secret in the lines that diagnostics show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from connector.diagnostics import SourceFile
from connector.settings.codes import CODES
from connector.settings.references import is_reference

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from connector.diagnostics import Diagnostic

_HIDDEN = "***"
_PAIR = re.compile(r"(?P<name>\s*(?:- +)?[\"']?(?P<key>[\w-]+)[\"']?\s*:)(?P<gap>\s*)(?P<value>.*)")
_COMMENT = re.compile(r"\s+#.*$")
_SECOND_NAME = re.compile(r":\s")
_USER = re.compile(r"//[^/@\s]*@")


def veil(found: Sequence[Diagnostic], plain: Collection[str]) -> list[Diagnostic]:
    """The same diagnostics of one file over a text that has their own lines only, and of those the `plain` settings.

    Hidden, too: what an unknown setting holds (it may be a misspelt secret), a value with another name in it, and any
    line that is not `name: value`. With a hidden value, the help stays only if it is the config's own, which quotes
    none, as no label does.
    """
    if not found:
        return []
    lines = {each.place.line: each.place.file.line(each.place.line) for each in found}
    shown = {number: _veiled(line, plain) for number, line in lines.items()}
    text = "\n".join(shown.get(number, "") for number in range(1, max(shown) + 1))
    file = SourceFile(found[0].place.file.name, text)
    veiled = []
    for each in found:
        place, line = each.place, shown[each.place.line]
        told = each.code in CODES or line == lines[place.line]
        width = max(1, min(place.width, len(line) - place.column + 1))
        over = replace(place, file=file, width=width)
        veiled.append(replace(each, place=over, help=each.help if told else ""))
    return veiled


def _veiled(line: str, plain: Collection[str]) -> str:
    pair = _PAIR.fullmatch(line)
    if pair is None:
        indent = line[: len(line) - len(line.lstrip())]
        return indent + _HIDDEN if line.strip() else line
    value = _COMMENT.sub("", pair["value"]).strip("\"' ")
    if not value or is_reference(value):
        return line
    if pair["key"] in plain and not _SECOND_NAME.search(value):
        return _USER.sub(f"//{_HIDDEN}@", line)
    return pair["name"] + pair["gap"] + _HIDDEN
