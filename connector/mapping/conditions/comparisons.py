"""Compares one source with what the mapping says. A missing value equals nothing, and is neither much nor little."""

from __future__ import annotations

import operator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.codes.source import BAD_TEST
from connector.mapping.codes.types import NEEDS_ZONE
from connector.mapping.conditions.condition import BROKEN, Condition, all_of, negated
from connector.mapping.conditions.operands import operand
from connector.mapping.reading import section, word
from connector.mapping.shape import COMPARED, ORDERED, PRESENT, TESTS
from connector.mapping.types import Kind
from connector.yaml_text import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.diagnostics import Place
    from connector.mapping.scope import Scope
    from connector.mapping.types import Plan, Run, Type
    from connector.yaml_text import Node

_ORDERS = {"at_least": operator.ge, "at_most": operator.le, "more_than": operator.gt, "less_than": operator.lt}
"""The last two are for templates, which write them > and <."""


def compared(plan: Plan, node: Node, scope: Scope) -> Condition:
    """The source is this value, one of this list, or passes these tests."""
    if isinstance(node, Scalar):
        return equals(plan, (node,), scope)
    if isinstance(node, Sequence):
        return equals(plan, _values(node, scope), scope)
    tests = section(node, TESTS, scope.problems, "a test")
    found = [_test(name, plan, value, scope) for name, (_, value) in tests.items()]
    return all_of(found if len(found) == len(node.pairs) else [*found, BROKEN])


def _values(node: Node, scope: Scope) -> tuple[Scalar, ...]:
    """A value or a list of values; what is no value is reported."""
    found = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(item, Scalar):
            found.append(item)
        else:
            scope.problems.add(WRONG_SHAPE, item.place, "a value is due here, not a list or a map")
    return tuple(found)


def _test(name: str, plan: Plan, node: Node, scope: Scope) -> Condition:
    match name:
        case "not":
            return negated(equals(plan, _values(node, scope), scope))
        case "present":
            wanted = word(node, PRESENT, scope.problems, "present")
            there = present(plan)
            return BROKEN if wanted is None else there if wanted == "true" else negated(there)
        case "has":
            return has(plan, _values(node, scope), node.place, scope)
    if isinstance(node, Scalar):
        return orders(plan, node, name, scope)
    scope.problems.add(WRONG_SHAPE, node.place, "a value is due here, not a list or a map")
    return BROKEN


def present(plan: Plan) -> Condition:
    """There is a value that is not blank."""
    run = plan.run
    return Condition(lambda call, lead: run(call, lead) is not None, when_true=_path(plan.type))


def truth(plan: Plan) -> Condition:
    """The flag is true; of other sources, there is a value."""
    run = plan.run
    return Condition(run) if plan.type.kind is Kind.BOOLEAN else present(plan)


def equals(plan: Plan, written: tuple[Scalar, ...], scope: Scope) -> Condition:
    """The value is one of these."""
    type_ = plan.type
    if type_.kind not in COMPARED:
        help_ = "write {has: …}" if type_.kind is Kind.TEXTS else "write {present: true}"
        _unsuitable(written[0].place if written else None, f"{type_.path} is {type_.kind}", help_, scope)
        return BROKEN
    values = [value for one in written if (value := operand(one, type_, scope.problems)) is not None]
    if not values:
        return BROKEN
    run = _dated(plan, values, written[0].place, scope) if type_.kind is Kind.DATETIME else plan.run
    if len(values) == 1:
        only = values[0]
        return Condition(lambda call, lead: bool(run(call, lead) == only), when_true=_path(type_))
    several = frozenset(values)
    return Condition(lambda call, lead: run(call, lead) in several, when_true=_path(type_))


def orders(plan: Plan, written: Scalar, name: str, scope: Scope) -> Condition:
    """The value is `at_least`, `at_most`, `more_than` or `less_than` this."""
    type_ = plan.type
    if type_.kind not in ORDERED:
        _unsuitable(written.place, f"{type_.path} is {type_.kind}: neither more nor less", "", scope)
        return BROKEN
    bound = operand(written, type_, scope.problems)
    if bound is None:
        return BROKEN
    run = _dated(plan, [bound], written.place, scope) if type_.kind is Kind.DATETIME else plan.run
    return _ordered(run, _ORDERS[name], bound, _path(type_))


def _ordered(run: Run, order: Callable[[Any, Any], bool], bound: Any, path: frozenset[str]) -> Condition:
    return Condition(
        lambda call, lead: (value := run(call, lead)) is not None and order(value, bound),
        when_true=path,
    )


def has(plan: Plan, written: tuple[Scalar, ...], place: Place, scope: Scope) -> Condition:
    """The list holds one of these."""
    type_ = plan.type
    if type_.kind is not Kind.TEXTS:
        _unsuitable(place, f"{type_.path} is {type_.kind}, not a list", "write the value itself", scope)
        return BROKEN
    run, wanted = plan.run, frozenset(one.text for one in written)
    return Condition(lambda call, lead: not wanted.isdisjoint(run(call, lead) or ()), when_true=_path(type_))


def _dated(plan: Plan, values: list[Any], place: Place, scope: Scope) -> Run:
    """Reads a point in time as what it is compared with: as the day it falls on, where that is a date."""
    days = [value for value in values if isinstance(value, date) and not isinstance(value, datetime)]
    if not days:
        return plan.run
    if scope.time is None:
        scope.problems.add(NEEDS_ZONE, place, "when a day begins depends on the place", "add timezone: to the mapping")
        return plan.run
    return _day(plan.run, scope.time.local)


def _day(run: Run, local: Callable[[datetime], datetime]) -> Run:
    return lambda call, lead: None if (value := run(call, lead)) is None else local(value).date()


def _unsuitable(place: Place | None, label: str, help_: str, scope: Scope) -> None:
    if place is not None:
        scope.problems.add(BAD_TEST, place, label, help_)


def _path(type_: Type) -> frozenset[str]:
    return frozenset((type_.path,)) if type_.path else frozenset()
