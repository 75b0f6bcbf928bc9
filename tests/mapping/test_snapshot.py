from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, PickValue
from connector.errors import MappingError
from connector.mapping.snapshot import dump_schema, load_schema
from tests.mapping.samples import file

names = st.text(string.printable + "üß🎉\u2028", min_size=1, max_size=12).filter(str.strip)
values = st.builds(PickValue, names, names)
numbers = st.none() | st.integers(-(10**17), 10**17)
fields = st.builds(
    FieldSchema,
    name=names,
    type=st.sampled_from(FieldType),
    label=st.just("") | names,
    length=numbers,
    minimum=numbers,
    maximum=numbers,
    unit=st.none() | names,
    createable=st.booleans(),
    updateable=st.booleans(),
    required=st.booleans(),
    key=st.booleans(),
    restricted=st.booleans(),
    values=st.lists(values, max_size=3).map(tuple),
    references=st.lists(names, max_size=2).map(tuple),
)
schemas = st.builds(
    lambda crm, object_, counted, found: ObjectSchema(crm, object_, counted, {field.name: field for field in found}),
    names,
    names,
    st.sampled_from(Counted),
    st.lists(fields, min_size=1, max_size=4),
)


@given(schemas)
def test_what_is_saved_is_read_back_the_same(schema: ObjectSchema) -> None:
    assert load_schema(file(dump_schema(schema))) == schema


def test_a_changed_field_changes_one_line() -> None:
    def saved(length: int) -> list[str]:
        fields = [FieldSchema("A", FieldType.TEXT, length=length), FieldSchema("B", FieldType.DATE)]
        return dump_schema(ObjectSchema("x", "Y", Counted.UTF16, {field.name: field for field in fields})).splitlines()

    changed = [pair for pair in zip(saved(10), saved(20), strict=True) if pair[0] != pair[1]]
    assert changed == [("  A: {type: text, length: 10}", "  A: {type: text, length: 20}")]


@pytest.mark.parametrize(
    "text", ["", "crm: x\n", "- a\n", "crm: x\nobject: y\ncounted: utf16\nfields: []\n", "crm: [\n", "word"]
)
def test_a_bad_file_is_refused_with_its_places(text: str) -> None:
    with pytest.raises(MappingError, match=r"x\.schema\.yaml cannot be read as a saved schema") as raised:
        load_schema(file(text, "x.schema.yaml"))
    assert all("x.schema.yaml:" in found.render() for found in raised.value.diagnostics)
