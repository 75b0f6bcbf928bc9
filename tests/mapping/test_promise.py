"""The promise: a mapping that passes its check cannot be refused field by field, whatever call comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from connector.crm_schema import Counted, FieldType
from connector.mapping.apply import Mapping, compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Draft
from connector.open_values import chain, settled
from tests.mapping.crm_rules import refusals, unavailable, update_refusals
from tests.mapping.kitchen import FIELDS, SCHEMA, SURE, mapping_of, passes
from tests.mapping.random_calls import calls, leads
from tests.mapping.random_finds import fillings
from tests.mapping.random_mappings import heads, values_for
from tests.mapping.random_parts import conditions
from tests.mapping.samples import file, shipped

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.source_model import Call, Lead

# Fields that nothing can be written to are there to be refused, so they need not come up as often as the others.
_OFTEN = [field for field in FIELDS if field.createable and field.type is not FieldType.OTHER] * 3
_values = st.one_of([st.tuples(st.just(field.name), values_for(field)) for field in (*_OFTEN, *FIELDS)])


@st.composite
def _value(draw: st.DrawFn) -> tuple[str, Any]:
    """A field's name with what an admin might write for it."""
    # In a strategy of its own, since hypothesis writes out what is drawn from, which is too long for its liking here.
    return draw(_values)


values = _value()
several = st.lists(values, min_size=3, max_size=8).map(dict)
situations = st.lists(st.tuples(calls, leads), min_size=1, max_size=3)


def accepted_of(fields: dict[str, Any], head: dict[str, Any], schema: ObjectSchema | None) -> dict[str, Any]:
    """Those of the fields with which the mapping still passes, and the required ones."""
    accepted: dict[str, Any] = dict(SURE)
    for name, value in fields.items():
        if passes(mapping_of({**accepted, name: value}, **head), schema):
            accepted[name] = value
            event(f"accepted {name}")
    return accepted


@given(several, heads, situations, st.sampled_from(Counted), st.data())
def test_what_passes_is_never_refused(
    fields: dict[str, Any],
    head: dict[str, Any],
    given_calls: list[tuple[Call, Lead | None]],
    counted: Counted,
    data: st.DataObject,
) -> None:
    schema = replace(SCHEMA, counted=counted)
    head = head if passes(mapping_of(SURE, **head), schema) else {}
    written = mapping_of(accepted_of(fields, head, schema), **head)
    mapping, warned = compile_mapping(written, schema), {found.code for found in check(written, schema)}
    for call, lead in given_calls:
        draft = mapping.apply(call, lead)
        if not isinstance(draft, Draft):
            continue
        found = data.draw(fillings(draft))
        assert refusals(found, schema) == []
        assert "MAP415" in warned or unavailable(found, schema) == []
        later = {name: value for name, value in settled(draft).items() if name not in draft.on_create}
        assert update_refusals(later, schema) == []
        assert {name for name, value in draft.fields.items() if any(chain(value))} <= draft.on_create
        assert mapping.wait_until(call) is None or mapping.waits


@given(several, heads, situations)
def test_a_mapping_suits_the_table_it_asks_for(
    fields: dict[str, Any], head: dict[str, Any], given_calls: list[tuple[Call, Lead | None]]
) -> None:
    of_a_table = {**head, "activity": "database/kitchen"}
    written = mapping_of(accepted_of(fields, of_a_table, None), **of_a_table)
    # A label is told from a value by the CRM's own fields only, and a warning says so.
    if passes(written, None) and not {found.code for found in check(written)} & {"MAP414"}:
        event("accepted")
        table = compile_mapping(written).table_schema()
        mapping = compile_mapping(written, table)
        for call, lead in given_calls:
            draft = mapping.apply(call, lead)
            if isinstance(draft, Draft):
                assert refusals(settled(draft), table) == []


@given(conditions, situations)
def test_a_condition_that_passes_can_be_asked_of_every_call(
    condition: dict[str, Any], given_calls: list[tuple[Call, Lead | None]]
) -> None:
    mapping = mapping_of(SURE, log_when=condition)
    if passes(mapping, SCHEMA):
        event("accepted")
        opposite = compile_mapping(mapping_of(SURE, log_when={"not": condition}), SCHEMA)
        compiled = compile_mapping(mapping, SCHEMA)
        for call, lead in given_calls:
            logged = isinstance(compiled.apply(call, lead), Draft)
            assert logged != isinstance(opposite.apply(call, lead), Draft)


def shipped_pair(name: str) -> tuple[ObjectSchema, Mapping]:
    schema = load_schema(shipped(f"{name}.schema.yaml"))
    return schema, compile_mapping(load(shipped(f"{name}.yaml")), schema)


SHIPPED = {name: shipped_pair(name) for name in ("salesforce", "database")}


@pytest.mark.parametrize("name", SHIPPED)
@given(call=calls, lead=leads, data=st.data())
def test_a_shipped_mapping_is_never_refused(name: str, call: Call, lead: Lead | None, data: st.DataObject) -> None:
    schema, mapping = SHIPPED[name]
    draft = mapping.apply(call, lead)
    assert isinstance(draft, Draft)
    assert refusals(data.draw(fillings(draft)), schema) == []


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
