"""Reads what a source is compared with as the kind of thing the source is: text, flag, number, duration, date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.mapping.codes.source import BAD_OPERAND
from connector.mapping.labels import check_known
from connector.mapping.scalars import as_date, as_duration, as_flag, as_time, as_whole, meant_flag
from connector.mapping.types import Kind

if TYPE_CHECKING:
    from connector.mapping.problems import Problems
    from connector.mapping.types import Type
    from connector.yaml_text import Scalar


def operand(written: Scalar, type_: Type, problems: Problems) -> Any:
    """What the source is compared with; None, and reported, if it cannot be read as the source's kind."""
    if written.is_null:
        problems.add(BAD_OPERAND, written.place, "nothing equals a missing value", "write {present: false}")
        return None
    value = read(written.text, type_)
    if value is None:
        problems.add(BAD_OPERAND, written.place, f"{type_.path} is {type_.kind}", _instead(written.text, type_))
    elif type_.kind in (Kind.TEXT, Kind.BOOLEAN):
        check_known(written, type_, problems)
    return value


def read(text: str, type_: Type) -> Any:
    """The text as the kind of thing the source is; None if it cannot be."""
    match type_.kind:
        case Kind.TEXT | Kind.TEXTS:
            return text
        case Kind.BOOLEAN:
            return as_flag(text)
        case Kind.INTEGER:
            return as_whole(text) if type_.unit != "seconds" else _as_seconds(text)
        case Kind.DATETIME:
            return as_date(text) or as_time(text)
    return None


def _as_seconds(text: str) -> int | None:
    span = as_duration(text)
    return int(span.total_seconds()) if span else as_whole(text)


def _instead(text: str, type_: Type) -> str:
    match type_.kind:
        case Kind.BOOLEAN:
            return f"write {meant_flag(text)}"
        case Kind.INTEGER:
            return (
                "write a number, or a length of time as 90s, 30m or 2h" if type_.unit == "seconds" else "write a number"
            )
        case Kind.DATETIME:
            return "write a date as 2026-06-15, or a time as 2026-06-15T14:30:00Z"
    return "write {present: true} to ask whether there is one"
