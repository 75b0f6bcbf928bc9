"""Values: the forms and the options around them, each checked against its field and compiled in one walk."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.mapping import source
from connector.mapping.addresses import address_in
from connector.mapping.codes.file import (
    BRACES,
    LOOKS_LIKE_SOURCE,
    ONE_FORM,
    OPTION_OUT_OF_PLACE,
    UNREACHABLE,
    WRONG_SHAPE,
)
from connector.mapping.conditions.condition import ALWAYS
from connector.mapping.conditions.condition import BROKEN as BROKEN_CONDITION
from connector.mapping.conditions.written import condition
from connector.mapping.local_time import read_local_time
from connector.mapping.problems import listed
from connector.mapping.reading import is_empty, name_of, section
from connector.mapping.redaction import read_redaction
from connector.mapping.shape import CASE_OPTIONS, FORMS, OPTIONS, names
from connector.mapping.templates.template import template
from connector.mapping.types import BROKEN, Kind, Plan, join
from connector.mapping.values.cut import read_cut
from connector.mapping.values.find import find
from connector.mapping.values.fit import check_fit, check_kinds_agree, check_presence
from connector.mapping.values.fixed import fixed, picked
from connector.mapping.values.from_source import from_source
from connector.mapping.values.literal import literal
from connector.open_values import ending
from connector.yaml_text import Mapping, Scalar, Sequence
from connector.yaml_values import quoted

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.conditions.condition import Condition, Holds
    from connector.mapping.reading import Section
    from connector.mapping.scope import Scope
    from connector.mapping.shape import Option
    from connector.mapping.types import Run
    from connector.mapping.values.slot import Slot
    from connector.source_model import Call, Lead
    from connector.yaml_text import Node

_FORMS = names(FORMS)
_IN_CASES = names((*FORMS, *CASE_OPTIONS))


def value(node: Node, slot: Slot, scope: Scope, options: tuple[Option, ...] = CASE_OPTIONS) -> Plan:
    """What goes into the slot; everything wrong about it is reported."""
    if isinstance(node, Scalar):
        return _plain(node, slot, scope)
    if isinstance(node, Sequence):
        scope.problems.add(WRONG_SHAPE, node.place, "a list is no value", "write a single value, or {cases: […]}")
        return BROKEN
    found = section(node, (*FORMS, *options), scope.problems, "a value")
    form = _form(found, node, scope)
    if form is None:
        return BROKEN
    _check_options(found, form, options, scope)
    scope = _own(found, form, scope)
    when = condition(found["when"][1], scope) if "when" in found else ALWAYS
    cut = read_cut(found["cut"][1], slot, scope) if "cut" in found and form != "value" else None
    inside = slot.inside(cut=cut.limit if cut else None, has_default="default" in found)
    plan = _BUILD[form](found, inside, scope.knowing(when.when_true))
    if slot.address is not None:
        plan = _now(_addresses(plan, slot.address), plan, inside, node.place, scope)
    if "when" in found:
        plan = _now(_only_when(plan, when), plan, inside, found["when"][0].place, scope)
    if "default" in found:
        plan = _with_default(plan, found["default"][1], slot, inside, scope)
    if cut:
        plan = _now(cut.applied(plan, scope), plan, slot, cut.place, scope)
    return plan


def _addresses(plan: Plan, room: int) -> Plan:
    """The plan where only e-mail addresses are taken; any other text is missing."""
    if plan.type.kind is not Kind.TEXT or plan.type.open:
        return plan
    if plan.type.closed and all(address_in(value, room) == value for value in plan.type.values):
        return plan
    run = plan.run
    type_ = replace(plan.type, missing=True, longest=room, values=(), closed=False, path=None)
    return Plan(type_, lambda call, lead: None if (text := run(call, lead)) is None else address_in(text, room))


def _own(found: Section, form: str, scope: Scope) -> Scope:
    """The scope with this value's own time zone and redaction."""
    if form not in ("from", "text"):
        return scope
    if "timezone" in found:
        scope = replace(scope, time=read_local_time(found["timezone"][1], scope.read, scope.problems))
    if "redact" in found:
        country = scope.people.country if scope.people else None
        redaction = read_redaction(found["redact"][1], country, scope.problems, everywhere=True)
        scope = replace(scope, redaction=redaction)
    return scope


def _now(plan: Plan, before: Plan, slot: Slot, place: Place, scope: Scope) -> Plan:
    """The plan; reported, if it is only now that its value may be missing where one is required."""
    if not before.type.missing:
        check_presence(plan.type, slot, place, scope.problems)
    return plan


