"""Where each field's value comes from is known of a mapping: its line, what that says, what it reads."""

from __future__ import annotations

import pytest

from connector.diagnostics import SourceFile
from connector.mapping.apply import compile_mapping
from connector.mapping.brief import LONGEST, brief
from connector.mapping.load import load
from connector.yaml_text import read
from tests.mapping.samples import HEAD, SHIPPED


def written(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What each field says, and what it reads."""
    mapping = compile_mapping(load(SourceFile("visit.yaml", HEAD + text)))
    return {name: (field.form, field.sources) for name, field in mapping.written.items()}


def test_every_field_of_a_shipped_mapping_is_found_at_its_line() -> None:
    path = SHIPPED / "salesforce.yaml"
    lines = path.read_text().splitlines()
    mapping = compile_mapping(load(SourceFile(path.name, path.read_text())))
    assert tuple(mapping.written) == mapping.fields
    for name, field in mapping.written.items():
        assert lines[field.place.line - 1].strip().startswith(f"{name}:")


@pytest.mark.parametrize(
    ("field", "form", "sources"),
    [
        ("Completed", "Completed", ()),
        (
            "{from: direction, map: {INBOUND: In, OUTBOUND: Out}}",
            "from: direction, map: {INBOUND: In, OUTBOUND: Out}",
            ("direction",),
        ),
        ("{text: '{{ id }} {{ lead.firstName | default(\"?\") }}'}", None, ("id", "lead.firstName")),
        ('{text: "{{ id }}{% if summary %}: {{ summary }}{% endif %}"}', None, ("id", "summary")),
        (
            "{from: summary, when: {isTransfer: true}}",
            "from: summary, when: {isTransfer: true}",
            ("isTransfer", "summary"),
        ),
        (
            "{cases: [{when: {any: [{endedBy: LEAD}, {isForward: true}]}, value: a}, {from: id}]}",
            None,
            ("endedBy", "isForward", "id"),
        ),
        (
            '{text: "{{ createdAt | date }}", timezone: {from: lead.additionalInfo.zone, default: UTC}}',
            None,
            ("lead.additionalInfo.zone", "createdAt"),
        ),
    ],
)
def test_a_field_names_all_that_its_value_may_be_made_of(
    field: str, form: str | None, sources: tuple[str, ...]
) -> None:
    found_form, found_sources = written(f"fields:\n  Note: {field}\n")["Note"]
    assert set(found_sources) == set(sources)
    assert form is None or found_form == form


def test_what_one_field_reads_is_not_told_of_the_next() -> None:
    found = written("fields:\n  One: {from: id}\n  Two: {from: direction}\n  Three: done\n")
    assert [sources for _, sources in found.values()] == [("id",), ("direction",), ()]


def test_the_person_is_a_source_too() -> None:
    found = written("person: {by: [lead.externalLeadId]}\nfields:\n  Who: {from: person}\n")
    assert found["Who"] == ("from: person", ("person",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain words", "plain words"),
        ('"a: b"', '"a: b"'),
        ("'say \"yes\"'", "'say \"yes\"'"),
        ("text: |\n  one\n  two\n", 'text: "one two"'),
        ("a: [1, {b: c}]\nd:\n", "a: [1, {b: c}], d: "),
    ],
)
def test_what_is_written_is_told_on_one_line(text: str, told: str) -> None:
    node = read(SourceFile("x.yaml", text))
    assert node is not None
    assert brief(node) == told


def test_what_is_long_is_cut() -> None:
    node = read(SourceFile("x.yaml", "word " * 100))
    assert node is not None
    assert brief(node).endswith("…")
    assert len(brief(node)) == LONGEST
