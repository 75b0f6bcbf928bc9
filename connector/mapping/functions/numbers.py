"""Functions that turn seconds into other units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.mapping.codes.source import BAD_ARGUMENT, UNSUITABLE
from connector.mapping.functions.function import Example, Function, MisuseError, Step
from connector.mapping.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.mapping.functions.function import Argument
    from connector.mapping.scope import Scope

ROUNDINGS = {"nearest": 30, "up": 59, "down": 0}
"""How `as: minutes` rounds: seconds added before whole minutes are taken. Half a minute rounds up."""


def _minutes(type_: Type, arguments: tuple[Argument, ...], _scope: Scope) -> Step:
    how = str(arguments[0]) if arguments else "nearest"
    if how not in ROUNDINGS:
        raise MisuseError(BAD_ARGUMENT, "minutes rounds up, down or nearest")
    more = ROUNDINGS[how]
    return Step(_in(type_, "minutes", lambda end: (end + more) // 60), lambda seconds: (seconds + more) // 60)


def _milliseconds(type_: Type, _arguments: tuple[Argument, ...], _scope: Scope) -> Step:
    return Step(_in(type_, "milliseconds", lambda end: end * 1_000), lambda seconds: seconds * 1_000)


def _in(type_: Type, unit: str, convert: Callable[[int], int]) -> Type:
    if type_.unit != "seconds":
        raise MisuseError(UNSUITABLE, "this is not a number of seconds")
    low, high = (None if end is None else convert(end) for end in (type_.low, type_.high))
    return replace(type_, unit=unit, low=low, high=high, path=None)


MINUTES = Function(
    "minutes",
    'minutes, or minutes("up"), minutes("down")',
    "Seconds as whole minutes, to the nearest one unless it says how to round.",
    (Kind.INTEGER,),
    _minutes,
    (
        Example("{from: durationSeconds, as: minutes}", {"durationSeconds": 145}, 2),
        Example("{from: durationSeconds, as: minutes, round: up}", {"durationSeconds": 145}, 3),
        Example('{text: "{{ durationSeconds | minutes }} min"}', {"durationSeconds": 150}, "3 min"),
    ),
    arguments=((str,),),
)
MILLISECONDS = Function(
    "milliseconds",
    "milliseconds",
    "Seconds as milliseconds.",
    (Kind.INTEGER,),
    _milliseconds,
    (Example("{from: durationSeconds, as: milliseconds}", {"durationSeconds": 145}, 145_000),),
)
