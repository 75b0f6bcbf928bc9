"""What can be wrong in a value by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping import source
from connector.mapping.types import Kind
from tests.mapping.breaking.mutation import Mutation, add, drop, misspelt, mutator, put, rename
from tests.mapping.rendering import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mapping.breaking.anatomy import Anatomy


@mutator
def a_value_has_two_forms_or_none(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        form = next(name for name in ("from", "text", "cases", "find", "option", "value") if name in value.tree)
        other = "text" if form == "from" else "from"
        added = add(whole, value.path, other, "id")
        yield Mutation(added.tree, value.path, value.path)
        yield drop(whole, (*value.path, form))


@mutator
def an_option_has_no_effect(whole: Anatomy) -> Iterator[Mutation]:
    stray = {"where": {"Name": "x"}, "map": {"a": "b"}, "unmapped": "x", "round": "up", "plus": "1d"}
    goes_with = {"where": "find", "map": "from", "unmapped": "from", "round": "from", "plus": "from"}
    for value in whole.values():
        for name, written in stray.items():
            if goes_with[name] not in value.tree:
                yield add(whole, value.path, name, written)
        if "from" in value.tree and "map" not in value.tree:
            yield add(whole, value.path, "unmapped", value.tree.get("default", "x"))
        if "from" in value.tree and value.tree.get("as") != "minutes":
            yield add(whole, value.path, "round", "up")


@mutator
def a_case_is_never_reached(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        cases = value.tree.get("cases", ())
        if cases and (not isinstance(cases[-1], dict) or "when" not in cases[-1]):
            yield Mutation(
                changed(whole.tree, (*value.path, "cases"), [*cases, {"value": "x"}]),
                (*value.path, "cases", len(cases)),
                (*value.path, "cases", len(cases)),
            )


@mutator
def a_map_leaves_values_out(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        if "map" not in value.tree:
            continue
        found = source.find(value.tree["from"])
        assert found is not None
        covers = found.plan.type.closed or found.plan.type.kind is Kind.BOOLEAN
        if "unmapped" in value.tree and not covers:
            yield drop(whole, (*value.path, "unmapped"))
        if covers and "unmapped" not in value.tree:
            for key in value.tree["map"]:
                mutation = drop(whole, (*value.path, "map", key))
                yield mutation if len(value.tree["map"]) > 1 else Mutation(mutation.tree, mutation.at, mutation.at)


@mutator
def a_map_is_of_a_value_that_never_comes(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        for key in value.tree.get("map", ()):
            yield rename(whole, (*value.path, "map", key), "lots" if key[0].isdigit() else misspelt(key))


@mutator
def days_are_added_to_what_is_no_date(whole: Anatomy) -> Iterator[Mutation]:
    for value in whole.values():
        if "from" in value.tree and "map" not in value.tree and value.tree.get("as") != "date":
            yield add(whole, value.path, "plus", "1d")
        if "plus" in value.tree:
            yield put(whole, (*value.path, "plus"), "12h")


@mutator
def a_record_is_not_named_so(whole: Anatomy) -> Iterator[Mutation]:
    for path, found in whole.finds():
        yield put(whole, (*path, "find"), "Sales User")
        for name in found["where"]:
            yield rename(whole, (*path, "where", name), f"{name} of it")
            yield put(whole, (*path, "where", name), {"from": "transcript"})
