"""Reads YAML 1.2 text into nodes that keep their text and place; guesses nothing from the look of a value.

PyYAML's parser supplies the events; the tree is ours, so that every scalar stays what was typed, aliases and duplicate
keys are refused, and size and depth are bounded (a 300-byte alias bomb, 5,000 brackets).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import yaml

from connector.diagnostics import Diagnostic, Place

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as typed. `plain` means neither quoted nor a block; `text` is without quotes."""

    text: str
    place: Place
    plain: bool = True
    block: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was written after the colon."""
        return self.plain and self.text == ""

    @property
    def is_null(self) -> bool:
        """Nothing, `null` or `~`, unquoted."""
        return self.plain and self.text in ("", "null", "Null", "NULL", "~")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in the order written; keys are unique scalars."""

    pairs: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The value of a key; None if it is not there."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class YamlError(Exception):
    """The text is not YAML we accept; `diagnostic` says where and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
