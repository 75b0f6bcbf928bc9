"""Hides what may be secret in the lines that diagnostics show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from connector.diagnostics import SourceFile
from connector.settings.codes import CODES
from connector.settings.references import is_reference

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector.diagnostics import Diagnostic

_HIDDEN = "***"
_PAIR = re.compile(r"(?P<name>\s*(?:- +)?[\"']?(?P<key>[\w-]+)[\"']?\s*:)(?P<gap>\s*)(?P<value>.*)")
_COMMENT = re.compile(r"\s+#.*$")
_SECOND_NAME = re.compile(r":\s")
_USER = re.compile(r"//[^/@\s]*@")


def veil(found: Diagnostic, plain: Collection[str]) -> Diagnostic:
    """The same diagnostic over a text of which only its own line is left, and there only values of `plain` settings.

    Hidden, too: what an unknown setting holds (it may be a misspelt secret), a value with another name in it, and any
    line that is not `name: value`. With a hidden value, the help stays only if it is the config's own, which quotes
    none, as no label does.
    """
    place = found.place
    line = place.file.line(place.line)
    shown = _veiled(line, plain)
    told = found.code in CODES or shown == line
    file = SourceFile(place.file.name, "\n" * (place.line - 1) + shown)
    width = max(1, min(place.width, len(shown) - place.column + 1))
    return replace(
        found,
        place=replace(place, file=file, width=width),
        help=found.help if told else "",
    )


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
