"""Phone numbers: read whatever their spelling, compared as numbers, and spelled as people type them into a CRM."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phonenumbers import PhoneNumber

_SHORTEST_TAIL = 6
"""Digits of a number's end that tell it from nearly all others."""

_SHORTEST = 7
"""Digits of the shortest text that may be a whole number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is dialled: country code and national number, and the extension behind it, if any."""

    country: int
    national: str
    extension: str | None = None

    def is_line_of(self, other: Number) -> bool:
        """Whether both are the same line. An extension that only one of them names tells nothing."""
        extensions = {self.extension, other.extension} - {None}
        return (self.country, self.national) == (other.country, other.national) and len(extensions) < 2  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Spellings:
    """How a number may be written, as words of digits: `usual` ways and `rare` ones."""

    usual: tuple[str, ...]
    rare: tuple[str, ...]


def read(text: str, country: str | None) -> Number | None:
    """The number in a text, read in a country unless it names one; None if there is none, or no country.

    `00` in front is taken for the `+` that it stands for in most of the world.
    """
    found = _parsed(text, country)
    if found is None:
        return None
    return Number(found.country_code or 0, _national(found), found.extension or None)


def lacks_country(text: str) -> bool:
    """Whether a text may hold a number, but does not say of which country."""
    return sum(map(str.isdigit, text)) >= _SHORTEST and _parsed(text, None) is None


def region(number: Number) -> str | None:
    """The country that a number belongs to, by which others in the same org are read."""
    from phonenumbers import region_code_for_country_code  # noqa: PLC0415  # see _parsed

    return region_code_for_country_code(number.country)


def spellings(number: Number) -> Spellings:
    """How people, and programs, write the number down.

    A search sees words: what stands between spaces, brackets, dots and dashes. So the end of the number, in the groups
    that its country writes it in, is found whatever stands between them and before them.
    """
    from phonenumbers import PhoneNumberFormat, format_number, parse  # noqa: PLC0415  # see _parsed

    plain = parse(f"+{number.country}{number.national}")
    abroad = _tail(re.findall(r"\d+", format_number(plain, PhoneNumberFormat.INTERNATIONAL))[1:])
    at_home = re.findall(r"\d+", format_number(plain, PhoneNumberFormat.NATIONAL))
    international = f"{number.country}{number.national}"
    in_groups = (" ".join(abroad), " ".join(_tail(at_home)))
    usual = dict.fromkeys((*in_groups, number.national, international, "".join(at_home)))
    rare = ("".join(abroad), f"00{international}")
    return Spellings(tuple(usual), tuple(each for each in rare if each not in usual))


def held(texts: Iterable[object], country: str | None) -> Iterator[Number]:
    """The numbers that a record's texts mean, read in this country."""
    for text in texts:
        number = read(text, country) if isinstance(text, str) else None
        if number is not None:
            yield number


def _tail(groups: list[str]) -> list[str]:
    for start in range(len(groups) - 1, 0, -1):
        if sum(map(len, groups[start:])) >= _SHORTEST_TAIL:
            return groups[start:]
    return groups


def _national(number: PhoneNumber) -> str:
    from phonenumbers import national_significant_number  # noqa: PLC0415  # see _parsed

    return national_significant_number(number)


def _parsed(text: str, country: str | None) -> PhoneNumber | None:
    # Imported where it is used: it brings the numbering plans of all countries along.
    from phonenumbers import NumberParseException, is_possible_number, parse  # noqa: PLC0415

    stripped = text.strip()
    try:
        found = parse(f"+{stripped[2:]}" if stripped.startswith("00") else stripped, country)
    except NumberParseException:
        return None
    return found if is_possible_number(found) else None
