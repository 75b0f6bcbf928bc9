"""`fields`: each field of the CRM with what goes into it, when it is written, and whether the CRM lets it be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.mapping.brief import brief
from connector.mapping.codes.crm import (
    CREATE_ONLY,
    DEPENDENT,
    EXCLUDED,
    READ_ONLY,
    REQUIRED_FIELD,
    UNKNOWN_FIELD,
)
from connector.mapping.codes.file import KEY_AS_FIELD, OPTION_OUT_OF_PLACE, WRONG_SHAPE
from connector.mapping.cutting import WIDEST, cut
from connector.mapping.problems import did_you_mean, listed, meant
from connector.mapping.reading import is_empty, word
from connector.mapping.shape import ALWAYS, CLEAR, FORMS, ON_CREATE, OPTIONS, UNLESS_EDITED, WRITE, names
from connector.mapping.types import Kind, Plan
from connector.mapping.values.slot import slot_for
from connector.mapping.values.value import value
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.diagnostics import Place
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run, Type
    from connector.yaml_text import Node

DEFAULT_POLICY = UNLESS_EDITED


@dataclass(frozen=True, slots=True)
class Field:
    """One field the mapping writes: how its value is computed, and when it is written.

    `place` is where its name stands. `clears`: a missing value empties the field; otherwise the field is left alone.
    `form` is what the file says of it, on one line; `sources` are the names of all that its value may be made of.
    """

    name: str
    place: Place
    type: Type
    run: Run
    clears: bool
    policy: str
    form: str
    sources: tuple[str, ...]


def fields(
    node: Node, key_field: str | None, schema: ObjectSchema | None, policy: str, scope: Scope
) -> tuple[Field, ...]:
    """All fields the mapping writes; what is wrong about them is reported."""
    if not isinstance(node, Mapping):
        scope.problems.add(WRONG_SHAPE, node.place, "fields is a map", "write Status: Completed, say")
        return ()
    found = [
        _field(name, written, key_field=key_field, schema=schema, policy=policy, scope=scope)
        for name, written in node.pairs
    ]
    written = {field.name: field for field in found if field is not None}
    if schema is not None:
        check_dependent([name for name, _ in node.pairs], written, schema, scope)
    _check_exclusions([name for name, _ in node.pairs], written, scope)
    return tuple(written.values())


def _check_exclusions(names: list[Scalar], written: Dict[str, Field], scope: Scope) -> None:
    """Report fields that the CRM does not take together."""
    for rule in scope.crm.exclusions if scope.crm else ():
        one, other = written.get(rule.field), written.get(rule.other)
        if one is None or other is None or rule.object not in one.type.objects or other.type.kind is Kind.UNKNOWN:
            continue
        if rule.object not in other.type.absent_for:
            place = next(name.place for name in names if name.text == rule.other)
            label = f"where {rule.field} is a {rule.object}, it must be empty"
            help_ = f"write {{from: person.account}}, leave it out, or name no {rule.object} under in: of person"
            scope.problems.add(EXCLUDED, place, label, help_)


def check_required(of: Scalar, node: Node, key_field: str | None, schema: ObjectSchema, scope: Scope) -> None:
    """Report fields that the CRM demands and the mapping does not write."""
    written = _meant_fields([name for name, _ in node.pairs] if isinstance(node, Mapping) else [], schema)
    # A key that could not be read may be any field that can be one.
    possible = {field.name for field in schema.fields.values() if field.key}
    keys = {key_field} & possible or possible
    for field in schema.fields.values():
        if field.required and field.createable and field.name not in written | keys:
            label = f"{schema.object} needs {field.name}"
            scope.problems.add(REQUIRED_FIELD, of.place, label, f"add {field.name}: with what to write")


def check_dependent(names: list[Scalar], written: dict[str, Field], schema: ObjectSchema, scope: Scope) -> None:
    """Report values of dependent picklists that do not go with what is written into the field they depend on."""
    attempted = _meant_fields(names, schema)
    for name in names:
        field, known = written.get(name.text), schema.fields.get(name.text)
        if field is None or known is None or known.controller is None or not field.type.closed:
            continue
        other = written.get(known.controller)
        if other is None and known.controller in attempted:
            continue
        may_be = _known_values(other.type, schema.fields.get(known.controller)) if other else None
        for one in known.values:
            if one.value not in field.type.values or not one.only_with:
                continue
            if other is None:
                label = f"{one.value} goes with some values of {known.controller} only, which is not written"
            elif may_be is None or set(may_be) <= set(one.only_with):
                continue
            else:
                label = f"{one.value} goes with {listed(one.only_with) or 'other values'} in {known.controller}"
            scope.problems.add(DEPENDENT, name.place, label)


def _meant_fields(names: list[Scalar], schema: ObjectSchema) -> set[str]:
    """The fields that are named, or meant where one is misspelt; that is told already, so nobody need miss them."""
    return {name.text if name.text in schema.fields else meant(name.text, schema.fields) for name in names}


def _known_values(type_: Type, field: FieldSchema | None) -> list[str] | None:
    """All that the value can be, but for what the field would refuse; None if that is not known."""
    if type_.kind is Kind.BOOLEAN:
        return ["true", "false"]
    taken = {one.value for one in field.values} if field else set()
    return [value for value in type_.values if not taken or value in taken] if type_.closed else None


def _field(
    name: Scalar, node: Node, *, key_field: str | None, schema: ObjectSchema | None, policy: str, scope: Scope
) -> Field | None:
    problems = scope.problems
    if name.text == key_field:
        problems.add(KEY_AS_FIELD, name.place, "it always holds the call's id", "leave this line out")
        return None
    known = schema.fields.get(name.text) if schema else None
    if schema is not None and known is None:
        label = f'{schema.object} has no field "{name.text}"'
        problems.add(UNKNOWN_FIELD, name.place, label, _meant(name.text, schema))
        return None
    if known is not None and not known.createable:
        problems.add(READ_ONLY, name.place, f"{name.text} is filled by the CRM", "leave this line out")
        return None
    if is_empty(name, node, problems):
        return None
    slot = slot_for(name.text, known, told=scope.told)
    scope = replace(scope, reads=[])
    plan = value(node, slot, scope, OPTIONS)
    if plan.type.kind is Kind.TEXT and slot.room is not None and not plan.type.closed:
        plan = _held_to(plan, slot.room, scope)
    policy = _policy(node, known, plan.type, policy, scope)
    clears, sources = _clears(node, scope), tuple(dict.fromkeys(scope.reads))
    return Field(name.text, name.place, plan.type, plan.run, clears, policy, brief(node), sources)


def _meant(name: str, schema: ObjectSchema) -> str:
    labelled = next(
        (field for field in schema.fields.values() if field.label and field.label.lower() == name.lower()), None
    )
    if labelled:
        return f'"{labelled.label}" is the label; write "{labelled.name}"'
    if name in names((*FORMS, *OPTIONS)):
        return f"if this {name}: belongs to the field above it, begin its line with more spaces"
    return did_you_mean(name, schema.fields) or (
        "if the CRM has it, save its fields anew (apten-crm schema pull), or let the connector's user see it"
    )


def _policy(node: Node, known: FieldSchema | None, type_: Type, policy: str, scope: Scope) -> str:
    """When the field is written: as it says itself, else as the file says; at creation only, if nothing else goes."""
    create_only = known is not None and not known.updateable
    asked = node.get("write") if isinstance(node, Mapping) else None
    written = None if asked is None else word(asked, WRITE, scope.problems, "write")
    if asked is not None and written in (ALWAYS, UNLESS_EDITED):
        if create_only:
            scope.problems.add(CREATE_ONLY, asked.place, "the CRM refuses later updates of it", "leave write: out")
        elif type_.open:
            label = "the record is found once, at creation; a person's later choice in the CRM is kept"
            scope.problems.add(OPTION_OUT_OF_PLACE, asked.place, label, "leave write: out")
    return ON_CREATE if create_only or type_.open else written or policy


def _clears(node: Node, scope: Scope) -> bool:
    asked = node.get("if_missing") if isinstance(node, Mapping) else None
    if asked is None or not isinstance(node, Mapping):
        return False
    if node.get("default") is not None:
        label = "default says already what is written then"
        scope.problems.add(OPTION_OUT_OF_PLACE, asked.place, label, "keep one of the two")
    return word(asked, (CLEAR,), scope.problems, "if_missing") == CLEAR


def _held_to(plan: Plan, room: int, scope: Scope) -> Plan:
    """The plan, sure to fit.

    The parts of a text are bounded one by one; joining two that begin and end in combining characters can, very
    rarely, make the whole a little longer than their sum.
    """
    run, counted = plan.run, scope.counted
    return Plan(
        plan.type,
        lambda call, lead: (
            cut(found, room, counted)
            if isinstance(found := run(call, lead), str) and WIDEST * len(found) > room
            else found
        ),
    )
