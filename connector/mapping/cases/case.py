"""A case: a call with all that belongs to it, and what is expected of the mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from connector.diagnostics import Diagnostic, Place
    from connector.model import Person, Unlinked
    from connector.source_model import Call, Lead


@dataclass(frozen=True, slots=True)
class Logged:
    """The call is logged: with these fields as typed (None is emptied), and without those that are absent."""

    fields: Mapping[str, str | None]
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """The call is not logged, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The call is held: this long after its end, any time (True) or not at all (False)."""

    up_to: timedelta | bool


Expected: TypeAlias = Logged | Skipped | Waits


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        name: what it shows.
        place: where its name stands.
        call: the call, complete.
        lead: the lead; None if there is none.
        person: whom the CRM finds; None if the case does not say, and then it is the one whose id the lead has. Nobody
            is looked for where the lead gives no clue.
        records: the ids that `find` finds, by object.
        expected: what the mapping should make of it.
    """

    name: str
    place: Place
    call: Call
    lead: Lead | None
    person: Person | Unlinked | None
    records: Mapping[str, str]
    expected: Expected


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a file, and everything that is wrong with it. Run them only if nothing is an error."""

    cases: tuple[Case, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
