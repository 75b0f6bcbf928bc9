"""Collects diagnostics while a mapping is read, and finds what a mistyped word was meant to be."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.diagnostics import Code, Diagnostic, Place

_CUT_OFF = 0.7


class Problems:
    """Everything wrong with one mapping, however much that is."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: dict[Diagnostic, None] = dict.fromkeys(found)

    def add(self, code: Code, place: Place, label: str = "", help: str = "") -> None:  # noqa: A002 -- as in Diagnostic
        """Note a problem."""
        self._found[code.at(place, label, help)] = None

    @property
    def errors(self) -> frozenset[str]:
        """The codes of the errors so far. What may only follow from one of them is not worth telling yet."""
        return frozenset(found.code for found in self._found if found.is_error)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All of them in the file's order, none twice."""
        return tuple(sorted(self._found, key=lambda found: (found.place.line, found.place.column, found.code)))


def meant(word: str, known: Iterable[str]) -> str:
    """The most similar known word; empty if none is similar enough to be meant."""
    by_lower: dict[str, str] = {}
    for candidate in known:
        by_lower.setdefault(candidate.lower(), candidate)
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=_CUT_OFF)
    return by_lower[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` for the most similar known word; empty if none is similar enough to be meant."""
    likely = meant(word, known)
    return f'did you mean "{likely}"?' if likely else ""


def listed(words: Iterable[str], most: int = 8) -> str:
    """`a, b or c`, if they are few enough to be read; empty otherwise."""
    words = list(words)
    if not words or len(words) > most:
        return ""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def suggestion(word: str, known: Iterable[str]) -> str:
    """Did-you-mean, else the list of what is allowed, else nothing."""
    known = list(known)
    return did_you_mean(word, known) or (f"write {listed(known)}" if listed(known) else "")
