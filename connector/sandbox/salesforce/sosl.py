r"""Reads SOSL, as far as the stand-in goes; everything else is a malformed search.

FIND {words} [IN … FIELDS] [RETURNING objects with fields, WHERE and LIMIT] [LIMIT]. Between the braces stand words,
phrases in quotes, `*` and `?` for what is left open, AND, OR, AND NOT and parentheses; the signs
`? & | ! { } [ ] ( ) ^ ~ * : \ " ' + -` mean themselves only after a backslash. Source: Salesforce's SOQL and SOSL
Reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.soql import Query, clauses, names
from connector.sandbox.salesforce.tokens import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_RECORDS = 2_000
LONGEST = 10_000
"""Characters of a search term; for a longer one nothing is found."""
LONGEST_WITH_OPERATORS = 4_000
"""Characters of a search term up to which its operators count; in a longer one any of the words will do."""
SCOPES = ("ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR")

_HEAD = re.compile(r"\s*FIND\s*\{((?:[^{}\\]|\\.)*)\}", re.IGNORECASE | re.DOTALL)
_PIECE = re.compile(r'\s*(?:(?P<sign>[()])|"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>(?:[^\s()"\\]|\\.)+))', re.DOTALL)
_RESERVED = re.compile(r"[&|!{}\[\]()^~:\"'+-]")
_UNIT = re.compile(r"[^\W\d_]+|\d+|[*?]+")
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Words:
    """Words that must follow one another in a field, as patterns in which `*` and `?` are left open."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Terms joined by AND, OR or AND NOT."""

    operator: str
    left: Term
    right: Term


Term = Words | Joined


@dataclass(frozen=True, slots=True)
class Search:
    """A search as read. Each of `returning` is a query for one object, whose fields may be none for the id alone."""

    term: Term
    scope: str = "ALL"
    returning: tuple[Query, ...] = ()
    limit: int = MOST_RECORDS


def read(text: str) -> Search:
    """The search in `text`.

    Raises:
        RequestError: MALFORMED_SEARCH.
    """
    head = _HEAD.match(text)
    if head is None:
        _malformed("expecting FIND {…}")
    reader = Reader(text[head.end() :], _malformed)
    scope = "ALL"
    if reader.take("IN"):
        scope = reader.name().upper()
        reader.expect("FIELDS")
    returning = tuple(_returning(reader)) if reader.take("RETURNING") else ()
    limit = reader.whole_number() if reader.take("LIMIT") else MOST_RECORDS
    if not reader.is_done or scope not in SCOPES:
        _malformed("unexpected token after the search")
    found = min(limit, MOST_RECORDS) if len(head[1]) <= LONGEST else 0
    return Search(term(head[1]), scope, returning, found)


def term(text: str) -> Term:
    """What is between the braces."""
    return _Terms(text).all()


def words(text: str) -> tuple[str, ...]:
    """A text's words: split at blanks and punctuation, and where letters and digits meet."""
    return tuple(match[0].casefold() for match in re.finditer(r"[^\W\d_]+|\d+", text))


def _returning(reader: Reader) -> Iterator[Query]:
    while True:
        name = reader.name()
        if reader.take("("):
            yield Query(names(reader), name, *clauses(reader))
            reader.expect(")")
        else:
            yield Query((), name)
        if not reader.take(","):
            return


class _Terms:
    """Reads the search term; words side by side must all be there."""

    def __init__(self, text: str) -> None:
        self._pieces: list[tuple[str, str]] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _PIECE.match(text, position)
            if match is None or match.lastgroup is None:
                _malformed("the search term cannot be read")
            self._pieces.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        if len(text) > LONGEST_WITH_OPERATORS:
            words = [
                each for each in self._pieces if each[0] == "phrase" or each[1] not in {"AND", "OR", "NOT", "(", ")"}
            ]
            self._pieces = [each for word in words for each in (("word", "OR"), word)][1:]

    def all(self) -> Term:
        """The whole term."""
        found = self._either()
        if self._pieces:
            _malformed("the search term cannot be read")
        return found

    def _either(self) -> Term:
        found = self._both()
        while self._take("OR"):
            found = Joined("OR", found, self._both())
        return found

    def _both(self) -> Term:
        found = self._one()
        while self._pieces and self._pieces[0] != ("sign", ")") and not self._is_next("OR"):
            self._take("AND")
            operator = "AND NOT" if self._take("NOT") else "AND"
            found = Joined(operator, found, self._one())
        return found

    def _one(self) -> Term:
        if not self._pieces:
            _malformed("the search term ends too soon")
        kind, text = self._pieces.pop(0)
        if (kind, text) == ("sign", "("):
            found = self._either()
            if not self._pieces or self._pieces.pop(0) != ("sign", ")"):
                _malformed("a parenthesis is not closed")
            return found
        if kind == "sign" or (kind == "word" and text.upper() in _OPERATORS):
            _malformed(f"unexpected token: '{text}'")
        return Words(_patterns(text))

    def _take(self, operator: str) -> bool:
        found = self._is_next(operator)
        del self._pieces[: int(found)]
        return found

    def _is_next(self, operator: str) -> bool:
        return bool(self._pieces) and self._pieces[0][0] == "word" and self._pieces[0][1].upper() == operator


def _patterns(text: str) -> tuple[str, ...]:
    """The words of a piece; a sign after a backslash only separates, one without it is refused."""
    plain = re.sub(r"\\.", " ", text, flags=re.DOTALL)
    if _RESERVED.search(plain):
        _malformed("a reserved character is not escaped")
    found: list[str] = []
    for chunk in re.split(r"[^\w*?]+|_", plain.casefold()):
        parts = _UNIT.findall(chunk)
        for part in parts:
            glued = found and parts[0] is not part and (part[0] in "*?" or found[-1][-1] in "*?")
            if glued:
                found[-1] += part
            else:
                found.append(part)
    if not found or max(map(len, found)) < _SHORTEST:
        _malformed("search term must be longer than one character")
    if any(each[0] in "*?" for each in found):
        _malformed("a wildcard cannot begin a word")
    return tuple(found)


def _malformed(message: str) -> NoReturn:
    raise RequestError(400, "MALFORMED_SEARCH", message)
