"""Words that an admin of the CRM wrote, made fit to be shown: nothing of the call stays in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector.canonical import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = 8
_LONGEST = 300
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]{5,}\d")
_DIGITS = 7
"""So many digits at its end tell one phone number from another, however it is written."""


def without(text: str, known: Iterable[Any]) -> str:
    """The text on one line, every run of 8 or more characters that also occurs in a known value replaced by `…`.

    So is every number that ends as a known one does, whatever stands between the digits: a phone number. Known values
    may hold others: lists, mappings.
    """
    values = [" ".join(str(value).split()) for value in _flat(known)]
    numbers = "\x00".join(_digits(number) for value in values for number in _NUMBER.findall(value))
    text = " ".join(canonical_text(text).split())[:_LONGEST]
    text = _NUMBER.sub(lambda found: "…" if _ends_like_one_of(_digits(found[0]), numbers) else found[0], text)
    return _without_runs(text, "\x00".join(values))


def _without_runs(text: str, known: str) -> str:
    kept: list[str] = []
    at = 0
    while at < len(text):
        end = at + _RUN
        if text[at:end] not in known or end > len(text):
            kept.append(text[at])
            at += 1
            continue
        while end < len(text) and text[at : end + 1] in known:
            end += 1
        kept.append("…")
        at = end
    return "".join(kept)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, Mapping):
            yield from _flat(value.values())
        elif isinstance(value, list | tuple):
            yield from _flat(value)
        elif value is not None:
            yield value


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _ends_like_one_of(digits: str, known: str) -> bool:
    return len(digits) >= _DIGITS and digits[-_DIGITS:] in known
