"""What can be wrong on the side of Apten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping import source
from connector.mapping.types import Kind
from tests.mapping.breaking.mutation import Mutation, misspelt, mutator, put, rename

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mapping.breaking.anatomy import Anatomy


@mutator
def a_source_is_misspelt(whole: Anatomy) -> Iterator[Mutation]:
    for path, name in whole.sources():
        if not name.startswith(source.OPEN_KEYS):
            yield put(whole, path, misspelt(name))
    for test in whole.conditions():
        name = str(test.path[-1])
        if not name.startswith(source.OPEN_KEYS):
            yield rename(whole, test.path, misspelt(name))
    for section in ("wait_for", "labels"):
        for name in whole.tree.get(section, {}):
            yield rename(whole, (section, name), misspelt(name))


@mutator
def a_source_serves_another_purpose(whole: Anatomy) -> Iterator[Mutation]:
    for test in whole.conditions():
        yield rename(whole, test.path, "person.owner")
    for name in whole.tree.get("wait_for", {}):
        yield rename(whole, ("wait_for", name), "endedBy")
    for name in whole.tree.get("labels", {}):
        yield rename(whole, ("labels", name), "durationSeconds")


_UNFIT = {Kind.BOOLEAN: "maybe", Kind.INTEGER: "long", Kind.DATETIME: "yesterday"}


@mutator
def a_condition_asks_what_cannot_be(whole: Anatomy) -> Iterator[Mutation]:
    for test in whole.conditions():
        found = source.find(str(test.path[-1]))
        assert found is not None
        kind = found.plan.type.kind
        if kind in _UNFIT:
            yield put(whole, test.path, _UNFIT[kind])
        if found.plan.type.values and kind is Kind.TEXT:
            yield put(whole, test.path, "OUTBONUD")
        if kind in (Kind.TEXT, Kind.BOOLEAN):
            yield put(whole, test.path, {"at_least": "5"})
        if kind is not Kind.TEXTS:
            yield put(whole, test.path, {"has": "vip"})
        if kind in (Kind.TEXTS, Kind.TRANSCRIPT):
            yield put(whole, test.path, "vip")
