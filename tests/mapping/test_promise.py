"""The promise: a mapping that passes its check cannot be refused field by field, whatever call comes in."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from connector.crm_schema import Counted
from connector.mapping.apply import Mapping, compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Draft
from tests.mapping.crm_rules import refusals
from tests.mapping.random_calls import calls, leads
from tests.mapping.random_mappings import conditions, values_for
from tests.mapping.samples import file, shipped

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.mapping.load import MappingFile
    from connector.source_model import Call, Lead

SCHEMA = load_schema(
    file("""
crm: salesforce
object: Kitchen
counted: utf16
fields:
  call_id: {type: text, length: 255, key: true}
  always: {type: text, length: 18, required: true}
  short: {type: text, length: 18}
  long: {type: long_text, length: 400}
  unlimited: {type: long_text}
  closed: {type: picklist, length: 40, restricted: true, values: [Inbound, Outbound, Other]}
  open: {type: picklist, length: 40, values: [High, Other]}
  whole: {type: integer, minimum: 0, maximum: 99999999, unit: seconds}
  millis: {type: integer, unit: milliseconds}
  small: {type: integer, minimum: 0, maximum: 50}
  amount: {type: number, minimum: -5, maximum: 1000000}
  flag: {type: boolean}
  day: {type: date}
  moment: {type: datetime}
  who: {type: reference, references: [Contact]}
  once: {type: text, length: 40, updateable: false}
  sealed: {type: text, createable: false, updateable: false}
""")
)
HEAD: dict[str, Any] = {
    "version": "1",
    "activity": "salesforce/Kitchen",
    "key": "call_id",
    "timezone": "America/New_York",
    "person": {"by": ["lead.externalLeadId"]},
}


def mapping_of(fields: dict[str, Any], **more: Any) -> MappingFile:
    return load(file(json.dumps({**HEAD, **more, "fields": fields}, ensure_ascii=False)))


def passes(mapping: MappingFile, schema: ObjectSchema) -> bool:
    return not any(found.is_error for found in check(mapping, schema))


FIELDS = [field for field in SCHEMA.fields.values() if not field.key]
values = st.sampled_from(FIELDS).flatmap(lambda field: st.tuples(st.just(field.name), values_for(field.type)))
situations = st.lists(st.tuples(calls, leads), min_size=1, max_size=5)


@settings(max_examples=60)
@given(st.lists(values, min_size=3, max_size=8, unique_by=lambda pair: pair[0]), situations, st.sampled_from(Counted))
def test_what_passes_is_never_refused(
    fields: list[tuple[str, Any]], given_calls: list[tuple[Call, Lead | None]], counted: Counted
) -> None:
    schema = replace(SCHEMA, counted=counted)
    accepted = {"always": "there"}
    for name, value in fields:
        if passes(mapping_of({**accepted, name: value}), schema):
            accepted[name] = value
            event(f"accepted {name}")
    mapping = compile_mapping(mapping_of(accepted), schema)
    for call, lead in given_calls:
        draft = mapping.apply(call, lead)
        assert isinstance(draft, Draft)
        assert refusals(draft, schema) == []


@settings(max_examples=60)
@given(conditions, situations)
def test_a_condition_that_passes_can_be_asked_of_every_call(
    condition: dict[str, Any], given_calls: list[tuple[Call, Lead | None]]
) -> None:
    mapping = mapping_of({"always": "there"}, log_when=condition)
    if passes(mapping, SCHEMA):
        event("accepted")
        opposite = compile_mapping(mapping_of({"always": "there"}, log_when={"not": condition}), SCHEMA)
        compiled = compile_mapping(mapping, SCHEMA)
        for call, lead in given_calls:
            logged = isinstance(compiled.apply(call, lead), Draft)
            assert logged != isinstance(opposite.apply(call, lead), Draft)


def shipped_pair(name: str) -> tuple[ObjectSchema, Mapping]:
    schema = load_schema(shipped(f"{name}.schema.yaml"))
    return schema, compile_mapping(load(shipped(f"{name}.yaml")), schema)


SHIPPED = {name: shipped_pair(name) for name in ("salesforce", "database")}


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=40)
@given(call=calls, lead=leads)
def test_a_shipped_mapping_is_never_refused(name: str, call: Call, lead: Lead | None) -> None:
    schema, mapping = SHIPPED[name]
    draft = mapping.apply(call, lead)
    assert isinstance(draft, Draft)
    assert refusals(draft, schema) == []


BREAKAGES = [
    ("  Status: Completed", "  Statuss: Completed", "MAP401"),
    ("  Status: Completed", "  IsClosed: true", "MAP402"),
    ("{from: durationSeconds}", "{from: durationSecs}", "MAP201"),
    ("{from: durationSeconds}", "{from: durationSeconds, as: milliseconds}", "MAP302"),
    ("{from: durationSeconds}", "{from: createdAt}", "MAP301"),
    ("  TaskSubtype: Call", "  TaskSubtype: Phone", "MAP404"),
    (", OUTBOUND: Outbound}", "}", "MAP209"),
    ("OUTBOUND: Outbound", "OUTBOUND: Out", "MAP404"),
    (" | cut(16000)", "", "MAP305"),
    (' | default("No summary yet.")', "", "MAP225"),
    ("default: Unknown, cut: {keep: start, mark: …}", "default: Unknown", "MAP305"),
    ("as: label, default", "as: lable, default", "MAP105"),
    (", as: date}", "}", "MAP301"),
    ("timezone: America/New_York\n", "\n", "MAP308"),
    ("key: Apten_Call_Id__c", "key: CallObject", "MAP416"),
    ("key: Apten_Call_Id__c", "key: WhatId", "MAP407"),
    ("by: [lead.externalLeadId]", "by: [lead.externalId]", "MAP105"),
    ("{isTransfer: true}, value", "{isTransfer: yes}, value", "MAP206"),
]


@pytest.mark.parametrize(("right", "wrong", "code"), BREAKAGES, ids=[f"{code} {wrong}" for _, wrong, code in BREAKAGES])
def test_breaking_one_rule_is_reported_where_it_is_broken(right: str, wrong: str, code: str) -> None:
    text = shipped("salesforce.yaml").text.replace('"…"', "…")
    before, _, after = text.rpartition(right)
    (found,) = check(load(file(before + wrong + after)), load_schema(shipped("salesforce.schema.yaml")))
    assert found.code == code
    if right.strip() == right:
        assert found.place.line == before.count("\n") + 1
