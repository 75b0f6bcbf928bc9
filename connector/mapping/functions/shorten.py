"""The function that keeps a text within bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.canonical import canonical_text
from connector.mapping.codes.source import BAD_ARGUMENT
from connector.mapping.cutting import WIDEST, cut
from connector.mapping.functions.function import Example, Function, MisuseError, Step
from connector.mapping.types import Kind, Type

if TYPE_CHECKING:
    from connector.mapping.functions.function import Argument
    from connector.mapping.scope import Scope


@dataclass(frozen=True, slots=True)
class Rest:
    """The part of a template that takes the room the others leave; the mark shows that it was cut."""

    text: str
    mark: str


def _cut(type_: Type, arguments: tuple[Argument, ...], scope: Scope) -> Step:
    if not arguments:
        raise MisuseError(BAD_ARGUMENT, "cut needs to know where", 'write cut(4000), or cut("…") to fill the room left')
    limit = arguments[0]
    if isinstance(limit, str):
        return Step(Type(Kind.REST, type_.missing, blank=True), lambda text: Rest(text, limit))
    if limit < 1:
        raise MisuseError(BAD_ARGUMENT, "a text cannot be cut to less than one character")
    longest = limit if type_.longest is None else min(limit, type_.longest)
    counted = scope.counted
    return Step(
        replace(type_, blank=type_.blank or limit < WIDEST, longest=longest, values=(), closed=False, path=None),
        lambda text: cut(canonical_text(text), limit, counted),
    )


CUT = Function(
    "cut",
    'cut(4000) or cut("[cut]")',
    "At most so many characters; with a text instead, the room the rest of the template leaves, ending in that text.",
    (Kind.TEXT,),
    _cut,
    (
        Example("{text: \"{{ summary | default('') | cut(5) }}\"}", {"summary": "Customer agreed."}, "Custo"),
        Example(
            "{text: \"{{ summary | default('') | cut('…') }} (AI)\", cut: {to: 12}}",
            {"summary": "Customer agreed."},
            "Custom… (AI)",
        ),
    ),
    arguments=((int, str),),
)
