"""Mappings as plain trees, and as text in which the place of every entry is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from connector.yaml_text import Mapping, Scalar, read

if TYPE_CHECKING:
    from connector.diagnostics import Place, SourceFile
    from connector.yaml_text import Node

Tree: TypeAlias = Any
"""Texts, lists and dictionaries; None is nothing written."""
Path: TypeAlias = tuple[str | int, ...]
"""Keys and numbers of items on the way to an entry."""


def tree_of(file: SourceFile) -> Tree:
    """What a file says, without its layout."""
    root = read(file)
    assert root is not None
    return _plain(root)


def _plain(node: Node) -> Tree:
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.pairs}
    return [_plain(item) for item in node.items]


class Rendered:
    """A tree as text: JSON, which is YAML too, with a line for each entry of a dictionary."""

    def __init__(self, tree: Tree) -> None:
        self._spans: list[tuple[int, int, Path]] = []
        self._pieces: list[str] = []
        self._length = 0
        self._render(tree, ())
        self.text = "".join(self._pieces)
        self._starts = [0] + [at + 1 for at, ch in enumerate(self.text) if ch == "\n"]

    def at(self, place: Place) -> Path:
        """The innermost entry that the place lies in; a key belongs to its entry."""
        offset = self._starts[place.line - 1] + place.column - 1
        # Inner entries are noted before the outer ones that hold them.
        return next((path for start, end, path in self._spans if start <= offset < end), ())

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _render(self, node: Tree, path: Path) -> None:
        if isinstance(node, dict):
            self._write("{")
            for number, (key, value) in enumerate(node.items()):
                self._write("," * bool(number) + "\n" + " " * len(path))
                start = self._length
                self._write(json.dumps(key, ensure_ascii=False) + ": ")
                self._render(value, (*path, key))
                self._spans.append((start, self._length, (*path, key)))
            self._write("}")
        elif isinstance(node, list):
            self._write("[")
            for number, item in enumerate(node):
                self._write(", " * bool(number))
                start = self._length
                self._render(item, (*path, number))
                self._spans.append((start, self._length, (*path, number)))
            self._write("]")
        else:
            self._write(json.dumps(node, ensure_ascii=False))


def inside(path: Path, entry: Path) -> bool:
    """Whether a path leads to the entry or into it."""
    return path[: len(entry)] == entry


def changed(tree: Tree, path: Path, value: Tree) -> Tree:
    """The tree with another value at a path."""
    if not path:
        return value
    if isinstance(tree, dict):
        return {key: changed(old, path[1:], value) if key == path[0] else old for key, old in tree.items()}
    return [changed(old, path[1:], value) if number == path[0] else old for number, old in enumerate(tree)]


def renamed(tree: Tree, path: Path, name: str) -> Tree:
    """The tree with another key for the entry at a path."""
    if len(path) > 1:
        return changed(tree, path[:1], renamed(tree[path[0]], path[1:], name))
    return {name if key == path[0] else key: value for key, value in tree.items()}


def without(tree: Tree, path: Path) -> Tree:
    """The tree without the entry at a path."""
    if len(path) > 1:
        return changed(tree, path[:1], without(tree[path[0]], path[1:]))
    if isinstance(tree, dict):
        return {key: value for key, value in tree.items() if key != path[0]}
    return [value for number, value in enumerate(tree) if number != path[0]]


def found_at(tree: Tree, path: Path) -> Tree:
    """What stands at a path."""
    for step in path:
        tree = tree[step]
    return tree
