"""What stands behind `if` in a template: the same conditions as elsewhere, in Jinja's notation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

from connector.mapping.codes.source import NOT_IN_TEMPLATES
from connector.mapping.conditions.comparisons import equals, has, orders, truth
from connector.mapping.conditions.condition import BROKEN, Condition, all_of, any_of, negated
from connector.mapping.templates.expressions import expression, path_of, place_of, refuse
from connector.mapping.types import Kind
from connector.yaml_text import Scalar

if TYPE_CHECKING:
    from connector.mapping.scope import Scope

_ORDERS = {"gteq": "at_least", "lteq": "at_most", "gt": "more_than", "lt": "less_than"}


def question(node: nodes.Node, written: Scalar, scope: Scope) -> Condition:
    """Whether it holds for a call; what is wrong is reported."""
    match node:
        case nodes.And():
            asked = []
            for part in _operands_of(node):
                asked.append(question(part, written, scope))
                scope = scope.knowing(asked[-1].when_true)
            return all_of(asked)
        case nodes.Or():
            asked = []
            for part in _operands_of(node):
                asked.append(question(part, written, scope))
                scope = scope.knowing(asked[-1].when_false)
            return any_of(asked)
        case nodes.Not(node=inner):
            return negated(question(inner, written, scope))
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
            return _comparison(op, left, right, written, scope)
        case _ if path_of(node) is not None:
            plan = expression(node, written, scope)
            return BROKEN if plan.type.kind is Kind.UNKNOWN else truth(plan)
    refuse(node, written, scope)
    return BROKEN


def _operands_of(node: nodes.BinExpr) -> list[nodes.Expr]:
    """What `and`, or `or`, stands between: one list, however many there are."""
    found: list[nodes.Expr] = []
    left: nodes.Expr = node
    while isinstance(left, type(node)):
        found.append(left.right)
        left = left.left
    return [left, *reversed(found)]


def _comparison(op: str, left: nodes.Expr, right: nodes.Expr, written: Scalar, scope: Scope) -> Condition:
    if op in ("in", "notin") and isinstance(left, nodes.Const):
        values, subject = _operands(left, written), right
    else:
        values, subject = _operands(right, written), left
    if path_of(subject) is None or values is None:
        label, help_ = "a source is compared with a fixed value", "write endedBy == 'LEAD', say"
        scope.problems.add(NOT_IN_TEMPLATES, place_of(subject, written), label, help_)
        return BROKEN
    plan = expression(subject, written, scope)
    if plan.type.kind is Kind.UNKNOWN or not values:
        return BROKEN
    if op in _ORDERS:
        return orders(plan, values[0], _ORDERS[op], scope)
    found = has(plan, values, values[0].place, scope) if subject is right else equals(plan, values, scope)
    return negated(found) if op in ("ne", "notin") else found


def _operands(node: nodes.Expr, written: Scalar) -> tuple[Scalar, ...] | None:
    """The fixed values that a source is compared with; None if they are not fixed."""
    items = node.items if isinstance(node, (nodes.List, nodes.Tuple)) else [node]
    found = [_operand(item, written) for item in items]
    return tuple(one for one in found if one is not None) if all(found) else None


def _operand(node: nodes.Node, written: Scalar) -> Scalar | None:
    if not isinstance(node, nodes.Const) or not isinstance(node.value, (str, int)):
        return None
    value = node.value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Scalar(text, place_of(node, written), plain=False)
