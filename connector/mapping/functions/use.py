"""Puts a function to use at a place of the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.mapping.codes.source import UNSUITABLE
from connector.mapping.functions.function import MisuseError, unchanged
from connector.mapping.problems import listed
from connector.mapping.source import SOURCES
from connector.mapping.types import BROKEN, Plan

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.functions.function import Function, Step
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run


def use(function: Function, arguments: tuple[Any, ...], plan: Plan, place: Place, scope: Scope) -> Plan:
    """The function applied to the plan's value; reported, if it does not suit."""
    if plan.type.kind not in function.takes:
        label = f"{function.name} works on {' or '.join(function.takes)}; this is {plan.type.kind}"
        scope.problems.add(UNSUITABLE, place, label, _suitable(function))
        return BROKEN
    try:
        step = function.make(plan.type, arguments, scope)
    except MisuseError as misuse:
        scope.problems.add(misuse.code, place, misuse.label, misuse.help)
        return BROKEN
    return Plan(step.type, plan.run if step.run is unchanged else _chained(plan.run, step))


def _suitable(function: Function) -> str:
    """The call's fields that would do, if they are few."""
    few = listed(path for path, one in SOURCES.items() if "." not in path and one.plan.type.kind in function.takes)
    return f"use {few}" if few else ""


def _chained(get: Run, step: Step) -> Run:
    run, instead = step.run, step.missing
    return lambda call, lead: instead if (value := get(call, lead)) is None else run(value)
