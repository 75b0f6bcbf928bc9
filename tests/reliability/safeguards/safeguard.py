"""A safeguard: where in the code it is, what goes wrong without it, and which tests see that."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """A change of one source file below `connector/` that takes something away: `old` stands there exactly once."""

    path: str
    old: str
    new: str

    def within(self, root: Path) -> Path:
        """The file in that tree."""
        return root / "connector" / self.path

    def applied(self, text: str) -> str:
        """The file's text without what is taken away."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.path} has {text.count(self.old)} times, not once:\n{self.old}")
        return text.replace(self.old, self.new)

    def function(self, root: Path) -> str:
        """What it is a change of, as `Discovery.leads`: the innermost function or class; empty for the module."""
        text = self.within(root).read_text(encoding="utf-8")
        at = text.index(self.old)
        line = text.count("\n", 0, at + len(self.old) - len(self.old.lstrip())) + 1
        return ".".join(name for name, first, last in _named(ast.parse(text)) if first <= line <= last)


@dataclass(frozen=True)
class Safeguard:
    """Something without which a promise is broken.

    Args:
        name: what it does, in a few words.
        without: what goes wrong without it.
        edits: take it away.
        tests: turn red then, each as pytest names it.
    """

    name: str
    without: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


def safeguard(name: str, without: str, *edits: tuple[str, str, str], red: str) -> Safeguard:
    """A safeguard as a row: its edits as (path, old, new), its tests as lines."""
    return Safeguard(name, without, tuple(Edit(*edit) for edit in edits), tuple(red.split()))


def _named(tree: ast.AST) -> Iterator[tuple[str, int, int]]:
    """Classes and functions from the outside in, with their first and last line."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name, node.lineno, node.end_lineno or node.lineno
        yield from _named(node)
