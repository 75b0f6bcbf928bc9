"""Reads the tests beside a mapping; every mistake is told at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.diagnostics import Place
from connector.mapping.cases import shape
from connector.mapping.cases.case import Case, Cases, Expected, Logged, Skipped, Waits
from connector.mapping.cases.record import read_records
from connector.mapping.codes.cases import FIELD_NOT_MAPPED, NO_CASES, ONE_EXPECTATION, SAME_NAME
from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.problems import Problems, suggestion
from connector.mapping.reading import duration, section, text
from connector.mapping.scalars import as_flag
from connector.model import Person, Unlinked
from connector.yaml_text import Mapping, Scalar, Sequence, YamlError, read

if TYPE_CHECKING:
    from connector.diagnostics import SourceFile
    from connector.mapping.apply import Mapping as CompiledMapping
    from connector.mapping.cases.record import ReadFile
    from connector.mapping.reading import Section
    from connector.yaml_text import Node

NOBODY = "none"
"""The `person` of a case in which the CRM finds nobody."""


def read_cases(file: SourceFile, mapping: CompiledMapping, read_file: ReadFile) -> Cases:
    """The cases that a file holds for a mapping. Never raises: what is wrong is in `diagnostics`."""
    try:
        root = read(file)
    except YamlError as error:
        return Cases((), error.diagnostics)
    problems = Problems()
    if root is None:
        problems.add(NO_CASES, Place(file, 1, 1), "nothing is written here", "begin with cases:")
        return Cases((), problems.sorted())
    reader = _Reader(mapping, problems, read_file)
    found = section(root, shape.FILE, problems, "a file of tests")
    cases = [case for node in _items(found, problems) if (case := reader.case(node)) is not None]
    return Cases(tuple(cases), problems.sorted())


def _items(found: Section, problems: Problems) -> tuple[Node, ...]:
    if "cases" not in found:
        return ()
    key, node = found["cases"]
    if isinstance(node, Sequence):
        return node.items
    problems.add(WRONG_SHAPE, key.place, "cases is a list", "begin each case with a dash: - name: …")
    return ()


class _Reader:
    """Reads case after case of one file."""

    def __init__(self, mapping: CompiledMapping, problems: Problems, read_file: ReadFile) -> None:
        self._fields = (mapping.target.key_field, *mapping.fields)
        self._problems = problems
        self._read_file = read_file
        self._lines: dict[str, int] = {}

    def case(self, node: Node) -> Case | None:
        found = section(node, shape.CASE, self._problems, "a case")
        name = self._name(found["name"][1]) if "name" in found else None
        of_call, of_lead = (found[key][1] if key in found else None for key in ("call", "lead"))
        call, lead = read_records(of_call, of_lead, self._problems, self._read_file)
        person = self._person(found["person"][1]) if "person" in found else None
        records = self._records(found["records"][1]) if "records" in found else {}
        expected = self._expected(*found["expect"]) if "expect" in found else None
        if name is None or call is None or expected is None:
            return None
        return Case(name, node.place, call, lead, person, records, expected)

    def _name(self, node: Node) -> str | None:
        name = text(node, self._problems, "name")
        if name is None:
            return None
        if name in self._lines:
            self._problems.add(SAME_NAME, node.place, f"line {self._lines[name]} has it too")
        self._lines.setdefault(name, node.place.line)
        return name

    def _person(self, node: Node) -> Person | Unlinked | None:
        if isinstance(node, Scalar) and node.text == NOBODY:
            return Unlinked("the case finds nobody")
        found = section(node, shape.PERSON, self._problems, "person")
        parts = {name: text(value, self._problems, name) for name, (_, value) in found.items()}
        id_ = parts.pop("id", None)
        return Person(id_, **parts) if id_ is not None else None

    def _records(self, node: Node) -> dict[str, str]:
        if not isinstance(node, Mapping):
            self._problems.add(WRONG_SHAPE, node.place, "records is a map", "write {User: 005A}, say")
            return {}
        ids = {key.text: text(value, self._problems, "a record's id") for key, value in node.pairs}
        return {object_: id_ for object_, id_ in ids.items() if id_ is not None}

    def _expected(self, key: Scalar, node: Node) -> Expected | None:
        found = section(node, shape.EXPECT, self._problems, "expect")
        ways = {"fields" if name == "absent" else name for name in found}
        if len(ways) != 1:
            if isinstance(node, Mapping):
                self._problems.add(ONE_EXPECTATION, key.place, "expect fields, skipped or waits", "write one of them")
            return None
        if "skipped" in found:
            reason = text(found["skipped"][1], self._problems, "the reason for skipping")
            return None if reason is None else Skipped(reason)
        return self._waits(found["waits"][1]) if "waits" in found else self._logged(found)

    def _waits(self, node: Node) -> Waits | None:
        flag = as_flag(node.text) if isinstance(node, Scalar) else None
        if flag is not None:
            return Waits(flag)
        up_to = duration(node, self._problems, "waits, if it is not true or false,")
        return None if up_to is None else Waits(up_to)

    def _logged(self, found: Section) -> Logged:
        fields = found["fields"][1] if "fields" in found else None
        absent = found["absent"][1] if "absent" in found else None
        return Logged({} if fields is None else self._values(fields), () if absent is None else self._absent(absent))

    def _values(self, node: Node) -> dict[str, str | None]:
        if not isinstance(node, Mapping):
            self._problems.add(WRONG_SHAPE, node.place, "fields is a map", "write Status: Completed, say")
            return {}
        values: dict[str, str | None] = {}
        for key, value in node.pairs:
            self._check_field(key)
            if isinstance(value, Scalar):
                values[key.text] = None if value.is_null else value.text
            else:
                self._problems.add(WRONG_SHAPE, value.place, f"{key.text} holds a single value")
        return values

    def _absent(self, node: Node) -> tuple[str, ...]:
        names = [item for item in (node.items if isinstance(node, Sequence) else (node,)) if isinstance(item, Scalar)]
        if not names or (isinstance(node, Sequence) and len(names) < len(node.items)):
            self._problems.add(WRONG_SHAPE, node.place, "absent is a list of fields", "write [WhoId], say")
        for name in names:
            self._check_field(name)
        return tuple(name.text for name in names)

    def _check_field(self, name: Scalar) -> None:
        if name.text not in self._fields:
            label = f'the mapping does not write "{name.text}"'
            self._problems.add(FIELD_NOT_MAPPED, name.place, label, suggestion(name.text, self._fields))
