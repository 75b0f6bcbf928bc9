"""The queries the adapter sends, with every value quoted and every name checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connector.model import Target

PAGE = 2_000
"""Records per page, the most Salesforce gives."""

_NAME = re.compile(r"[A-Za-z]\w*\Z", re.ASCII)
# Source: Salesforce's SOQL and SOSL Reference, "Quoted String Escape Sequences". Some readers of SOQL take U+2028 and
# U+2029 for the line breaks that a text may not have.
_ESCAPED = (r"\\", r"\'", r"\n", r"\r", r"\t", r"\b", r"\f", r"\u2028", r"\u2029")
_ESCAPES = str.maketrans(dict(zip("\\'\n\r\t\b\f\u2028\u2029", _ESCAPED, strict=True)))
# A URI may have 16,384 bytes, the host's name and the path included.
_MOST_QUERY_BYTES = 14_000


def quoted(text: str) -> str:
    """The text as a SOQL literal."""
    return f"'{text.translate(_ESCAPES)}'"


def checked_name(name: str) -> str:
    """The API name of an object or field, made sure to be one.

    Raises:
        CrmSetupError: no Salesforce object or field can have that name.
    """
    if not _NAME.match(name):
        raise CrmSetupError(
            f"{name!r} cannot be the name of an object or field in Salesforce.",
            todo="Use the API name in the mapping, such as Task or Apten_Call_Id__c.",
        )
    return name


def by_keys(target: Target, keys: Sequence[str], fields: Sequence[str]) -> Iterator[str]:
    """Queries for the records that hold these keys; one, unless the keys are too long for one URI."""
    wanted = dict.fromkeys(["Id", checked_name(target.key_field), *map(checked_name, fields)])
    yield from packed(f"{_select(target, wanted)} AND {target.key_field} IN (", map(quoted, keys))


def among(name: str, fields: Iterable[str], field: str, texts: Iterable[str]) -> Iterator[str]:
    """Queries for the records of an object in which a field holds one of these texts. Names are taken as they are."""
    yield from packed(f"SELECT {', '.join(fields)} FROM {name} WHERE {field} IN (", map(quoted, texts))  # noqa: S608  # by callers


def packed(head: str, pieces: Iterable[str], between: str = ",") -> Iterator[str]:
    """The head of a query with its last parenthesis filled: one query, unless the pieces are too long for one URI."""
    room = _MOST_QUERY_BYTES - len(quote_plus(head))
    chunk: list[str] = []
    used = 0
    for piece in dict.fromkeys(pieces):
        size = len(quote_plus(piece)) + len(quote_plus(between))
        if chunk and used + size > room:
            yield f"{head}{between.join(chunk)})"
            chunk, used = [], 0
        chunk.append(piece)
        used += size
    if chunk:
        yield f"{head}{between.join(chunk)})"


def by_ids(target: Target, record_ids: Iterable[str]) -> str:
    """Which of these records are there; 200 fit one URI."""
    return f"{_select(target, ['Id'])} AND Id IN ({','.join(map(quoted, record_ids))})"


def key_of(target: Target, record_id: str) -> str:
    """What the key field of one record holds."""
    names = ("Id", checked_name(target.key_field))
    return f"{_select(target, names)} AND Id = {quoted(record_id)}"


def page_of_keys(target: Target, after: str | None) -> str:
    """The next records that hold any key, in the order of their ids, after the one with this id."""
    key = checked_name(target.key_field)
    query = f"{_select(target, ['Id', key])} AND {key} != null"
    if after is not None:
        query += f" AND Id > {quoted(after)}"
    return f"{query} ORDER BY Id LIMIT {PAGE}"


def _select(target: Target, names: Iterable[str]) -> str:
    fields = ", ".join(names)
    return f"SELECT {fields} FROM {checked_name(target.object)} WHERE IsDeleted = false"  # noqa: S608  # names are checked
