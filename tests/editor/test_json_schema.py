"""By JSON Schema editors know what the checks know: what is right is let be, and most slips are flagged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from connector.config import Config
from connector.crm_schema import FieldSchema, FieldType, ObjectSchema, PickValue
from connector.mapping.check import check
from connector.mapping.functions.registry import CONVERSIONS, FILTERS
from connector.mapping.json_schema.cases import cases_schema
from connector.mapping.json_schema.mapping import mapping_schema
from connector.mapping.snapshot import load_schema
from connector.settings.json_schema import config_schema
from connector.shipped import shipped
from docs.generate import pages
from tests.documents import fences, top_keys, whole_mapping
from tests.editor.reading import as_editors_read, guessed
from tests.editor.slips import HEAD as HEAD_OF_TASKS
from tests.mapping import golden
from tests.mapping.kitchen import HEAD, SCHEMA, SURE, mapping_of, passes
from tests.mapping.random_parts import conditions
from tests.mapping.samples import file
from tests.mapping.samples import shipped as shipped_mapping
from tests.mapping.test_promise import values

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TASK = load_schema(shipped_mapping("salesforce.schema.yaml"))
TABLE = load_schema(shipped_mapping("database.schema.yaml"))
VISIT = load_schema(file(golden.SCHEMAS["activity: salesforce/Visit"].read_text(encoding="utf-8")))
SCHEMAS: dict[str, dict[str, Any]] = {
    "any mapping": mapping_schema(),
    "a mapping to tasks": mapping_schema(TASK),
    "a mapping to a table": mapping_schema(TABLE),
    "a mapping to visits": mapping_schema(VISIT),
    "any tests": cases_schema(),
    "tests of tasks": cases_schema(TASK),
    "config": config_schema(Config),
}
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}


def flagged(which: str, data: Any) -> list[str]:
    """Where the data is flagged, and why."""
    return [f"{error.json_path}: {error.message[:200]}" for error in VALIDATORS[which].iter_errors(data)]


@pytest.mark.parametrize("which", SCHEMAS)
def test_every_json_schema_is_one(which: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[which])


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from _parts(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _parts(part)


@pytest.mark.parametrize("which", SCHEMAS)
def test_what_is_referred_to_is_there_and_what_is_there_is_referred_to(which: str) -> None:
    used = {part["$ref"].removeprefix("#/$defs/") for part in _parts(SCHEMAS[which]) if "$ref" in part}
    assert used == set(SCHEMAS[which].get("$defs", {}))


@pytest.mark.parametrize("which", SCHEMAS)
def test_every_example_and_default_would_be_let_be(which: str) -> None:
    defs = {"$defs": SCHEMAS[which].get("$defs", {})}
    for part in _parts(SCHEMAS[which]):
        if isinstance(part.get("examples"), list):
            for example in part["examples"]:
                assert [error.message for error in Draft202012Validator({**part, **defs}).iter_errors(example)] == []


@pytest.mark.parametrize("name", ["salesforce", "database"])
def test_the_shipped_files_are_let_be(name: str) -> None:
    data = as_editors_read(shipped_mapping(f"{name}.yaml").text)
    assert flagged("any mapping", data) == []
    assert flagged("a mapping to tasks" if name == "salesforce" else "a mapping to a table", data) == []
    tests = as_editors_read(shipped_mapping(f"{name}.tests.yaml").text)
    assert flagged("any tests", tests) == []
    if name == "salesforce":
        assert flagged("tests of tasks", tests) == []


def test_the_example_config_is_let_be() -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    assert flagged("config", as_editors_read(text)) == []


COOKBOOK = {path: path.parent for path in pages() if "cookbook" in path.parts}


def test_the_recipes_of_the_cookbook_are_let_be() -> None:
    paths = [path for folder in COOKBOOK.values() for path in folder.glob("*.yaml") if path.name.count(".") == 1]
    assert len(paths) >= 10
    for path in paths:
        saved = path.with_suffix(".schema.yaml")
        schema = load_schema(file(saved.read_text(encoding="utf-8"))) if saved.exists() else TASK
        data = as_editors_read(path.read_text(encoding="utf-8"))
        found = [error.message for error in Draft202012Validator(mapping_schema(schema)).iter_errors(data)]
        assert (path.name, found) == (path.name, [])


@pytest.mark.parametrize("page", [page for page in pages() if page not in COOKBOOK], ids=lambda page: page.stem)
def test_everything_the_docs_show_is_let_be(page: Path) -> None:
    for text in fences(page.read_text(encoding="utf-8"), "yaml"):
        keys = top_keys(text)
        if {"crm", "apten"} <= keys:
            assert flagged("config", as_editors_read(text)) == []
        elif keys == {"cases"}:
            assert flagged("tests of tasks", as_editors_read(text)) == []
        elif "object" not in keys and "Call_Log__c" not in text:
            data = as_editors_read(whole_mapping(text))
            assert flagged("any mapping", data) == []
            assert flagged("a mapping to tasks", data) == []


@pytest.mark.parametrize("function", [*CONVERSIONS.values(), *FILTERS.values()], ids=lambda function: function.name)
def test_every_example_of_a_function_is_let_be(function: Any) -> None:
    for example in function.examples:
        data = as_editors_read(whole_mapping(f"fields: {{Any_Field__c: {example.written}}}\n"))
        assert flagged("any mapping", data) == []


# What random mappings do not hold: each line is accepted by check, and let be.
HEADS: list[dict[str, Any]] = [
    {"name": "007", "write": "unless_edited", "redact": "nothing"},
    {"redact": ["nothing"]},
    {"redact": ["emails", "long_numbers"]},
    {"key": {"field": "call_id", "suffix": "follow-up"}},
    {"key": {"field": "call_id", "suffix": "2"}},
    {"timezone": {"from": "lead.additionalInfo.timezone", "default": "Europe/Berlin"}},
    {"wait_for": {"summary": {"up_to": "30m", "when": {"callStatus": "COMPLETE"}}, "transcript": "1h"}},
    {"labels": {"endedBy": {"LEAD": "Customer", "NEW": "x"}, "lead.additionalInfo.a": {"b": "c"}}},
    {"labels": {"isTransfer": {"true": "Yes", "false": "No"}}},
    {"labels": {"transcript": {"assistant": "Ava"}, "direction": {"INBOUND": "In"}}},
    {"person": {"by": "lead.phone", "in": "Contact", "phone_country": "NO", "if_none": "hold", "if_many": "skip"}},
    {"log_when": {"lead.additionalInfo.some key": {"present": "true"}, "not": {"any": [{"endedBy": ["LEAD", "NEW"]}]}}},
]
VALUES: list[Any] = [
    {"option": "High"},
    {"find": "User", "where": {"Username": "apten@acme.com", "IsActive": True}},
    {"find": "User", "where": {"Email": {"from": "lead.email"}, "Level": {"from": "durationSeconds"}}},
    {"from": "person", "when": {"isTransfer": True}, "write": "on_create"},
    {"from": "person.owner", "default": {"find": "User", "where": {"Username": "apten@acme.com"}}},
    {"from": "createdAt", "as": "date", "plus": "48h", "timezone": "Pacific/Auckland"},
    {"from": "createdAt", "as": "date", "timezone": {"from": "lead.customerProfile", "default": "UTC"}},
    {"from": "durationSeconds", "as": "minutes", "round": "up", "if_missing": "clear"},
    {"from": "summary", "redact": ["card_numbers"], "cut": {"to": "+255", "keep": "end", "mark": "…"}},
    {"text": "{{ summary | default('') }}", "redact": "nothing", "cut": {"to": 255}, "if_missing": "clear"},
    {"from": "isTransfer", "map": {"true": {"option": "High"}}, "unmapped": {"value": "Low"}},
    {"from": "isTransfer", "map": {"true": "High", "false": "Low"}, "default": "Low"},
    {"from": "midCallTransferDuration", "map": {"90s": "x", "0": "y"}, "unmapped": "z"},
    {"from": "lead.additionalInfo.rep", "map": {"Jo": {"find": "User", "where": {"Name": "Jo"}}}, "unmapped": "x"},
    {"cases": [{"when": {"isTransfer": True}, "cases": [{"value": "High"}]}, "Low"]},
    {"value": "endedBy"},
]


@pytest.mark.parametrize("head", HEADS, ids=str)
def test_a_heading_that_check_accepts_is_let_be(head: dict[str, Any]) -> None:
    _is_let_be(SURE, **{"person": {"by": ["lead.externalLeadId"]}, **head})


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_that_check_accepts_is_let_be(value: Any) -> None:
    _is_let_be({**SURE, "unlimited": value}, schema=None)


@settings(max_examples=60)
@given(st.lists(values, min_size=1, max_size=4, unique_by=lambda pair: pair[0]), conditions)
def test_what_check_accepts_is_let_be(fields: list[tuple[str, Any]], condition: dict[str, Any]) -> None:
    accepted: dict[str, Any] = dict(SURE)
    for name, value in fields:
        if passes(mapping_of({**accepted, name: value}), SCHEMA):
            event(f"accepted {name}")
            accepted[name] = value
        elif not any(found.is_error for found in check(mapping_of({name: value}))):
            event(f"accepted without a schema {name}")
            _is_let_be({name: value}, schema=None)
    _is_let_be(accepted)
    if passes(mapping_of(accepted, log_when=condition), SCHEMA):
        event("accepted a condition")
        _is_let_be(accepted, log_when=condition)


KITCHEN = Draft202012Validator(mapping_schema(SCHEMA))


def _is_let_be(fields: dict[str, Any], *, schema: ObjectSchema | None = SCHEMA, **more: Any) -> None:
    """However it is quoted, such a mapping is neither an error nor flagged."""
    assert [found.render() for found in check(mapping_of(fields, **more), schema) if found.is_error] == []
    data = {**HEAD, **more, "fields": fields}
    for read in (data, _as_text(data), _unquoted(data)):
        assert flagged("any mapping", read) == []
        if schema is not None:
            assert [f"{error.json_path}: {error.message}" for error in KITCHEN.iter_errors(read)] == []


def _as_text(data: Any) -> Any:
    """As an editor reads it where everything stands in quotes."""
    if isinstance(data, dict):
        return {key: _as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_text(item) for item in data]
    return str(data).lower() if isinstance(data, bool) else str(data)


def _unquoted(data: Any) -> Any:
    """As an editor reads it where nothing stands in quotes."""
    if isinstance(data, dict):
        return {key: _unquoted(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_unquoted(item) for item in data]
    return guessed(data) if isinstance(data, str) else data


# What only check can tell, for it takes templates, kinds and lengths, or several places at once.
def test_picklist_values_that_look_like_numbers_or_flags_are_let_be_without_quotes() -> None:
    picks = tuple(PickValue(value, value) for value in ("1", "2.50", "Yes", "true"))
    field = FieldSchema("Rating__c", FieldType.PICKLIST, restricted=True, values=picks)
    schema = Draft202012Validator(mapping_schema(ObjectSchema("salesforce", "Task", TASK.counted, {field.name: field})))
    for value in ("1", "2.50", "Yes", "true"):
        for written in (value, f"{{value: {value}}}", f"{{option: {value}}}", f"{{from: endedBy, default: {value}}}"):
            data = as_editors_read(f"{HEAD_OF_TASKS}fields: {{Rating__c: {written}}}\n")
            assert list(schema.iter_errors(data)) == []
    assert list(schema.iter_errors(as_editors_read(f"{HEAD_OF_TASKS}fields: {{Rating__c: none}}\n")))


def test_fields_are_described_as_the_crm_has_them() -> None:
    fields = SCHEMAS["a mapping to visits"]["properties"]["fields"]["properties"]
    assert fields.keys() == VISIT.fields.keys()
    assert {field.label for field in VISIT.fields.values() if field.label} <= {
        schema["description"].partition(":")[0] for schema in fields.values()
    }
    assert SCHEMAS["a mapping to tasks"]["properties"]["fields"]["properties"]["Subject"]["description"] == (
        "Subject: text, at most 255 characters."
    )


def test_a_json_schema_is_made_in_no_time() -> None:
    before = time.process_time()
    mapping_schema(TASK)
    assert time.process_time() - before < 0.5
