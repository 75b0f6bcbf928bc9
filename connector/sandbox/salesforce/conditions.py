"""Conditions of a query as questions to a record, with the checks an org makes before it asks any."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, NoReturn

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.fields import NUMBER_TYPES
from connector.sandbox.salesforce.soql import Comparison, Negation, Together
from connector.sandbox.salesforce.stamps import read_datetime
from connector.sandbox.salesforce.tokens import Moment, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.sandbox.salesforce.columns import Column
    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.soql import Condition
    from connector.sandbox.salesforce.tables import Row
    from connector.sandbox.salesforce.tokens import Literal

    Test = Callable[[Row], bool]

_IDS = frozenset({"id", "reference"})
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WILD = re.compile(r"\\(.)|(%)|(_)|(.)", re.DOTALL)
_LONGEST_TEXT = 4_000


def test_of(condition: Condition, column: Callable[[str], Column], *, limit_lists: bool) -> Test:
    """The condition as a question to a record; `column` says what a name means.

    Raises:
        RequestError: a field cannot be filtered so, or a value is not of its type.
    """
    if isinstance(condition, Negation):
        part = test_of(condition.part, column, limit_lists=limit_lists)
        return lambda row: not part(row)
    if isinstance(condition, Together):
        parts = [test_of(each, column, limit_lists=limit_lists) for each in condition.parts]
        joined = all if condition.operator == "AND" else any
        return lambda row: joined(part(row) for part in parts)
    if limit_lists or condition.operator not in {"in", "not in"}:
        _check_lengths(condition)
    return _comparison(condition, column(condition.field))


def comparable(field: OrgField, value: Any) -> Any:
    """A stored value as it is compared.

    Ids are by their first 15 characters, texts without regard to case unless the field minds it, and the empty text is
    no value at all.
    """
    if not isinstance(value, str):
        return value
    if field.type in _IDS:
        return value[:15]
    if field.type == "datetime":
        return read_datetime(value)
    if field.type == "date":
        return value
    return (value if field.case_sensitive else value.casefold()) or None


def _comparison(condition: Comparison, column: Column) -> Test:
    field, value = column.field, column.value
    if not field.filterable or field.type == "address":
        _refuse(f"field '{condition.field}' can not be filtered in a query call")
    if condition.operator == "like":
        pattern = _like(condition, field)
        return lambda row: isinstance(text := value(row), str) and pattern.fullmatch(text) is not None
    wanted = {_wanted(field, literal) for literal in condition.values}
    if condition.operator in {"=", "in"}:
        return lambda row: comparable(field, value(row)) in wanted
    if condition.operator in {"!=", "not in"}:
        return lambda row: comparable(field, value(row)) not in wanted
    if field.type == "boolean":
        _refuse(f"invalid operator on {field.type} field", "INVALID_QUERY_FILTER_OPERATOR")
    bound, compare = wanted.pop(), _ORDERED[condition.operator]
    return lambda row: None not in {found := comparable(field, value(row)), bound} and compare(found, bound)


def _like(condition: Comparison, field: OrgField) -> re.Pattern[str]:
    """LIKE as a regular expression: % for any text, _ for one character."""
    [literal] = condition.values
    if field.type in _IDS or not isinstance(literal, Text) or not field.is_text:
        _refuse(f"invalid operator on {field.type} field", "INVALID_QUERY_FILTER_OPERATOR")
    return re.compile("".join(_wild_parts(literal.raw)), re.DOTALL | re.IGNORECASE)


def _wild_parts(raw: str) -> Iterator[str]:
    position = 0
    while match := _WILD.match(raw, position):
        position = match.end()
        if match[2] or match[3]:
            yield ".*" if match[2] else "."
        elif match[1] in {"%", "_"}:
            yield match[1]
        elif match[1] == "u":
            position += 4
            yield re.escape(Text(raw[match.start() : position]).value)
        else:
            yield re.escape(Text(match[0]).value)


def _wanted(field: OrgField, literal: Literal) -> Any:
    """A literal as it is compared with values of a field; refused if it is not of the field's type."""
    if literal is None:
        return None
    kind = field.type
    if kind in _IDS:
        if not isinstance(literal, Text) or not ids.is_id(literal.value):
            shown = literal.value if isinstance(literal, Text) else literal
            _refuse(f"invalid ID field: {shown}", "INVALID_QUERY_FILTER_OPERATOR")
        return literal.value[:15]
    if isinstance(literal, Moment):
        fits = kind == "date" if literal.is_date else kind == "datetime"
    elif isinstance(literal, Text):
        fits = field.is_text
    elif isinstance(literal, bool):
        fits = kind == "boolean"
    else:
        fits = kind in NUMBER_TYPES
    if not fits:
        quotes = "should be" if field.is_text else "should not be"
        _refuse(
            f"value of filter criterion for field '{field.name}' must be of type {kind} and {quotes} enclosed in quotes"
        )
    if isinstance(literal, Moment):
        return comparable(field, literal.text)
    return comparable(field, literal.value if isinstance(literal, Text) else literal)


def _check_lengths(condition: Comparison) -> None:
    if any(isinstance(each, Text) and len(each.value) > _LONGEST_TEXT for each in condition.values):
        _refuse("SOQL string literals in a WHERE clause cannot be longer than 4000 characters", "MALFORMED_QUERY")


def _refuse(message: str, code: str = "INVALID_FIELD") -> NoReturn:
    raise RequestError(400, code, message)
