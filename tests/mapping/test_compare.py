"""Two versions of what becomes of a call: every difference is told, and nothing else is."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from connector.mapping.apply import compile_mapping, compile_mappings
from connector.mapping.compare import Change, Differences, Made, Written, compare, field_changes
from connector.model import Clue, Draft, IfUnlinked, Lookup, PersonRef, PersonSearch, Skip
from tests.mapping.kitchen import SCHEMA, SURE, mapping_of, passes
from tests.mapping.random_calls import calls, leads
from tests.mapping.random_parts import conditions
from tests.mapping.test_promise import values

if TYPE_CHECKING:
    from connector.mapping.load import MappingFile
    from connector.source_model import Call, Lead

NOON, ONE = datetime(2026, 6, 15, 12, 0, tzinfo=UTC), datetime(2026, 6, 15, 13, 0, tzinfo=UTC)
PERSON = PersonSearch((Clue("lead.phone", "+1555"),), ("Contact",), "US")
DRAFT = Draft("c", "c", {"a": "x", "b": 7, "who": PersonRef()}, PERSON, frozenset({"who"}))


@st.composite
def mappings(draw: st.DrawFn) -> MappingFile:
    """A mapping that passes its check, with a bit of everything that decides what becomes of a call."""
    fields: dict[str, Any] = {**SURE, "WhoId": {"from": "person"}}
    for name, value in draw(st.lists(values, max_size=5, unique_by=lambda pair: pair[0])):
        if passes(mapping_of({**fields, name: value}), SCHEMA):
            fields[name] = value
    waits = st.sampled_from([{"summary": "30m"}, {"summary": "1h", "transcript": "2h"}])
    optional = {"log_when": conditions, "wait_for": waits, "write": st.sampled_from(["always", "on_create"])}
    mapping = mapping_of(fields, **draw(st.fixed_dictionaries({}, optional=optional)))
    return mapping if passes(mapping, SCHEMA) else mapping_of(fields)


@st.composite
def mapped(draw: st.DrawFn) -> tuple[Made, Made]:
    """What two mappings make of one call."""
    compiled = compile_mappings([(draw(mappings()), SCHEMA), (draw(mappings()), SCHEMA)])
    call, lead = draw(calls), draw(leads)
    one, other = (Made(mapping.apply(call, lead), mapping.wait_until(call)) for mapping in compiled)
    return one, other


names = st.sampled_from(["a", "b", "who"])
open_values = [PersonRef(), PersonRef("owner"), PersonRef(otherwise="x"), Lookup("User", (("Name", "x"),))]
anything = st.sampled_from([None, "x", "7", 7, 7.5, date(2026, 6, 15), NOON, *open_values])
clues = st.lists(st.builds(Clue, st.sampled_from(["lead.phone", "lead.email"]), st.just("x")), max_size=2).map(tuple)
searches = st.none() | st.builds(PersonSearch, clues, if_none=st.sampled_from(IfUnlinked))
drafts = st.builds(
    Draft,
    st.just("c"),
    st.just("c"),
    st.dictionaries(names, anything),
    searches,
    on_create=st.frozensets(st.sampled_from(["a"])),
    unless_edited=st.frozensets(st.sampled_from(["b", "who"])),
)
made = st.builds(Made, drafts | st.builds(Skip, st.sampled_from(["one", "two"])), st.sampled_from([None, NOON, ONE]))


def facts(of: Made) -> dict[str, Any]:
    """What tells versions of a call apart. The policy of a field that is not written tells nothing."""
    if isinstance(of.result, Skip):
        return {"skipped": of.result.reason}
    draft = of.result
    fields = {name: Written(value, policy(draft, name)) for name, value in draft.fields.items()}
    return {"fields": fields, "person": draft.person, "wait": of.wait_until}


def policy(draft: Draft, name: str) -> str:
    return "on_create" if name in draft.on_create else "unless_edited" if name in draft.unless_edited else "always"


def changed(old: dict[str, Any], by: Differences) -> dict[str, Any]:
    """The old facts with the differences made good."""
    reason = by.skipped.new if by.skipped else old.get("skipped")
    if reason is not None:
        return {"skipped": reason}
    new = {"fields": {}, "person": None, "wait": None, **old}
    new.pop("skipped", None)
    fields = {
        name: by.fields[name].new if name in by.fields else new["fields"][name]
        for name in {**new["fields"], **by.fields}
    }
    new["fields"] = {name: written for name, written in fields.items() if written is not None}
    for name, change in by.policies.items():
        new["fields"][name] = replace(new["fields"][name], policy=change.new)
    new["person"] = by.person.new if by.person else new["person"]
    new["wait"] = by.wait_until.new if by.wait_until else new["wait"]
    return new


@settings(max_examples=60)
@given(mappings(), calls, leads)
def test_a_mapping_never_differs_from_itself(mapping: MappingFile, call: Call, lead: Lead | None) -> None:
    once, again = compile_mapping(mapping, SCHEMA), compile_mapping(mapping, SCHEMA)
    one, other = (Made(each.apply(call, lead), each.wait_until(call)) for each in (once, again))
    assert compare(one, other) == Differences()


@settings(max_examples=150)
@given(mapped() | st.tuples(made, made))
def test_the_old_version_and_the_differences_make_the_new_one_and_back(versions: tuple[Made, Made]) -> None:
    old, new = versions
    told, back = compare(old, new), compare(new, old)
    event(f"{len(told.fields)} fields, {len(told.policies)} policies, {told.skipped is not None}")
    assert changed(facts(old), told) == facts(new)
    assert changed(facts(new), back) == facts(old)
    assert {name: Change(change.new, change.old) for name, change in back.fields.items()} == told.fields


@settings(max_examples=100)
@given(made, made)
def test_nothing_is_told_that_is_alike(old: Made, new: Made) -> None:
    told = compare(old, new)
    assert (told == Differences()) == (facts(old) == facts(new))
    for change in (told.skipped, told.person, told.wait_until, *told.policies.values()):
        assert change is None or change.old != change.new
    for field in told.fields.values():
        assert field.old is None or field.new is None or field.old.value != field.new.value


def test_fields_are_told_in_the_order_of_the_new_version_and_those_that_go_come_last() -> None:
    old = {"gone": Written("x"), "b": Written(1), "a": Written("x"), "same": Written(None)}
    new = {"a": Written("y"), "same": Written(None), "b": Written(2), "came": Written(None)}
    assert list(field_changes(old, new).items()) == [
        ("a", Change(Written("x"), Written("y"))),
        ("b", Change(Written(1), Written(2))),
        ("came", Change(None, Written(None))),
        ("gone", Change(Written("x"), None)),
    ]


@pytest.mark.parametrize(
    ("one", "other"), [(True, 1), (False, 0), ("1", 1), (date(2026, 6, 15), "2026-06-15"), (None, "")]
)
def test_what_only_looks_alike_differs(one: Any, other: Any) -> None:
    assert field_changes({"a": Written(one)}, {"a": Written(other)})
    assert field_changes({"a": Written(other)}, {"a": Written(one)})


def test_a_moment_is_the_same_in_every_zone() -> None:
    berlin = datetime.fromisoformat("2026-06-15T14:00:00+02:00")
    assert field_changes({"a": Written(NOON)}, {"a": Written(berlin)}) == {}


def test_a_policy_alone_does_not_change_the_call() -> None:
    told = compare(Made(DRAFT), Made(replace(DRAFT, on_create=frozenset({"who", "b"}))))
    assert told == Differences(policies={"b": Change("always", "on_create")})
    assert not told.change_the_call


@pytest.mark.parametrize(
    "new",
    [
        Made(replace(DRAFT, fields={**DRAFT.fields, "a": "y"})),
        Made(replace(DRAFT, person=None)),
        Made(DRAFT, NOON),
        Made(Skip("log_when: isTransfer")),
    ],
)
def test_anything_else_does(new: Made) -> None:
    assert compare(Made(DRAFT), new).change_the_call
    assert compare(new, Made(DRAFT)).change_the_call


PARTS: dict[str, Any] = {
    "fields": {**DRAFT.fields, "a": "y"},
    "person": None,
    "on_create": frozenset({"who", "a"}),
    "unless_edited": frozenset({"a"}),
}


def test_no_part_of_a_draft_is_overlooked() -> None:
    assert PARTS.keys() | {"call_id", "key"} == {each.name for each in fields(Draft)}
    for name, part in PARTS.items():
        assert compare(Made(DRAFT), Made(replace(DRAFT, **{name: part}))) != Differences(), name


def test_a_call_that_is_left_out_waits_for_nothing_and_writes_nothing() -> None:
    told = compare(Made(DRAFT, NOON), Made(Skip("log_when: isTransfer"), ONE))
    assert told.skipped == Change(None, "log_when: isTransfer")
    assert [change.new for change in told.fields.values()] == [None] * 3
    assert told.wait_until == Change(NOON, None)
    assert told.person == Change(PERSON, None)
    assert told.policies == {}
