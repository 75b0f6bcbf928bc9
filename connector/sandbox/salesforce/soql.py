"""Reads the small part of SOQL that the connector sends; everything else is a malformed query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from connector.sandbox.salesforce.answers import RequestError

Literal = str | int | float | bool | None
LONGEST = 100_000
"""Characters of a query."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?(?![\w:-]))
      | (?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?)
      | (?P<word>[A-Za-z_][\w.]*)
      | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_SIGNS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NAMED: dict[str, Literal] = {"TRUE": True, "FALSE": False, "NULL": None}


@dataclass(frozen=True, slots=True)
class Condition:
    """`field operator value`; for IN and NOT IN there may be several values."""

    field: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A query as read; all conditions must hold."""

    fields: tuple[str, ...]
    object: str
    conditions: tuple[Condition, ...] = ()
    order_by: str | None = None
    descending: bool = False
    limit: int | None = None


def read(text: str) -> Query:
    """The query in `text`.

    Raises:
        RequestError: MALFORMED_QUERY.
    """
    if len(text) > LONGEST:
        _malformed("SOQL statements cannot be longer than 100000 characters")
    return _Reader(text).query()


def _malformed(message: str) -> NoReturn:
    raise RequestError(400, "MALFORMED_QUERY", message)


class _Reader:
    """Reads one token after the other."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                _malformed(f"unexpected token at position {position}")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._next = 0

    def query(self) -> Query:
        """SELECT … FROM … [WHERE …] [ORDER BY …] [LIMIT …]."""
        self._expect("SELECT")
        fields = [self._name()]
        while self._take(","):
            fields.append(self._name())
        self._expect("FROM")
        name = self._name()
        conditions = []
        if self._take("WHERE"):
            conditions.append(self._condition())
            while self._take("AND"):
                conditions.append(self._condition())
        order_by, descending = None, False
        if self._take("ORDER"):
            self._expect("BY")
            order_by = self._name()
            descending = self._take("DESC")
            if not descending:
                self._take("ASC")
        limit = self._whole_number() if self._take("LIMIT") else None
        if self._next < len(self._tokens):
            _malformed("unexpected token after the end of the query")
        return Query(tuple(fields), name, tuple(conditions), order_by, descending, limit)

    def _condition(self) -> Condition:
        field = self._name()
        if self._take("NOT"):
            self._expect("IN")
            return Condition(field, "not in", self._list())
        if self._take("IN"):
            return Condition(field, "in", self._list())
        kind, token = self._pop()
        if kind != "sign" or token not in _SIGNS:
            _malformed("a comparison was expected")
        return Condition(field, _SIGNS[token], (self._literal(),))

    def _list(self) -> tuple[Literal, ...]:
        self._expect("(")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._expect(")")
        return tuple(values)

    def _literal(self) -> Literal:
        kind, token = self._pop()
        if kind == "text":
            return _ESCAPE.sub(_unescape, token[1:-1])
        if kind == "number":
            return float(token) if "." in token else int(token)
        if kind == "moment":
            return token
        if kind == "word" and token.upper() in _NAMED:
            return _NAMED[token.upper()]
        _malformed("a value was expected")

    def _whole_number(self) -> int:
        kind, token = self._pop()
        if kind != "number" or not token.isdigit():
            _malformed("a whole number was expected")
        return int(token)

    def _name(self) -> str:
        kind, token = self._pop()
        if kind != "word":
            _malformed("a name was expected")
        return token

    def _take(self, word: str) -> bool:
        found = self._next < len(self._tokens) and self._tokens[self._next][1].upper() == word
        self._next += found
        return found

    def _expect(self, word: str) -> None:
        if not self._take(word):
            _malformed(f"{word} was expected")

    def _pop(self) -> tuple[str, str]:
        if self._next >= len(self._tokens):
            _malformed("unexpected end of the query")
        self._next += 1
        return self._tokens[self._next - 1]


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    if code not in _ESCAPED:
        _malformed("Invalid string literal: illegal character sequence")
    return _ESCAPED[code]
