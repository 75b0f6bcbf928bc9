"""What can be wrong between a value and its field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_schema import FieldType
from tests.mapping.breaking.mutation import Mutation, add, drop, misspelt, mutator, put, rename
from tests.mapping.rendering import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.crm_schema import FieldSchema
    from tests.mapping.breaking.anatomy import Anatomy


@mutator
def a_field_is_misspelt(whole: Anatomy) -> Iterator[Mutation]:
    for name in whole.tree["fields"]:
        yield rename(whole, ("fields", name), misspelt(name))


@mutator
def a_field_is_read_only(whole: Anatomy) -> Iterator[Mutation]:
    for field in whole.schema.fields.values():
        if not field.createable and field.name not in whole.tree["fields"]:
            yield add(whole, ("fields",), field.name, "x")


@mutator
def a_required_field_is_not_written(whole: Anatomy) -> Iterator[Mutation]:
    for name in whole.tree["fields"]:
        if whole.schema.fields[name].required:
            yield drop(whole, ("fields", name))


@mutator
def a_list_stands_where_a_value_is_due(whole: Anatomy) -> Iterator[Mutation]:
    for name in whole.tree["fields"]:
        yield put(whole, ("fields", name), ["a", "b"])


@mutator
def a_literal_does_not_suit_its_field(whole: Anatomy) -> Iterator[Mutation]:
    for literal in whole.literals():
        for wrong in _unsuitable(literal.field, cut=literal.cut):
            yield put(whole, literal.path, wrong)


def _unsuitable(field: FieldSchema, *, cut: bool) -> Iterator[str]:
    if field.type in (FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.DATE, FieldType.DATETIME):
        yield "five"
    if field.type is FieldType.REFERENCE and field.length:
        yield "Ada Lovelace"
    if field.type in (FieldType.INTEGER, FieldType.NUMBER) and field.maximum is not None:
        yield str(field.maximum + 1)
    if field.restricted:
        yield "Nope"
    elif field.type in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST) and field.length and not cut:
        yield "é" * (field.length + 1)


@mutator
def an_option_is_no_label(whole: Anatomy) -> Iterator[Mutation]:
    for path, _, _ in whole.options():
        yield put(whole, path, "Nope")


@mutator
def a_field_gets_another_kind_of_value(whole: Anatomy) -> Iterator[Mutation]:
    kinds = {
        FieldType.BOOLEAN: "durationSeconds",
        FieldType.INTEGER: "direction",
        FieldType.NUMBER: "createdAt",
        FieldType.DATE: "createdAt",
        FieldType.DATETIME: "isTransfer",
        FieldType.REFERENCE: "leadId",
        FieldType.PICKLIST: "durationSeconds",
    }
    for name in whole.tree["fields"]:
        field = whole.schema.fields[name]
        yield put(whole, ("fields", name), {"from": kinds.get(field.type, "transcript")})
        if field.restricted:
            yield put(whole, ("fields", name), {"from": "endedBy"})
        if field.unit:
            other = "minutes" if field.unit == "seconds" else "text"
            yield put(whole, ("fields", name), {"from": "durationSeconds", "as": other})
        if field.type is not FieldType.PICKLIST:
            yield put(whole, ("fields", name), {"option": "Inbound"})


@mutator
def a_plain_value_means_something_else(whole: Anatomy) -> Iterator[Mutation]:
    for name in whole.tree["fields"]:
        yield put(whole, ("fields", name), "endedBy")
        yield put(whole, ("fields", name), "{{ endedBy }}")


@mutator
def a_field_set_at_creation_is_to_be_updated(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        person = str(value.tree.get("from", "")).startswith("person") or "find" in value.tree
        if len(value.path) == 2 and (person or not value.field.updateable):
            tree = changed(whole.tree, value.path, {**value.tree, "write": "always"})
            yield Mutation(tree, (*value.path, "write"), (*value.path, "write"))


@mutator
def a_text_may_be_too_long(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        open_text = value.tree.get("from") in ("summary", "endedBy", "leadId") and "map" not in value.tree
        held = value.field.length and value.field.type is not FieldType.REFERENCE and not value.field.restricted
        around = whole.tree if len(value.path) == 2 else None
        if open_text and held and around and "cut" in value.tree:
            yield drop(whole, (*value.path, "cut"))


@mutator
def a_cut_is_too_late(whole: Anatomy) -> Iterator[Mutation]:
    for path, cut, value in whole.cuts():
        if value.field.length:
            wrong = {**cut, "to": str(value.field.length + 1)}
            yield Mutation(changed(whole.tree, path, wrong), (*path, "to"), (*path, "to"))
            mark = {**cut, "mark": "m" * value.field.length}
            yield Mutation(changed(whole.tree, path, mark), (*path, "mark"), (*path, "mark"))


@mutator
def a_required_value_may_be_missing(whole: Anatomy) -> Iterator[Mutation]:
    for name in whole.tree["fields"]:
        field = whole.schema.fields[name]
        if field.required:
            text = field.type is not FieldType.REFERENCE
            made = {"from": "summary", "cut": {"keep": "start"}} if text else {"from": "person.owner"}
            yield put(whole, ("fields", name), made)
