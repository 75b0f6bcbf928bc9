from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connector.crm_schema import Counted
from connector.diagnostics import Place
from connector.mapping import functions
from connector.mapping.functions.function import Function
from connector.mapping.functions.registry import CONVERSIONS, FILTERS
from connector.mapping.functions.use import use
from connector.mapping.labels import Labels
from connector.mapping.local_time import read_local_time
from connector.mapping.problems import Problems
from connector.mapping.scope import Scope
from connector.mapping.source import SOURCES, find
from connector.mapping.types import Kind
from connector.yaml_text import read
from tests.mapping.random_calls import calls, leads
from tests.mapping.random_parts import zones
from tests.mapping.samples import call, file, value
from tests.mapping.type_rules import breaches

if TYPE_CHECKING:
    from connector.mapping.functions.function import Example
    from connector.mapping.types import Plan
    from connector.source_model import Call, Lead

FUNCTIONS = {f"{name} ({where})": f for where, of in (("as", CONVERSIONS), ("|", FILTERS)) for name, f in of.items()}
EXAMPLES = {f"{f.name}: {example.written}": (f, example) for f in FUNCTIONS.values() for example in f.examples}
HERE = Place(file(""), 1, 1)
LABELS = Labels(
    {"endedBy": {"LEAD": "Customer 🎉"}, "transcript": {"user": "Kundin"}, "isTransfer": {"true": "x" * 60}}
)


@pytest.mark.parametrize(("function", "example"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_gives_what_it_says(function: Function, example: Example) -> None:
    assert function.name in example.written
    assert value(example.written, call(**example.call)) == example.gives


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_every_function_is_described_and_shown_wherever_it_can_be_used(function: Function) -> None:
    assert function.doc.endswith(".")
    assert function.takes
    assert function.signature.startswith(function.name)
    assert ("(" in function.signature) == bool(function.arguments)
    written = " ".join(example.written for example in function.examples)
    assert (f"as: {function.name}" in written) == (function.name in CONVERSIONS)
    assert (f"| {function.name}" in written) == (function.name in FILTERS)


def test_no_function_is_left_out_of_the_registry() -> None:
    modules = [
        import_module(f"{functions.__name__}.{found.name}") for found in pkgutil.iter_modules(functions.__path__)
    ]
    made = {id(each) for module in modules for each in vars(module).values() if isinstance(each, Function)}
    assert made == {id(function) for function in FUNCTIONS.values()}
    assert all(name == function.name for of in (CONVERSIONS, FILTERS) for name, function in of.items())


_numbers, _words = (
    st.integers(1, 40),
    st.sampled_from(["long", "12h", "up", "down", "nearest", "…", "", "none 🎉", " \x00"]),
)


@st.composite
def _arguments(draw: st.DrawFn, function: Function) -> tuple[Any, ...]:
    kinds = [draw(st.sampled_from(allowed)) for allowed in function.arguments]
    return tuple(draw(_numbers if kind is int else _words) for kind in kinds[: draw(st.integers(0, len(kinds)))])


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """Everything around a function that its result depends on."""
    node = read(file(str(draw(zones)).replace("'", '"')))
    assert node is not None
    scope = Scope(Problems(), draw(st.sampled_from([Labels(), LABELS])), draw(st.sampled_from(Counted)))
    return Scope(scope.problems, scope.labels, scope.counted, read_local_time(node, scope.read, scope.problems))


def _is_as_declared(plan: Plan, of: tuple[Call, Lead | None], counted: Counted) -> bool:
    assert breaches(plan.run(*of), plan.type, counted) == []
    return True


situations = st.tuples(calls, leads)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@given(st.data(), scopes(), situations)
def test_the_result_of_a_function_is_of_the_type_it_declares(
    function: Function, data: st.DataObject, scope: Scope, situation: tuple[Call, Lead | None]
) -> None:
    path = data.draw(
        st.sampled_from([path for path, found in SOURCES.items() if found.plan.type.kind in function.takes])
    )
    plan = scope.read(path, HERE)
    assert plan is not None
    result = use(function, data.draw(_arguments(function)), plan, HERE, scope)
    assume(result.type.kind is not Kind.UNKNOWN)
    _is_as_declared(result, situation, scope.counted)


@given(st.data(), scopes(), situations)
def test_the_result_of_several_filters_is_of_the_type_they_declare(
    data: st.DataObject, scope: Scope, situation: tuple[Call, Lead | None]
) -> None:
    plan = scope.read(data.draw(st.sampled_from([*SOURCES, "lead.additionalInfo.region"])), HERE)
    assert plan is not None
    for _ in range(3):
        fitting = [function for function in FILTERS.values() if plan.type.kind in function.takes]
        if not fitting:
            break
        function = data.draw(st.sampled_from(fitting))
        made = use(function, data.draw(_arguments(function)), plan, HERE, scope)
        if made.type.kind is Kind.UNKNOWN:
            break
        plan = made
        _is_as_declared(plan, situation, scope.counted)


@given(situations, st.sampled_from([*SOURCES, "lead.additionalInfo.region"]), st.sampled_from(Counted))
def test_a_source_is_of_the_type_it_declares(situation: tuple[Call, Lead | None], path: str, counted: Counted) -> None:
    found = find(path)
    assert found is not None
    _is_as_declared(found.plan, situation, counted)
