"""What an editor takes a YAML text for: by the rules of YAML 1.2, which guess types from the look of a value."""

from __future__ import annotations

import re
from typing import Any

from connector.diagnostics import SourceFile
from connector.yaml_text import Mapping, Node, Scalar, Sequence, read

_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def as_editors_read(text: str) -> Any:
    """The text as data."""
    return _data(read(SourceFile("edited.yaml", text)))


def guessed(text: str) -> Any:
    """A value that stands without quotes."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _data(node: Node | None) -> Any:
    match node:
        case None:
            return None
        case Scalar():
            return guessed(node.text) if node.plain else node.text
        case Sequence(items):
            return [_data(item) for item in items]
        case Mapping(pairs):
            return {_key(key): _data(value) for key, value in pairs}


def _key(key: Scalar) -> str:
    """Whatever a key is taken for, it is then used as text."""
    value = guessed(key.text) if key.plain else key.text
    return str(value).lower() if isinstance(value, bool) else str(value)
