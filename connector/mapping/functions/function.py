"""What a function of the language is: described once, for checking, for the docs and for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.diagnostics import Code
    from connector.mapping.scope import Scope
    from connector.mapping.types import Kind, Type

Argument: TypeAlias = "str | int"


class MisuseError(Exception):
    """The function cannot do this with that value or argument; becomes a diagnostic at its place."""

    def __init__(self, code: Code, label: str, help: str = "") -> None:  # noqa: A002 -- as in Diagnostic
        super().__init__(label)
        self.code = code
        self.label = label
        self.help = help


@dataclass(frozen=True, slots=True)
class Step:
    """A function made ready for one place: the type of its result, and its work on a value that is there.

    `missing` is its result for a missing value; None leaves that missing.
    """

    type: Type
    run: Callable[[Any], Any]
    missing: Any = None


def unchanged(value: Any) -> Any:
    """The work of a step that leaves values as they are."""
    return value


@dataclass(frozen=True, slots=True)
class Example:
    """A value as the mapping writes it, what the call says, and what comes out."""

    written: str
    call: dict[str, Any]
    gives: Any


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Args:
        name: what `as` or a filter calls it.
        signature: how it is written, with its arguments.
        doc: what it does.
        takes: the kinds of values it works on.
        make: makes it ready for a type and arguments; raises MisuseError.
        arguments: for each argument, the Python types it may have; all are optional to `make`'s own judgement.
        examples: run as tests.
    """

    name: str
    signature: str
    doc: str
    takes: tuple[Kind, ...]
    make: Callable[[Type, tuple[Argument, ...], Scope], Step]
    examples: tuple[Example, ...]
    arguments: tuple[tuple[type, ...], ...] = field(default=())
