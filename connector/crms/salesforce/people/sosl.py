"""The searches for phone numbers: as many numbers a search as its length allows."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from connector.crms.salesforce.people.numbers import Number, Spellings

LONGEST = 10_000
"""Characters between the braces; for more, Salesforce finds nothing.

Beyond 4,000 it takes operators out and lets any of the words do, which is what OR says. Source: SOQL and SOSL
Reference, "SOSL Syntax".
"""

MOST_FOUND = 2_000
"""Records a search finds, divided among its objects. Source: as above, "SOSL Limits"."""

_OR = " OR "


def searches(numbers: Mapping[Number, Spellings], returning: str) -> Iterator[tuple[list[Number], str]]:
    """Searches that between them look for all numbers, each with those it looks for.

    Rare spellings are sought as far as there is room for them.
    """
    for chunk in _chunks(numbers):
        usual = [text for number in chunk for text in numbers[number].usual]
        term = _OR.join(map(_term, usual))
        # All numbers' first rare spellings, then all second ones.
        by_rank = zip_longest(*(numbers[number].rare for number in chunk))
        for text in (text for rank in by_rank for text in rank if text is not None):
            longer = f"{term}{_OR}{_term(text)}"
            if len(longer) > LONGEST:
                break
            term = longer
        yield chunk, f"FIND {{{term}}} IN PHONE FIELDS RETURNING {returning}"


def returning(fields: Mapping[str, Sequence[str]]) -> str:
    """The objects to find, each with the fields to read."""
    return ", ".join(f"{name}({', '.join(columns)})" for name, columns in fields.items())


def _chunks(numbers: Mapping[Number, Spellings]) -> Iterator[list[Number]]:
    chunk: list[Number] = []
    length = 0
    for number, spelled in numbers.items():
        size = sum(len(_term(text)) + len(_OR) for text in spelled.usual)
        if chunk and length + size > LONGEST:
            yield chunk
            chunk, length = [], 0
        chunk.append(number)
        length += size
    if chunk:
        yield chunk


def _term(digits: str) -> str:
    """Digits as a search term: words that must follow one another are a phrase. Nothing else is ever sought."""
    return f'"{digits}"' if " " in digits else digits
