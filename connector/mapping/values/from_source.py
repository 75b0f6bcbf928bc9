"""The form `{from: …}`: a source's value, mapped to others or turned into another kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.mapping.codes.file import OPTION_OUT_OF_PLACE, WRONG_SHAPE
from connector.mapping.codes.source import NEEDS_UNMAPPED, NO_PERSON, NOT_COVERED, UNSUITABLE
from connector.mapping.conditions.operands import operand
from connector.mapping.functions.numbers import ROUNDINGS
from connector.mapping.functions.registry import CONVERSIONS
from connector.mapping.functions.use import use
from connector.mapping.problems import listed
from connector.mapping.reading import is_empty, text, word
from connector.mapping.source import PERSON, canonical
from connector.mapping.types import BROKEN, Kind, Plan, Type, constant, join
from connector.mapping.values.fit import check_fit, check_kind, check_presence
from connector.mapping.values.literal import literal
from connector.model import PersonRef
from connector.yaml_text import Mapping

if TYPE_CHECKING:
    from connector.mapping.reading import Section
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.mapping.values.slot import Slot

_PERSON_TAKES = ("from", "when", "write")


def from_source(found: Section, slot: Slot, scope: Scope) -> Plan:
    """The value that the section's `from`, `map`, `unmapped`, `as` and `round` describe, checked against the slot."""
    node = found["from"][1]
    path = text(node, scope.problems, "from")
    if path is None:
        return BROKEN
    if path == PERSON:
        return _person(found, slot, scope)
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
    plan = _as_written(plan)
    check_fit(plan.type, slot, node.place, scope.problems)
    return plan


def _person(found: Section, slot: Slot, scope: Scope) -> Plan:
    place = found["from"][1].place
    for name, (key, _) in found.items():
        if name not in _PERSON_TAKES:
            scope.problems.add(OPTION_OUT_OF_PLACE, key.place, f"{name} does not go with the person")
    if not scope.has_person:
        scope.problems.add(NO_PERSON, place, "nobody is looked up", "add person: {by: [lead.externalLeadId]}")
    plan = constant(PersonRef(), Type(Kind.PERSON, missing=True))
    if check_kind(plan.type, slot, place, scope.problems):
        check_presence(plan.type, slot, place, scope.problems)
    return plan


def _check_options(found: Section, scope: Scope) -> None:
    def out_of_place(name: str, label: str) -> None:
        scope.problems.add(OPTION_OUT_OF_PLACE, found[name][0].place, label)

    if "unmapped" in found and "map" not in found:
        out_of_place("unmapped", "there is no map beside it")
    if "as" in found and "map" in found:
        out_of_place("as", "map says already what is written")
    if "round" in found and not ("as" in found and getattr(found["as"][1], "text", "") == "minutes"):
        out_of_place("round", "only as: minutes rounds")


def _converted(plan: Plan, found: Section, scope: Scope) -> Plan:
    node = found["as"][1]
    name = word(node, tuple(CONVERSIONS), scope.problems, "as")
    arguments: tuple[str, ...] = ()
    if "round" in found:
        how = word(found["round"][1], tuple(ROUNDINGS), scope.problems, "round")
        arguments = (how,) if how else ()
    return use(CONVERSIONS[name], arguments, plan, node.place, scope) if name else BROKEN


def _as_written(plan: Plan) -> Plan:
    """A text as it is written to the CRM: canonical, and missing where that leaves nothing."""
    type_, run = plan.type, plan.run
    if type_.kind is not Kind.TEXT or type_.closed:
        return plan
    type_ = replace(type_, missing=type_.missing or type_.blank, blank=False)
    return Plan(type_, lambda call, lead: canonical(run(call, lead)))


def _mapped(plan: Plan, found: Section, slot: Slot, scope: Scope) -> Plan:
    key, node = found["map"]
    if not isinstance(node, Mapping):
        scope.problems.add(WRONG_SHAPE, node.place, "a map says what each value becomes", "write {LEAD: Customer}, say")
        return BROKEN
    if plan.type.kind not in (Kind.TEXT, Kind.BOOLEAN, Kind.INTEGER):
        scope.problems.add(UNSUITABLE, key.place, f"{plan.type.path} is {plan.type.kind}; it has no values to map")
        return BROKEN
    table, result = _table(plan, node, slot, scope)
    left_out = _left_out(plan.type, table)
    otherwise = None
    if "unmapped" in found:
        other = literal(found["unmapped"][1], slot, scope)
        result, otherwise = _joined(result, other.type), _value(other)
    elif left_out is None:
        help_ = "add unmapped: with what other values become"
        scope.problems.add(NEEDS_UNMAPPED, key.place, f"{plan.type.path} may get new values", help_)
    elif left_out:
        scope.problems.add(
            NOT_COVERED, key.place, f"{listed(left_out)} is left out", "add it, or unmapped: for the rest"
        )
    return Plan(
        replace(result or Type(Kind.UNKNOWN), missing=plan.type.missing), _looked_up(plan.run, table, otherwise)
    )


def _table(plan: Plan, node: Mapping, slot: Slot, scope: Scope) -> tuple[dict[object, object], Type | None]:
    table: dict[object, object] = {}
    result: Type | None = None
    for key, value in node.pairs:
        becomes = BROKEN if is_empty(key, value, scope.problems) else literal(value, slot, scope)
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


def _left_out(type_: Type, table: dict[object, object]) -> list[str] | None:
    """Which values of a closed source the table lacks; None if the source is open."""
    if type_.kind is Kind.BOOLEAN:
        return [str(flag).lower() for flag in (True, False) if flag not in table]
    if not type_.closed:
        return None
    return [value for value in type_.values if value not in table]


def _looked_up(run: Run, table: dict[object, object], otherwise: object) -> Run:
    get = table.get
    return lambda call, lead: None if (value := run(call, lead)) is None else get(value, otherwise)
