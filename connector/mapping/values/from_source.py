"""The form `{from: …}`: a source's value, mapped to others or turned into another kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from connector.mapping.codes.file import BAD_PLUS, OPTION_OUT_OF_PLACE, WRONG_SHAPE
from connector.mapping.codes.source import NEEDS_UNMAPPED, NOT_COVERED, UNSUITABLE
from connector.mapping.conditions.operands import operand
from connector.mapping.functions.registry import CONVERSIONS
from connector.mapping.functions.use import use
from connector.mapping.labels import FLAGS
from connector.mapping.problems import listed, meant
from connector.mapping.reading import is_empty, text, word
from connector.mapping.scalars import as_duration
from connector.mapping.shape import ROUND
from connector.mapping.source import PERSON_PARTS, canonical
from connector.mapping.types import BROKEN, Kind, Plan, Type, join
from connector.mapping.values.fit import check_fit, check_presence
from connector.mapping.values.fixed import fixed
from connector.mapping.values.from_person import from_person
from connector.yaml_text import Mapping

if TYPE_CHECKING:
    from connector.mapping.reading import Section
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.mapping.values.slot import Slot
    from connector.yaml_text import Node, Scalar

MAPPED = (Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER)
"""Kinds of sources whose values `map` takes."""
_MOST_DAYS = 3_650


def from_source(found: Section, slot: Slot, scope: Scope) -> Plan:
    """The value that `from` and the options beside it describe, checked against the slot."""
    node = found["from"][1]
    path = text(node, scope.problems, "from")
    if path is None:
        return BROKEN
    if path in PERSON_PARTS:
        scope.reads.append(path)
        return from_person(path, found, slot, scope)
    plan = scope.read(path, node.place)
    if plan is None:
        return BROKEN
    _check_options(found, scope)
    if "map" in found:
        mapped = _mapped(plan, found, slot, scope)
        check_presence(mapped.type, slot, node.place, scope.problems)
        return mapped
    if "as" in found:
        plan = _converted(plan, found, scope)
    if "plus" in found:
        plan = _later(plan, *found["plus"], scope)
    plan = _as_written(plan)
    check_fit(plan.type, slot, node.place, scope.problems)
    return plan


def _check_options(found: Section, scope: Scope) -> None:
    def out_of_place(name: str, label: str) -> None:
        scope.problems.add(OPTION_OUT_OF_PLACE, found[name][0].place, label)

    if "unmapped" in found and "map" not in found:
        out_of_place("unmapped", "there is no map beside it")
    if "as" in found and "map" in found:
        out_of_place("as", "map says already what is written")
    conversion = getattr(found["as"][1], "text", "") if "as" in found else None
    if "round" in found and (conversion is None or conversion in CONVERSIONS) and conversion != "minutes":
        out_of_place("round", "only as: minutes rounds")


def _converted(plan: Plan, found: Section, scope: Scope) -> Plan:
    node = found["as"][1]
    name = word(node, CONVERSIONS, scope.problems, "as")
    arguments: tuple[str, ...] = ()
    if "round" in found and name == "minutes":
        how = word(found["round"][1], ROUND, scope.problems, "round")
        arguments = (how,) if how else ()
    return use(CONVERSIONS[name], arguments, plan, node.place, scope) if name else BROKEN


def _later(plan: Plan, key: Scalar, node: Node, scope: Scope) -> Plan:
    """The date, so many days later."""
    if plan.type.kind is Kind.UNKNOWN:
        return plan
    if plan.type.kind is not Kind.DATE:
        scope.problems.add(UNSUITABLE, key.place, f"only dates can be moved; this is {plan.type.kind}", "add as: date")
        return BROKEN
    written = text(node, scope.problems, "plus")
    span = None if written is None else as_duration(written)
    if written is not None and (span is None or span.seconds or not 0 < span.days <= _MOST_DAYS):
        scope.problems.add(BAD_PLUS, node.place, f"a whole number of days, at most {_MOST_DAYS:,}d", "write 1d, say")
        return BROKEN
    run = plan.run
    return Plan(plan.type, lambda call, lead: None if (day := run(call, lead)) is None else day + span)


def _as_written(plan: Plan) -> Plan:
    """A value as it is written to the CRM: a time in UTC; a text canonical, and missing where that leaves nothing."""
    type_, run = plan.type, plan.run
    if type_.kind is Kind.DATETIME:
        return Plan(type_, lambda call, lead: None if (at := run(call, lead)) is None else at.astimezone(UTC))
    if type_.kind is not Kind.TEXT or type_.closed:
        return plan
    type_ = replace(type_, missing=type_.missing or type_.blank, blank=False)
    return Plan(type_, lambda call, lead: canonical(run(call, lead)))


def _mapped(plan: Plan, found: Section, slot: Slot, scope: Scope) -> Plan:
    key, node = found["map"]
    if not isinstance(node, Mapping):
        scope.problems.add(WRONG_SHAPE, node.place, "a map says what each value becomes", "write {LEAD: Customer}, say")
        return BROKEN
    if plan.type.kind not in MAPPED:
        scope.problems.add(UNSUITABLE, key.place, f"{plan.type.path} is {plan.type.kind}; it has no values to map")
        return BROKEN
    table, result = _table(plan, node, slot, scope)
    left_out = _left_out(plan.type, [one.text for one, _ in node.pairs])
    otherwise = None
    if "unmapped" in found:
        other = fixed(found["unmapped"][1], slot, scope)
        result, otherwise = _joined(result, other.type), _value(other)
    elif left_out is None:
        help_ = "add unmapped: with what other values become"
        scope.problems.add(NEEDS_UNMAPPED, key.place, f"{plan.type.path} may get new values", help_)
    elif left_out:
        help_ = f"add {', '.join(f'{value}: …' for value in left_out)} to the map, or unmapped: for the rest"
        scope.problems.add(NOT_COVERED, key.place, f"{listed(left_out)} is left out", help_)
    result = result or Type(Kind.UNKNOWN)
    missing = plan.type.missing or result.missing
    return Plan(replace(result, missing=missing), _looked_up(plan.run, table, otherwise))


def _table(plan: Plan, node: Mapping, slot: Slot, scope: Scope) -> tuple[dict[object, object], Type | None]:
    table: dict[object, object] = {}
    result: Type | None = None
    for key, value in node.pairs:
        becomes = BROKEN if is_empty(key, value, scope.problems) else fixed(value, slot, scope)
        of = operand(key, plan.type, scope.problems)
        if of is not None:
            table[of] = _value(becomes)
        result = _joined(result, becomes.type)
    return table, result


def _joined(one: Type | None, other: Type) -> Type:
    return other if one is None else join(one, other)


def _value(plan: Plan) -> object:
    """The value of a constant."""
    return plan.run(None, None)  # type: ignore[arg-type]  # a constant reads neither call nor lead


def _left_out(type_: Type, written: list[str]) -> list[str] | None:
    """Which values of a closed source the map's keys lack, and do not just misspell; None if the source is open."""
    values = FLAGS if type_.kind is Kind.BOOLEAN else type_.values
    if values is not FLAGS and not type_.closed:
        return None
    named = {key.lower() if values is FLAGS else key for key in written}
    return [value for value in values if value not in named | {meant(key, values) for key in named - set(values)}]


def _looked_up(run: Run, table: dict[object, object], otherwise: object) -> Run:
    get = table.get
    return lambda call, lead: None if (value := run(call, lead)) is None else get(value, otherwise)
