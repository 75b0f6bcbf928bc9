"""What a type of the language promises of a value, written without a look at how types are computed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from connector.canonical import canonical_text
from connector.crm_schema import length_of
from connector.mapping.functions.shorten import Rest
from connector.mapping.types import Kind

if TYPE_CHECKING:
    from connector.crm_schema import Counted
    from connector.mapping.types import Type

_PYTHON: dict[Kind, type | tuple[type, ...]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.DATETIME: datetime,
    Kind.TEXTS: list,
    Kind.TRANSCRIPT: tuple,
    Kind.RECORD: str,
    Kind.REST: Rest,
}


def breaches(value: Any, type_: Type, counted: Counted) -> list[str]:
    """In what way a value is not as its type says; nothing if it is."""
    if value is None:
        return [] if type_.missing else ["missing"]
    if not isinstance(value, _PYTHON[type_.kind]) or isinstance(value, bool) != (type_.kind is Kind.BOOLEAN):
        return [f"a {type(value).__name__}, not {type_.kind}"]
    if isinstance(value, datetime):
        return [] if type_.kind is Kind.DATETIME and value.utcoffset() is not None else ["a time of nowhere"]
    if isinstance(value, str):
        return list(_of_text(value, type_, counted))
    too_low = isinstance(value, int | float) and type_.low is not None and value < type_.low
    too_high = isinstance(value, int | float) and type_.high is not None and value > type_.high
    return ["out of range"] if too_low or too_high else []


def _of_text(text: str, type_: Type, counted: Counted) -> list[str]:
    found = []
    if not canonical_text(text) and not (type_.blank or type_.missing):
        found.append("blank")
    # A text is written canonical, so that is what its length is of.
    if type_.longest is not None and length_of(canonical_text(text), counted) > type_.longest:
        found.append(f"longer than {type_.longest}")
    if type_.closed and text not in type_.values:
        found.append("none of its values")
    return found