def _plain(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    if source.find(node.text) or node.text in source.PERSON_PARTS:
        scope.problems.add(
            LOOKS_LIKE_SOURCE,
            node.place,
            f'this writes the word "{node.text}" on every call',
            f"for its value write {{from: {node.text}}}; to write the word, {{value: {node.text}}}",
        )
        return BROKEN
    if "{{" in node.text or "{%" in node.text:
        label = "the braces would be written as they stand"
        scope.problems.add(BRACES, node.place, label, f"write {{text: {quoted(node.text.strip())}}}")
        return BROKEN
    return literal(node, slot, scope)


def _form(found: Section, node: Mapping, scope: Scope) -> str | None:
    forms = [name for name in _FORMS if name in found]
    if len(forms) == 1:
        return forms[0]
    if forms:
        place = found[forms[1]][0].place
        scope.problems.add(ONE_FORM, place, f"{forms[0]} is there already", "keep one of them")
    elif all(key.text in names(OPTIONS) for key, _ in node.pairs):
        label = "none of them is here"
        scope.problems.add(ONE_FORM, node.place, label, f"add {listed(f'{form.name}:' for form in FORMS)}")
    return None


def _check_options(found: Section, form: str, options: tuple[Option, ...], scope: Scope) -> None:
    for option in options:
        if option.name in found and form not in option.forms:
            label = f"{option.name} goes with {listed(option.forms)}, not with {form}"
            scope.problems.add(OPTION_OUT_OF_PLACE, found[option.name][0].place, label)


def _value(found: Section, slot: Slot, scope: Scope) -> Plan:
    return literal(found["value"][1], slot, scope)


def _option(found: Section, slot: Slot, scope: Scope) -> Plan:
    return picked(found["option"][1], slot, scope)


def _text(found: Section, slot: Slot, scope: Scope) -> Plan:
    node = found["text"][1]
    if not isinstance(node, Scalar):
        scope.problems.add(WRONG_SHAPE, node.place, "text is a template, not a list or a map")
        return BROKEN
    plan = template(node, slot.room, scope)
    check_fit(plan.type, slot, node.place, scope.problems)
    return plan


def _cases(found: Section, slot: Slot, scope: Scope) -> Plan:
    key, node = found["cases"]
    if not isinstance(node, Sequence):
        label = "cases is a list"
        scope.problems.add(WRONG_SHAPE, node.place, label, "write - {when: …, value: …} for each case, one a line")
        return BROKEN
    branches: list[tuple[Holds, Run]] = []
    type_ = None
    closed = False
    for item in node.items:
        if closed:
            scope.problems.add(UNREACHABLE, item.place, "the case before it always holds", "put this one first")
            continue
        when, plan = _case(item, slot.holding(type_), scope)
        closed = when is None
        if slot.type is None:
            check_kinds_agree(type_, plan.type, item.place, scope.problems)
        scope = scope.knowing(when.when_false) if when else scope
        branches.append((when.holds if when else ALWAYS.holds, plan.run))
        type_ = plan.type if type_ is None else join(type_, plan.type)
    if type_ is None:
        return BROKEN
    if not closed and type_.kind is not Kind.UNKNOWN:
        type_ = replace(type_, missing=True)
        check_presence(type_, slot, key.place, scope.problems)
    return Plan(type_, _first(branches))


def _case(node: Node, slot: Slot, scope: Scope) -> tuple[Condition | None, Plan]:
    """A case's condition (None: it always holds) and its value."""
    when = None
    rest = []
    for key, written in node.pairs if isinstance(node, Mapping) else ():
        if when is None and name_of(key, _IN_CASES, scope.problems, "a value") == "when":
            when = BROKEN_CONDITION if is_empty(key, written, scope.problems) else condition(written, scope)
        else:
            rest.append((key, written))
    if when is None:
        return None, value(node, slot, scope)
    return when, value(Mapping(tuple(rest), node.place), slot, scope.knowing(when.when_true))


def _first(branches: list[tuple[Holds, Run]]) -> Run:
    def run(call: Call, lead: Lead | None) -> object:
        for holds, then in branches:
            if holds(call, lead):
                return then(call, lead)
        return None

    return run


def _only_when(plan: Plan, when: Condition) -> Plan:
    run, holds = plan.run, when.holds
    return Plan(replace(plan.type, missing=True), lambda call, lead: run(call, lead) if holds(call, lead) else None)


def _with_default(plan: Plan, node: Node, slot: Slot, inside: Slot, scope: Scope) -> Plan:
    """The plan, with what is written where it gives nothing, or where nothing is found of what it leaves open."""
    default = fixed(node, inside.holding(plan.type), scope)
    check_presence(default.type, slot, node.place, scope.problems, "write a plain value, which is there for sure")
    run, instead = plan.run, default.run(None, None)  # type: ignore[arg-type]  # a constant reads neither
    type_ = join(replace(plan.type, missing=False), default.type)
    if plan.type.open:
        return Plan(type_, lambda call, lead: ending(run(call, lead), instead))
    return Plan(type_, lambda call, lead: instead if (found := run(call, lead)) is None else found)


_BUILD = {"value": _value, "option": _option, "from": from_source, "text": _text, "cases": _cases, "find": find}
