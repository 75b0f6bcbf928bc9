from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, PickValue
from connector.diagnostics import Severity
from connector.mapping.check import check
from connector.mapping.drift import drift
from connector.mapping.load import load
from connector.mapping.schema_changes import changes, in_order_of
from connector.mapping.snapshot import dump_schema
from tests.mapping.samples import file

MAPPING = """\
version: 1
activity: salesforce/Task
key: Key__c
fields:
  Subject: Call
  Status: Completed
"""


def picks(*values: str) -> tuple[PickValue, ...]:
    return tuple(PickValue(value, value) for value in values)


KEY = FieldSchema("Key__c", FieldType.TEXT, length=255, key=True)
SUBJECT = FieldSchema("Subject", FieldType.TEXT, length=255)
STATUS = FieldSchema("Status", FieldType.PICKLIST, values=picks("Completed", "Open"))
UNUSED = FieldSchema("Unused", FieldType.TEXT, length=255)


def org(*fields: FieldSchema) -> ObjectSchema:
    return ObjectSchema("salesforce", "Task", Counted.UTF16, {field.name: field for field in fields})


SAVED = org(KEY, SUBJECT, STATUS, UNUSED)


def found(live: ObjectSchema, mapping: str = MAPPING) -> list[tuple[str, int, str]]:
    written = load(file(mapping))
    warnings = drift(written, SAVED, live, check(written, live))
    assert all((each.code, each.severity) == ("MAP412", Severity.WARNING) for each in warnings)
    return [(each.place.file.line(each.place.line).strip(), each.place.column, each.label) for each in warnings]


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({"length": 100}, "held 255 characters when the schema was saved, and holds 100 now"),
        ({"type": FieldType.LONG_TEXT}, "was text when the schema was saved, and is long_text now"),
        ({"required": True}, "is required now, and was not when the schema was saved"),
        ({"updateable": False}, "could be updated when the schema was saved, and is set at creation only now"),
    ],
)
def test_a_field_that_was_narrowed_is_told_where_the_mapping_writes_it(changed: dict[str, Any], label: str) -> None:
    live = org(KEY, replace(SUBJECT, **changed), STATUS, UNUSED)
    assert found(live) == [("Subject: Call", 3, label)]


def test_values_that_are_lost_are_told() -> None:
    live = org(KEY, SUBJECT, replace(STATUS, values=picks("Completed"), restricted=True), UNUSED)
    assert [label for _, _, label in found(live)] == [
        "no longer has the value Open",
        "takes no values but its own now, and took others when the schema was saved",
    ]


def test_the_key_is_a_field_that_is_used() -> None:
    assert [line for line, _, _ in found(org(replace(KEY, length=100), SUBJECT, STATUS))] == ["key: Key__c"]
    suffixed = MAPPING.replace("Key__c", "{field: Key__c, suffix: two}")
    assert [column for _, column, _ in found(org(replace(KEY, length=200), SUBJECT, STATUS), suffixed)] == [14]


def test_what_was_widened_what_is_not_used_and_what_people_see_is_no_drift() -> None:
    wider = replace(SUBJECT, length=None, label="Title")
    assert found(org(KEY, wider, replace(STATUS, values=picks("Open", "Completed", "New")))) == []
    assert found(org(KEY, SUBJECT, STATUS, replace(UNUSED, length=1))) == []
    assert found(replace(org(KEY), object="Event")) == []
    assert found(org(KEY), "fields: [") == []


@pytest.mark.parametrize(
    "mapping", [MAPPING, MAPPING.partition("fields")[0] + "fields: {Subject: Call, Status: Open}\n"]
)
def test_a_field_that_is_wrong_by_now_is_an_error_alone_and_the_next_one_still_a_warning(mapping: str) -> None:
    live = org(KEY, replace(SUBJECT, createable=False, length=2), replace(STATUS, values=picks("Completed")))
    assert [error.code for error in check(load(file(mapping)), live) if error.is_error] == ["MAP402"]
    assert [label for _, _, label in found(live, mapping)] == ["no longer has the value Open"]
    gone = org(KEY, STATUS)
    assert [error.code for error in check(load(file(mapping)), gone) if error.is_error] == ["MAP401"]
    assert found(gone, mapping) == []


def test_changes_name_every_field_that_came_went_or_changed() -> None:
    new = org(FieldSchema("New", FieldType.DATE), replace(STATUS, values=picks("Open", "Done"), required=True), SUBJECT)
    told = changes(SAVED, new)
    assert (told.added, told.removed) == (("New",), ("Key__c", "Unused"))
    assert told.changed == {"Status": ("required: false → true", "values: + Done, - Completed")}
    assert not changes(SAVED, org(UNUSED, STATUS, SUBJECT, KEY)), "the order of fields is no change"


def test_a_saved_schema_keeps_its_order() -> None:
    new = org(UNUSED, FieldSchema("New", FieldType.DATE), replace(SUBJECT, length=None), STATUS)
    assert list(in_order_of(SAVED, new).fields) == ["Subject", "Status", "Unused", "New"]
    assert in_order_of(SAVED, new) == new
    assert dump_schema(in_order_of(SAVED, org(UNUSED, STATUS, SUBJECT, KEY))) == dump_schema(SAVED)
