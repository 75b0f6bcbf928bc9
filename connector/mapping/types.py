"""The types of the language: what kind a value is, whether it may be missing, how long it gets, what it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from connector.crm_schema import length_of

if TYPE_CHECKING:
    from connector.crm_schema import Counted
    from connector.source_model import Call, Lead


class Kind(StrEnum):
    """What a value is; each is the word a diagnostic uses for it. UNKNOWN follows an error and fits everywhere."""

    TEXT = "text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    DATETIME = "a point in time"
    TEXTS = "a list of texts"
    TRANSCRIPT = "a transcript"
    RECORD = "a record's id"
    REST = "the part that takes the room that is left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Type:
    """What can be known of a value before any call comes in.

    Args:
        kind: what it is.
        missing: it may be missing.
        blank: it may be an empty text (only inside templates; for a field that is the same as missing).
        longest: greatest length of a text as the CRM counts; None if there is no bound.
        values: texts it is known to take; with `closed` it takes no others.
        closed: `values` are all there are.
        low: smallest number.
        high: greatest number.
        unit: unit of a number.
        path: the source it was read from, unchanged, for its labels.
        prose: it is something said or written, from which `redact` takes out.
        open: it is known only once the person, or the record looked up, is found.
        objects: of which objects a record may be; empty if that is not known.
        absent_for: the objects of a person for whom it is missing for sure.
    """

    kind: Kind
    missing: bool = False
    blank: bool = False
    longest: int | None = None
    values: tuple[str, ...] = ()
    closed: bool = False
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    path: str | None = None
    prose: bool = False
    open: bool = False
    objects: tuple[str, ...] = ()
    absent_for: frozenset[str] = frozenset()

    def present(self) -> Type:
        """The same, known not to be missing."""
        return replace(self, missing=False)


UNKNOWN = Type(Kind.UNKNOWN)

Run: TypeAlias = Callable[["Call", "Lead | None"], Any]
"""Computes a value of a call; None is missing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked value: its type, and how to compute it."""

    type: Type
    run: Run


def constant(value: Any, type_: Type) -> Plan:
    """The same value for every call."""
    return Plan(type_, lambda _call, _lead: value)


BROKEN = constant(None, UNKNOWN)
"""Stands in for a value whose mistake has been reported already."""


def one_of(values: tuple[str, ...], counted: Counted) -> Type:
    """A text that is one of these."""
    longest = max((length_of(value, counted) for value in values), default=0)
    return Type(Kind.TEXT, longest=longest, values=values, closed=True)


def join(one: Type, other: Type) -> Type:
    """What a value is that is either of the two. Kinds that differ are both such as the field takes."""
    if one.kind is Kind.UNKNOWN or other.kind is Kind.UNKNOWN:
        return UNKNOWN
    bounded = one.longest is not None and other.longest is not None
    closed = one.closed and other.closed
    kinds = {one.kind, other.kind}
    return Type(
        Kind.NUMBER if Kind.NUMBER in kinds else Kind.TEXT if Kind.TEXT in kinds else one.kind,
        missing=one.missing or other.missing,
        blank=one.blank or other.blank,
        longest=max(one.longest or 0, other.longest or 0) if bounded else None,
        values=tuple(dict.fromkeys(one.values + other.values)) if closed else (),
        closed=closed,
        unit=one.unit if one.unit == other.unit else None,
        open=one.open or other.open,
        objects=tuple(dict.fromkeys(one.objects + other.objects)) if one.objects and other.objects else (),
        absent_for=one.absent_for & other.absent_for,
    )
