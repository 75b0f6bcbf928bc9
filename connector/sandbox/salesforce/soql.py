"""Reads SOQL, as far as the stand-in goes; everything else is a malformed query.

SELECT fields or COUNT(), FROM one object, WHERE with AND, OR, NOT and parentheses, ORDER BY, LIMIT, OFFSET. Source:
Salesforce's SOQL and SOSL Reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.sandbox.salesforce.tokens import Literal, Reader, malformed_query

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 100_000
"""Characters of a query."""

_SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`; for IN and NOT IN there may be several values."""

    field: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Conditions of which all (AND) or any (OR) must hold."""

    operator: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """A condition that must not hold."""

    part: Condition


Condition = Comparison | Together | Negation


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by; records without a value come first unless `nulls_last`."""

    field: str
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read. Without fields it counts."""

    fields: tuple[str, ...]
    object: str
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0

    @property
    def required(self) -> Iterator[Comparison]:
        """The comparisons that must hold whatever else does."""
        parts = self.where.parts if isinstance(self.where, Together) and self.where.operator == "AND" else (self.where,)
        return (part for part in parts if isinstance(part, Comparison))


def read(text: str) -> Query:
    """The query in `text`.

    Raises:
        RequestError: MALFORMED_QUERY.
    """
    if len(text) > LONGEST:
        malformed_query("SOQL statements cannot be longer than 100000 characters")
    reader = Reader(text, malformed_query)
    reader.expect("SELECT")
    fields = () if reader.take("COUNT", "(", ")") else names(reader)
    reader.expect("FROM")
    name = reader.name()
    query = Query(fields, name, *clauses(reader))
    if not reader.is_done:
        malformed_query(f"unexpected token: '{reader.name()}'")
    return query


def names(reader: Reader) -> tuple[str, ...]:
    """Field names with commas between."""
    found = [reader.name()]
    while reader.take(","):
        found.append(reader.name())
    return tuple(found)


def clauses(reader: Reader) -> tuple[Condition | None, tuple[Order, ...], int | None, int]:
    """What may follow the object: WHERE, ORDER BY, LIMIT and OFFSET, in this order."""
    where = _condition(reader) if reader.take("WHERE") else None
    order = _order(reader) if reader.take("ORDER", "BY") else ()
    limit = reader.whole_number() if reader.take("LIMIT") else None
    return where, order, limit, reader.whole_number() if reader.take("OFFSET") else 0


def _order(reader: Reader) -> tuple[Order, ...]:
    found: list[Order] = []
    while not found or reader.take(","):
        name = reader.name()
        descending = reader.take("DESC")
        if not descending:
            reader.take("ASC")
        nulls_last = reader.take("NULLS", "LAST")
        if not nulls_last:
            reader.take("NULLS", "FIRST")
        found.append(Order(name, descending, nulls_last))
    return tuple(found)


def _condition(reader: Reader) -> Condition:
    """Conditions joined by AND or by OR; the two mix only with parentheses, and NOT only begins."""
    if reader.take("NOT"):
        return Negation(_simple(reader))
    parts = [_simple(reader)]
    operator = next((word for word in ("AND", "OR") if reader.take(word)), None)
    if operator is None:
        return parts[0]
    parts.append(_simple(reader))
    while reader.take(operator):
        parts.append(_simple(reader))
    return Together(operator, tuple(parts))


def _simple(reader: Reader) -> Condition:
    if reader.take("("):
        inner = _condition(reader)
        reader.expect(")")
        return inner
    field = reader.name()
    if reader.take("NOT", "IN"):
        return Comparison(field, "not in", _list(reader))
    if reader.take("IN"):
        return Comparison(field, "in", _list(reader))
    if reader.take("LIKE"):
        return Comparison(field, "like", (reader.literal(pattern=True),))
    sign = reader.sign()
    if sign not in _SIGNS:
        reader.complain(f"unexpected token: '{sign}'")
    return Comparison(field, _SIGNS[sign], (reader.literal(),))


def _list(reader: Reader) -> tuple[Literal, ...]:
    reader.expect("(")
    values = [reader.literal()]
    while reader.take(","):
        values.append(reader.literal())
    reader.expect(")")
    return tuple(values)
