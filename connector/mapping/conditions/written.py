"""Conditions as the file writes them: which calls a part of the mapping is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.conditions.comparisons import compared
from connector.mapping.conditions.condition import BROKEN, Condition, all_of, any_of, negated
from connector.mapping.reading import is_empty
from connector.mapping.shape import ALL, ANY, NOT
from connector.yaml_text import Mapping, Sequence

if TYPE_CHECKING:
    from connector.mapping.scope import Scope
    from connector.yaml_text import Node, Scalar


def condition(node: Node, scope: Scope) -> Condition:
    """A condition: a map whose entries must all hold. What is wrong in it is reported."""
    return all_of([part for _, part in parts(node, scope)])


def parts(node: Node, scope: Scope) -> list[tuple[str, Condition]]:
    """The entries of a condition with the names of their keys."""
    if not isinstance(node, Mapping):
        several = isinstance(node, Sequence)
        help_ = "write any: or all: before the list" if several else "write {callStatus: COMPLETE}, say"
        scope.problems.add(WRONG_SHAPE, node.place, "a condition is a map", help_)
        return []
    return [
        (key.text, BROKEN if is_empty(key, value, scope.problems) else _part(key, value, scope))
        for key, value in node.pairs
    ]


def _part(key: Scalar, value: Node, scope: Scope) -> Condition:
    if key.text == NOT:
        return negated(condition(value, scope))
    if key.text in (ANY, ALL):
        if not isinstance(value, Sequence):
            label = f"behind {key.text} stands a list of conditions"
            scope.problems.add(WRONG_SHAPE, value.place, label, f"write {key.text}: [{{…}}, {{…}}]")
            return BROKEN
        inner = [BROKEN if is_empty(key, item, scope.problems) else condition(item, scope) for item in value.items]
        return any_of(inner) if key.text == ANY else all_of(inner)
    plan = scope.read(key.text, key.place)
    return BROKEN if plan is None else compared(plan, value, scope)
