"""The parts of a mapping's tree, by what they are: for changes that know what they change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.mapping.source import PERSON_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crm_schema import FieldSchema, ObjectSchema
    from tests.mapping.rendering import Path, Tree

_COMBINED = ("any", "all", "not")


@dataclass(frozen=True, slots=True)
class Value:
    """A value written as a map. `cut`, `default`: one stands in it or further out."""

    path: Path
    tree: Tree
    field: FieldSchema
    cut: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A plain value for a field. `cut`: one stands around it."""

    path: Path
    text: str
    field: FieldSchema
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One entry of a condition: the source's name is the last step of its path."""

    path: Path
    tree: Tree


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A mapping's tree with the schema it is written for."""

    tree: Tree
    schema: ObjectSchema

    def values(self) -> Iterator[Value]:
        for name, written in self.tree["fields"].items():
            yield from _values(Value(("fields", name), written, self.schema.fields[name]))

    def literals(self) -> Iterator[Literal]:
        for name, written in self.tree["fields"].items():
            if isinstance(written, str):
                yield Literal(("fields", name), written, self.schema.fields[name])
        for value in self.values():
            if "value" in value.tree:
                yield Literal((*value.path, "value"), value.tree["value"], value.field, value.cut)
        for path, written, value in self.fixed():
            if isinstance(written, str):
                yield Literal(path, written, value.field, value.cut)
            elif "value" in written:
                yield Literal((*path, "value"), written["value"], value.field, value.cut)

    def fixed(self) -> Iterator[tuple[Path, Tree, Value]]:
        """What `default`, `unmapped` and a map's values hold."""
        for value in self.values():
            for option in ("default", "unmapped"):
                if option in value.tree:
                    yield (*value.path, option), value.tree[option], value
            for key, written in value.tree.get("map", {}).items():
                yield (*value.path, "map", key), written, value

    def options(self) -> Iterator[tuple[Path, str, FieldSchema]]:
        """Every `option`, wherever it stands."""
        for value in self.values():
            if "option" in value.tree:
                yield (*value.path, "option"), value.tree["option"], value.field
        for path, written, value in self.fixed():
            if isinstance(written, dict) and "option" in written:
                yield (*path, "option"), written["option"], value.field

    def finds(self) -> Iterator[tuple[Path, Tree]]:
        """Every map with `find`, wherever it stands."""
        for value in self.values():
            if "find" in value.tree:
                yield value.path, value.tree
        for path, written, _ in self.fixed():
            if isinstance(written, dict) and "find" in written:
                yield path, written

    def conditions(self) -> Iterator[Test]:
        if "log_when" in self.tree:
            yield from _tests(("log_when",), self.tree["log_when"])
        for source, wait in self.tree.get("wait_for", {}).items():
            if isinstance(wait, dict) and "when" in wait:
                yield from _tests(("wait_for", source, "when"), wait["when"])
        for value in self.values():
            if "when" in value.tree:
                yield from _tests((*value.path, "when"), value.tree["when"])

    def sources(self) -> Iterator[tuple[Path, str]]:
        """Every `from` that names a source of the call or the lead."""
        for value in self.values():
            if value.tree.get("from", "person") not in PERSON_PARTS:
                yield (*value.path, "from"), value.tree["from"]
        for path, zone in self.zones():
            if isinstance(zone, dict):
                yield (*path, "from"), zone["from"]
        for path, found in self.finds():
            for name, held in found["where"].items():
                if isinstance(held, dict):
                    yield (*path, "where", name, "from"), held["from"]

    def zones(self) -> Iterator[tuple[Path, Tree]]:
        if "timezone" in self.tree:
            yield ("timezone",), self.tree["timezone"]
        for value in self.values():
            if "timezone" in value.tree:
                yield (*value.path, "timezone"), value.tree["timezone"]

    def templates(self) -> Iterator[tuple[Path, str]]:
        for value in self.values():
            if "text" in value.tree:
                yield (*value.path, "text"), value.tree["text"]

    def cuts(self) -> Iterator[tuple[Path, Tree, Value]]:
        for value in self.values():
            if "cut" in value.tree:
                yield (*value.path, "cut"), value.tree["cut"], value

    def redactions(self) -> Iterator[tuple[Path, Tree]]:
        if "redact" in self.tree:
            yield ("redact",), self.tree["redact"]
        for value in self.values():
            if "redact" in value.tree:
                yield (*value.path, "redact"), value.tree["redact"]

    def sections(self) -> Iterator[tuple[Path, Tree]]:
        """Every map whose keys are words of the language."""
        parts: list[tuple[Path, Tree]] = [
            ((), self.tree),
            (("key",), self.tree["key"]),
            (("person",), self.tree.get("person")),
        ]
        parts += [(("wait_for", source), wait) for source, wait in self.tree.get("wait_for", {}).items()]
        parts += [(value.path, value.tree) for value in self.values()]
        parts += [(path, written) for path, written, _ in self.fixed()]
        parts += [(path, cut) for path, cut, _ in self.cuts()]
        parts += self.zones()
        parts += [(test.path, test.tree) for test in self.conditions()]
        yield from ((path, part) for path, part in parts if isinstance(part, dict))


def _values(value: Value) -> Iterator[Value]:
    tree = value.tree
    if isinstance(tree, dict):
        value = replace(value, cut=value.cut or "cut" in tree, default=value.default or "default" in tree)
        yield value
        for number, case in enumerate(tree.get("cases", ())):
            yield from _values(replace(value, path=(*value.path, "cases", number), tree=case))


def _tests(path: Path, condition: Tree) -> Iterator[Test]:
    for key, written in condition.items():
        if key == "not":
            yield from _tests((*path, key), written)
        elif key in _COMBINED:
            for number, inner in enumerate(written):
                yield from _tests((*path, key, number), inner)
        else:
            yield Test((*path, key), written)
