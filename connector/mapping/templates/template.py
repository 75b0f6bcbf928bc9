"""Templates: text with values in it, checked node by node and compiled to closures in one walk."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import nodes

from connector.canonical import canonical_text
from connector.crm_schema import length_of
from connector.mapping.codes.source import BAD_TEMPLATE, PRINTED_MISSING, TWO_RESTS
from connector.mapping.codes.types import MAY_BE_TOO_LONG
from connector.mapping.cutting import WIDEST, cut
from connector.mapping.functions.prose import TEXT
from connector.mapping.functions.shorten import Rest
from connector.mapping.functions.use import use
from connector.mapping.templates.expressions import expression, path_of, place_of, refuse
from connector.mapping.templates.parsing import BrokenTemplateError, parse
from connector.mapping.templates.questions import question
from connector.mapping.types import BROKEN, Kind, Plan, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.crm_schema import Counted
    from connector.diagnostics import Place
    from connector.mapping.conditions.condition import Condition
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.source_model import Call, Lead
    from connector.yaml_text import Scalar

Write: TypeAlias = Callable[["Call", "Lead | None", list[Any]], None]
"""Adds its part of the text to a list: strings, and at most one `Rest`."""


@dataclass(frozen=True, slots=True)
class _Body:
    """A stretch of template: how it is written, how long it gets, whether it always shows something.

    `unbounded` are the places of outputs of any length, `rests` those that take the room left.
    """

    writes: tuple[Write, ...] = ()
    longest: int = 0
    shows: bool = False
    unbounded: tuple[Place, ...] = ()
    rests: tuple[Place, ...] = ()
    broken: bool = False


_BROKEN = _Body(broken=True)


def _one_after_the_other(parts: Sequence[_Body]) -> _Body:
    return _Body(
        tuple(write for part in parts for write in part.writes),
        sum(part.longest for part in parts),
        any(part.shows for part in parts),
        tuple(place for part in parts for place in part.unbounded),
        tuple(place for part in parts for place in part.rests),
        any(part.broken for part in parts),
    )


def template(written: Scalar, room: int | None, scope: Scope) -> Plan:
    """The text it makes, canonical; missing where nothing is left of it.

    `room` is the length it must fit into where one part takes what the others leave; None if there is no bound.
    """
    try:
        body = _bodies(parse(written.text), written, scope)
    except BrokenTemplateError as error:
        place = written.place_of(error.offset, 1)
        scope.problems.add(BAD_TEMPLATE, place, str(error), BAD_TEMPLATE.means)
        return BROKEN
    except RecursionError:
        # Filters one after another, for example: the parser takes any number of them.
        scope.problems.add(BAD_TEMPLATE, written.place, "it is nested too deeply", BAD_TEMPLATE.means)
        return BROKEN
    if body.broken:
        return BROKEN
    if body.rests:
        longest, run = _with_rest(body, written, room, scope), _filled(body.writes, room, scope.counted)
    else:
        longest, run = None if body.unbounded else body.longest, _joined(body.writes)
    return Plan(Type(Kind.TEXT, missing=not body.shows, longest=longest), run)


def _with_rest(body: _Body, written: Scalar, room: int | None, scope: Scope) -> int | None:
    """The greatest length of a text with a part that takes the room left; the others must leave some."""
    for place in body.rests[1:]:
        scope.problems.add(TWO_RESTS, place, "another part takes it already", "write cut(4000), say")
    if room is None:
        return None
    for place in body.unbounded:
        label = "this may be of any length, so that no room may be left"
        scope.problems.add(MAY_BE_TOO_LONG, place, label, "bound it, for example with | cut(4000)")
    if body.longest > room:
        label = f"the other parts may take {body.longest:,} characters of {room:,}"
        scope.problems.add(MAY_BE_TOO_LONG, written.place, label, "cut them to less")
    return room


def _bodies(parsed: Sequence[nodes.Node], written: Scalar, scope: Scope) -> _Body:
    parts: list[_Body] = []
    for node in parsed:
        if isinstance(node, nodes.Output):
            parts += (
                _text(child.data, scope) if isinstance(child, nodes.TemplateData) else _output(child, written, scope)
                for child in node.nodes
            )
        elif isinstance(node, nodes.If):
            parts.append(_choice(node, written, scope))
        else:
            refuse(node, written, scope)
            parts.append(_BROKEN)
    return _one_after_the_other(parts)


def _text(data: str, scope: Scope) -> _Body:
    longest = scope.length(unicodedata.normalize("NFC", data))
    return _Body((lambda _call, _lead, out: out.append(data),), longest, shows=bool(canonical_text(data)))


def _output(node: nodes.Node, written: Scalar, scope: Scope) -> _Body:
    plan = expression(node, written, scope)
    inner = node
    while isinstance(inner, nodes.Filter) and inner.node is not None:
        inner = inner.node
    name, place = path_of(inner) or "this", place_of(inner, written)
    if plan.type.kind is Kind.REST:
        return _Body((_writes(plan.run),), rests=(place,), broken=_is_missing(name, plan, place, scope))
    if plan.type.kind is not Kind.UNKNOWN:
        plan = use(TEXT, (), plan, place, scope)
    if plan.type.kind is Kind.UNKNOWN or _is_missing(name, plan, place, scope):
        return _BROKEN
    longest = plan.type.longest
    return _Body((_writes(plan.run),), longest or 0, not plan.type.blank, () if longest is not None else (place,))


def _is_missing(name: str, plan: Plan, place: Place, scope: Scope) -> bool:
    if plan.type.missing:
        label = f"{name} is not there on every call"
        scope.problems.add(
            PRINTED_MISSING, place, label, "add | default('…'), or put it between {% if … %} and {% endif %}"
        )
    return plan.type.missing


def _writes(run: Run) -> Write:
    return lambda call, lead, out: out.append(run(call, lead))


def _choice(node: nodes.If, written: Scalar, scope: Scope) -> _Body:
    branches: list[tuple[Condition, _Body]] = []
    for branch in (node, *node.elif_):
        asked = question(branch.test, written, scope)
        branches.append((asked, _bodies(branch.body, written, scope.knowing(asked.when_true))))
        scope = scope.knowing(asked.when_false)
    otherwise = _bodies(node.else_, written, scope)
    bodies = [body for _, body in branches] + [otherwise]
    most = max(bodies, key=lambda body: len(body.rests))
    return _Body(
        (_chooses([(asked.holds, body.writes) for asked, body in branches], otherwise.writes),),
        max(body.longest for body in bodies),
        all(body.shows for body in bodies),
        tuple(place for body in bodies for place in body.unbounded),
        most.rests,
        any(body.broken for body in bodies),
    )


def _chooses(
    branches: list[tuple[Callable[[Call, Lead | None], bool], tuple[Write, ...]]], otherwise: tuple[Write, ...]
) -> Write:
    def write(call: Call, lead: Lead | None, out: list[Any]) -> None:
        chosen = otherwise
        for holds, writes in branches:
            if holds(call, lead):
                chosen = writes
                break
        for one in chosen:
            one(call, lead, out)

    return write


def _joined(writes: tuple[Write, ...]) -> Run:
    def run(call: Call, lead: Lead | None) -> str | None:
        out: list[str] = []
        for write in writes:
            write(call, lead, out)
        return canonical_text("".join(out)) or None

    return run


def _filled(writes: tuple[Write, ...], room: int | None, counted: Counted) -> Run:
    def run(call: Call, lead: Lead | None) -> str | None:
        out: list[Any] = []
        for write in writes:
            write(call, lead, out)
        for at, rest in enumerate(out):
            if isinstance(rest, Rest):
                out[at] = canonical_text(rest.text)
                if room is not None and WIDEST * sum(map(len, out)) > room:
                    taken = sum(length_of(part, counted) for index, part in enumerate(out) if index != at)
                    out[at] = cut(out[at], max(0, room - taken), counted, mark=rest.mark)
                break
        return canonical_text("".join(out)) or None

    return run
