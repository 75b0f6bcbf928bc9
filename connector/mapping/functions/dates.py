"""Functions that turn a point in time into what people call a day or an hour."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from connector.mapping.codes.source import BAD_ARGUMENT
from connector.mapping.codes.types import NEEDS_ZONE
from connector.mapping.functions.function import Example, Function, MisuseError, Step
from connector.mapping.types import Kind, Type

if TYPE_CHECKING:
    from connector.mapping.functions.function import Argument
    from connector.mapping.local_time import LocalTime
    from connector.mapping.scope import Scope

# Not strftime's names of months and days, which follow the machine's language.
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 -- reads better than twelve quoted words
)


def _time_of(scope: Scope) -> LocalTime:
    if scope.time is None:
        label = "which day or hour this is depends on the place"
        raise MisuseError(NEEDS_ZONE, label, "add timezone: America/New_York, say, to the mapping or to this value")
    return scope.time


def _style(arguments: tuple[Argument, ...], known: str) -> bool:
    if arguments and arguments[0] != known:
        raise MisuseError(BAD_ARGUMENT, f'the only style is "{known}"')
    return bool(arguments)


def _date(type_: Type, arguments: tuple[Argument, ...], scope: Scope) -> Step:
    local = _time_of(scope).local
    if _style(arguments, "long"):
        longest = len("September 30, 2026")
        return Step(Type(Kind.TEXT, type_.missing, longest=longest), lambda at: _long(local(at)))
    return Step(Type(Kind.DATE, type_.missing), lambda at: local(at).date())


def _long(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _time(type_: Type, arguments: tuple[Argument, ...], scope: Scope) -> Step:
    local = _time_of(scope).local
    text = Type(Kind.TEXT, type_.missing, longest=len("10:30 AM"))
    if _style(arguments, "12h"):
        return Step(text, lambda at: _twelve_hours(local(at)))
    return Step(text, lambda at: f"{local(at):%H:%M}")


def _twelve_hours(at: datetime) -> str:
    noon = 12
    return f"{at.hour % noon or noon}:{at.minute:02} {'AM' if at.hour < noon else 'PM'}"


def _datetime(type_: Type, _arguments: tuple[Argument, ...], _scope: Scope) -> Step:
    return Step(Type(Kind.DATETIME, type_.missing), lambda at: at.astimezone(UTC))


_EXAMPLE = {"createdAt": "2026-06-15T02:05:00Z"}

DATE = Function(
    "date",
    'date or date("long")',
    'The day it was in the time zone of the mapping; in a template `date("long")` writes it out.',
    (Kind.DATETIME,),
    _date,
    (
        Example("{from: createdAt, as: date}", _EXAMPLE, date(2026, 6, 14)),
        Example('{text: "{{ createdAt | date }}"}', _EXAMPLE, "2026-06-14"),
        Example("{text: \"{{ createdAt | date('long') }}\"}", _EXAMPLE, "June 14, 2026"),
    ),
    arguments=((str,),),
)
TIME = Function(
    "time",
    'time or time("12h")',
    "The time of day it was in the time zone of the mapping.",
    (Kind.DATETIME,),
    _time,
    (
        Example('{text: "{{ createdAt | time }}"}', _EXAMPLE, "22:05"),
        Example("{text: \"{{ createdAt | time('12h') }}\"}", _EXAMPLE, "10:05 PM"),
    ),
    arguments=((str,),),
)
DATETIME = Function(
    "datetime",
    "datetime",
    "The point in time itself, for a field that holds date and time; the CRM shows it in each reader's own time zone.",
    (Kind.DATETIME,),
    _datetime,
    (Example("{from: createdAt, as: datetime}", _EXAMPLE, datetime(2026, 6, 15, 2, 5, tzinfo=UTC)),),
)
