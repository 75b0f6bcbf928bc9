"""What stands between a template's braces: a source with its filters. Everything else is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from connector.mapping.codes.source import (
    BAD_ARGUMENT,
    NOT_IN_TEMPLATES,
    UNKNOWN_FILTER,
)
from connector.mapping.functions.registry import FILTERS
from connector.mapping.functions.use import use
from connector.mapping.problems import suggestion
from connector.mapping.source import OPEN_KEYS
from connector.mapping.templates.parsing import offset
from connector.mapping.types import BROKEN, Kind, Plan

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.functions.function import Function
    from connector.mapping.scope import Scope
    from connector.yaml_text import Scalar

_WORD = re.compile(r"[\w.]+|\S")
_REFUSED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Call: ("nothing is called here", "what stands behind | is a filter"),
    nodes.Concat: ("nothing is joined here", "write values one after the other: {{ … }} {{ … }}"),
    nodes.CondExpr: ("no choice inside braces", "write {% if … %}…{% else %}…{% endif %}"),
    nodes.Const: ("a plain text or number", "write the text itself, without braces"),
    nodes.For: ("no loops", "for the transcript write {{ transcript | dialogue }}"),
    nodes.Test: ("no tests", "write {% if summary %} to ask whether there is a value"),
}


def expression(node: nodes.Node, written: Scalar, scope: Scope) -> Plan:
    """How to compute it; what is wrong is reported."""
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _filtered(node, node.node, written, scope)
    path = path_of(node)
    if path is None:
        refuse(node, written, scope)
        return BROKEN
    place = place_of(node, written, len(path))
    return scope.read(path, place) or BROKEN


def path_of(node: nodes.Node) -> str | None:
    """The source that a name, with or without dots, means; None if it is no such thing."""
    match node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=inner, attr=attr):
            owner = path_of(inner)
            return None if owner is None else f"{owner}.{attr}"
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str(key))) if f"{path_of(inner)}." == OPEN_KEYS:
            return OPEN_KEYS + key
    return None


def place_of(node: nodes.Node, written: Scalar, width: int = 0) -> Place:
    """Where in the file the node stands."""
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    at = offset(node)
    word = _WORD.match(written.text, at)
    seen = len(word[0]) if word else 1
    return written.place_of(at, min(width, seen) or seen)


def refuse(node: nodes.Node, written: Scalar, scope: Scope) -> None:
    """Report something that templates cannot do."""
    label, help_ = _REFUSED.get(type(node), ("not in this language", ""))
    scope.problems.add(NOT_IN_TEMPLATES, place_of(node, written), label, help_)


def _filtered(node: nodes.Filter, inner: nodes.Node, written: Scalar, scope: Scope) -> Plan:
    plan = expression(inner, written, scope)
    place = place_of(node, written)
    function = FILTERS.get(node.name)
    if function is None:
        label = f'there is no filter "{node.name}"'
        scope.problems.add(UNKNOWN_FILTER, place, label, suggestion(node.name, FILTERS))
        return BROKEN
    arguments = _arguments(node, function, place, scope)
    if arguments is None or plan.type.kind is Kind.UNKNOWN:
        return BROKEN
    return use(function, arguments, plan, place, scope)


def _arguments(node: nodes.Filter, function: Function, place: Place, scope: Scope) -> tuple[Any, ...] | None:
    values = [argument.value if isinstance(argument, nodes.Const) else None for argument in node.args]
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs) and len(values) <= len(function.arguments)
    if plain and all(type(value) in allowed for value, allowed in zip(values, function.arguments, strict=False)):
        return tuple(values)
    scope.problems.add(BAD_ARGUMENT, place, f"it is written {function.signature}")
    return None
