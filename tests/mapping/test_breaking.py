"""The other half of the promise: whatever is broken is told where it is broken, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from tests.mapping.breaking import fields, files, sources, templates, values
from tests.mapping.breaking.anatomy import Anatomy
from tests.mapping.breaking.mutation import MUTATORS
from tests.mapping.kitchen import EVERYTHING, HEAD, SCHEMA, SURE, mapping_of, passes
from tests.mapping.random_mappings import heads
from tests.mapping.rendering import Rendered, inside, tree_of
from tests.mapping.samples import file, shipped
from tests.mapping.test_promise import accepted_of, several

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from tests.mapping.breaking.mutation import Mutation
    from tests.mapping.rendering import Path, Tree

assert all((fields, files, sources, templates, values))  # importing them fills MUTATORS


def diagnostics(tree: Tree, schema: ObjectSchema) -> set[tuple[str, Path, str]]:
    """What is told, as code, path of the entry and label."""
    rendered = Rendered(tree)
    found = check(load(file(rendered.text)), schema)
    return {(one.code, rendered.at(one.place), one.label) for one in found}


def slips(whole: Anatomy, mutation: Mutation, before: set[tuple[str, Path, str]]) -> list[str]:
    """In what way a mutation is not told as it should be; nothing if it is."""
    new = diagnostics(mutation.tree, whole.schema) - before
    elsewhere = [one for one in new if not inside(one[1], mutation.within)]
    silent = [] if any(inside(path, mutation.at) for _, path, _ in new) else [f"nothing is told at {mutation.at}"]
    return silent + [f"{code} at {path}: {label}" for code, path, label in elsewhere]


WHOLE = {
    "everything": Anatomy(EVERYTHING, SCHEMA),
    **{
        name: Anatomy(tree_of(shipped(f"{name}.yaml")), load_schema(shipped(f"{name}.schema.yaml")))
        for name in ("salesforce", "database")
    },
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_to_be_broken_is_good(name: str) -> None:
    assert {code for code, _, _ in diagnostics(WHOLE[name].tree, WHOLE[name].schema)} <= {"MAP410"}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("mutator", MUTATORS)
def test_every_break_of_a_known_mapping_is_told_where_it_is(name: str, mutator: str) -> None:
    whole = WHOLE[name]
    made = list(MUTATORS[mutator](whole))
    assert made or name != "everything"
    before = diagnostics(whole.tree, whole.schema)
    wrong = {str(one.at): found for one in made if (found := slips(whole, one, before))}
    assert wrong == {}


@given(several, heads, st.data())
def test_any_break_of_a_random_mapping_is_told_where_it_is(
    written: dict[str, Any], head: dict[str, Any], data: st.DataObject
) -> None:
    head = head if passes(mapping_of(SURE, **head), SCHEMA) else {}
    tree = {key: value for key, value in {**HEAD, **head}.items() if value is not None}
    whole = Anatomy({**tree, "fields": accepted_of(written, head, SCHEMA)}, SCHEMA)
    mutator = data.draw(st.sampled_from([name for name, make in MUTATORS.items() if any(make(whole))]))
    event(mutator)
    mutation = data.draw(st.sampled_from(list(MUTATORS[mutator](whole))))
    assert slips(whole, mutation, diagnostics(whole.tree, SCHEMA)) == []
