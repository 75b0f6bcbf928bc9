"""The words, values and signs that SOQL and SOSL are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from connector.sandbox.salesforce.answers import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\\r\n]|\\.)*')
      | (?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?)
      | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w:-]))
      | (?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
      | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes. `raw` is what stands between them, for LIKE, which has escapes of its own."""

    raw: str

    @property
    def value(self) -> str:
        """The text that is meant."""
        return _ESCAPE.sub(lambda match: _unescaped(match[1]), self.raw)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a date and time, which stand without quotes."""

    text: str

    @property
    def is_date(self) -> bool:
        """Whether it is a day."""
        return "T" not in self.text


Literal = Text | Moment | int | float | bool | None
_NAMED: dict[str, Literal] = {"TRUE": True, "FALSE": False, "NULL": None}


class Reader:
    """Takes one token after the other from a text; what does not fit is told by `complain`."""

    def __init__(self, text: str, complain: Callable[[str], NoReturn]) -> None:
        self.complain = complain
        self._tokens: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                complain(f"unexpected token: '{text[position : position + 10].strip()}'")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._next = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._next >= len(self._tokens)

    def take(self, *words: str) -> bool:
        """Whether these words or signs come next; if so, they are taken."""
        ahead = self._tokens[self._next : self._next + len(words)]
        found = [token.upper() for kind, token in ahead if kind in {"word", "sign"}] == list(words)
        self._next += len(words) if found else 0
        return found

    def expect(self, word: str) -> None:
        """Take a word or sign that must come next."""
        if not self.take(word):
            self.complain(f"expecting '{word}', found '{self._ahead()}'")

    def name(self) -> str:
        """Take a name, or names with dots between."""
        return self._pop("word")

    def sign(self) -> str:
        """Take a sign."""
        return self._pop("sign")

    def whole_number(self) -> int:
        """Take a number without fraction or sign."""
        token = self._pop("number")
        if not token.isdigit():
            self.complain(f"unexpected token: '{token}'")
        return int(token)

    def literal(self, *, pattern: bool = False) -> Literal:
        """Take a value; only in a pattern may a text escape `_` and `%`."""
        kind = self._tokens[self._next][0] if not self.is_done else ""
        if kind == "text":
            return self._text(also="_%" if pattern else "")
        if kind == "moment":
            return Moment(self._pop(kind))
        if kind == "number":
            token = self._pop(kind)
            return float(token) if "." in token else int(token)
        word = self._pop("word")
        if word.upper() not in _NAMED:
            self.complain(f"unexpected token: '{word}'")
        return _NAMED[word.upper()]

    def _text(self, also: str) -> Text:
        text = Text(self._pop("text")[1:-1])
        for escape in _ESCAPE.finditer(text.raw):
            if len(escape[1]) == 1 and escape[1].lower() not in _ESCAPED and escape[1] not in also:
                self.complain("Invalid string literal. Illegal character sequence in string literal.")
        return text

    def _ahead(self) -> str:
        return "<EOF>" if self.is_done else self._tokens[self._next][1]

    def _pop(self, wanted: str) -> str:
        if self.is_done or self._tokens[self._next][0] != wanted:
            self.complain(f"unexpected token: '{self._ahead()}'")
        self._next += 1
        return self._tokens[self._next - 1][1]


def _unescaped(code: str) -> str:
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPED.get(code.lower(), code)


def malformed_query(message: str) -> NoReturn:
    """Refuse a query that cannot be read.

    Raises:
        RequestError: MALFORMED_QUERY.
    """
    raise RequestError(400, "MALFORMED_QUERY", message)
