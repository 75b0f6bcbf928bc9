"""Reads the parts of a mapping that are the same everywhere: sections, words, durations, time zones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connector.mapping.codes.file import (
    BAD_DURATION,
    EMPTY_VALUE,
    MISSING_KEY,
    NOT_ALLOWED,
    UNKNOWN_KEY,
    UNKNOWN_ZONE,
    WRONG_SHAPE,
)
from connector.mapping.problems import did_you_mean, listed, meant, suggestion
from connector.mapping.scalars import as_duration
from connector.mapping.shape import names
from connector.mapping.zones import meant_zone
from connector.yaml_text import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from connector.mapping.problems import Problems
    from connector.mapping.shape import Key
    from connector.yaml_text import Node


class Section(dict[str, tuple[Scalar, "Node"]]):
    """The known keys of a section that hold something, each with where it stands and its value.

    Attributes:
        empty: those behind which nothing is written. That has been told, so that they need not be missed elsewhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self.empty: set[str] = set()


_WITHOUT_SUMMER = {"EST": "America/New_York", "MST": "America/Denver, or America/Phoenix", "HST": "Pacific/Honolulu"}
"""Abbreviations that the time zone database takes for zones; what people mean by them."""


def section(
    node: Node,
    keys: tuple[Key, ...],
    problems: Problems,
    what: str,
    missing_at: Scalar | None = None,
    *,
    otherwise: str = "",
) -> Section:
    """The section's keys; those that are unknown, empty or missing are reported.

    A misspelt key is read as the one that is meant, so that its slip alone is told, and not that the other is missing.
    `otherwise`: what to do about an unknown key that is like no other.
    """
    found = Section()
    if not isinstance(node, Mapping):
        example = next((key for key in keys if key.required), keys[0])
        problems.add(WRONG_SHAPE, node.place, f"{what} is a map", f"write {example.name}: {example.example}")
        return found
    known = names(keys)
    written = {key.text for key, _ in node.pairs}
    for key, value in node.pairs:
        name = name_of(key, known, problems, what, otherwise)
        if name is None or (name != key.text and name in written):
            continue
        written.add(name)
        if is_empty(key, value, problems):
            found.empty.add(name)
        else:
            found[name] = (key, value)
    for wanted in keys:
        if wanted.required and wanted.name not in written:
            place = missing_at.place if missing_at else node.place
            help_ = f"add {wanted.name}: {wanted.example}"
            problems.add(MISSING_KEY, place, f'{what} needs "{wanted.name}": {wanted.doc}', help_)
    return found


def name_of(key: Scalar, known: tuple[str, ...], problems: Problems, what: str, otherwise: str = "") -> str | None:
    """The key that is written here, or meant; None if there is none such. What is no key is reported."""
    if key.text in known:
        return key.text
    help_ = suggestion(key.text, known) or otherwise
    problems.add(UNKNOWN_KEY, key.place, f'{what} has no key "{key.text}"', help_)
    return meant(key.text, known) or None


def is_empty(key: Scalar, value: Node, problems: Problems) -> bool:
    """Whether nothing is written behind the key; reported if so."""
    match value:
        case Scalar():
            nothing = value.is_null
        case Mapping(pairs):
            nothing = not pairs
        case Sequence(items):
            nothing = not items
    if nothing:
        problems.add(EMPTY_VALUE, key.place, f'"{key.text}" has no value', "leave the line out, or write a value")
    return nothing


def text(node: Node, problems: Problems, what: str) -> str | None:
    """A single value as typed; None, and reported, if it is a list, a map or empty."""
    if isinstance(node, Scalar) and node.text.strip() and not node.is_null:
        return node.text
    shape = (
        "it is empty" if isinstance(node, Scalar) else f"a {'list' if isinstance(node, Sequence) else 'map'} is none"
    )
    problems.add(WRONG_SHAPE, node.place, f"{what} is a single value; {shape}")
    return None


def word(node: Node, allowed: Collection[str], problems: Problems, what: str) -> str | None:
    """One of a few words; None, and reported, if it is another."""
    found = text(node, problems, what)
    if found is None or found in allowed:
        return found
    problems.add(NOT_ALLOWED, node.place, f"{what} is {listed(allowed, most=12)}", did_you_mean(found, allowed))
    return None


def duration(node: Node, problems: Problems, what: str) -> timedelta | None:
    """A duration; None, and reported, if it is none."""
    written = text(node, problems, what)
    if written is None:
        return None
    found = as_duration(written)
    if found is None:
        help_ = (
            f"write {written}m for minutes" if written.isdigit() else "write a number with its unit: 90s, 30m, 2h, 7d"
        )
        problems.add(BAD_DURATION, node.place, f"{what} is a length of time", help_)
    return found


def zone(node: Node, problems: Problems) -> ZoneInfo:
    """A time zone by its name; one that is reported, because there is none by that name, reads as UTC."""
    name = text(node, problems, "a time zone") or "UTC"
    if name in _WITHOUT_SUMMER:
        help_ = f"write {_WITHOUT_SUMMER[name]}"
        problems.add(UNKNOWN_ZONE, node.place, f"{name} keeps winter time all the year", help_)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        likely = meant_zone(name)
        help_ = f'did you mean "{likely}"?' if likely else "write a continent and a city, such as America/New_York"
        problems.add(UNKNOWN_ZONE, node.place, f'there is no time zone "{name}"', help_)
        return ZoneInfo("UTC")
