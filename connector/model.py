"""What flows through the house, each arrow of it a type of its own.

A `CallRef` is found, its call fetched, the mapping makes a `Draft` of it (or a `Skip`), linking makes that an
`Activity`, writing it returns a `Receipt`, and recording that leaves an `Outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.errors import ConnectorError

Row = TypeVar("Row")
Value = str | int | float | bool | date | datetime | None
"""A canonical field value. None clears the field; a field left out is left alone."""


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call's id with what is known of it before it is fetched.

    `updated_at` is the event's stamp, `lead_id` the lead under which it was found; both None for a call named by id.
    """

    call_id: str
    lead_id: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a mapping's activities live: an object of the CRM, the field holding the key, and the key's suffix."""

    object: str
    key_field: str
    suffix: str | None = None

    @property
    def name(self) -> str:
        """The ledger's name for it; stable across renames of mapping files."""
        return f"{self.object}.{self.key_field}" + (f":{self.suffix}" if self.suffix else "")

    def key(self, call_id: str) -> str:
        """The key of this call's activity."""
        return f"{call_id}:{self.suffix}" if self.suffix else call_id

    def call_id(self, key: str) -> str | None:
        """The call a key belongs to; None if the key was made for another suffix."""
        if self.suffix is None:
            return key
        head, _, tail = key.rpartition(":")
        return head if tail == self.suffix and head else None


@dataclass(frozen=True, slots=True)
class PersonRef:
    """Stands in a draft where the person belongs, until the link step fills it in. `part` is `id` for the record id."""

    part: str = "id"


@dataclass(frozen=True, slots=True)
class Clue:
    """One way to find the person: `by` names the source (`lead.externalLeadId`), `value` what it holds."""

    by: str
    value: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields a mapping makes of a call, canonical; the person still open.

    `clues` are in the mapping's order; empty when the call gives none. `on_create` names the fields that are written
    at creation only.
    """

    call_id: str
    key: str
    fields: Mapping[str, Value | PersonRef]
    clues: tuple[Clue, ...] = ()
    on_create: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a call is not logged, e.g. `log_when durationSeconds`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the call was with, as the CRM knows them."""

    id: str
    object: str | None = None


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Why no person was found, e.g. `no externalLeadId`. The reason never holds the clue itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One record to write. Without `record_id` it is upserted by its key, with it that record is updated."""

    call_id: str
    key: str
    fields: Mapping[str, Value]
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An activity as it stands in the CRM; `fields` holds the fields asked for, canonical."""

    id: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The CRM's answer for one activity.

    Exactly one of the following: `record_id` (written; `created` says how), `error` (refused, or try again), `exists`
    (refused only because create-only fields were sent for a record that is already there), `gone` (the record to be
    updated is no longer there).
    """

    key: str
    record_id: str | None = None
    created: bool = False
    exists: bool = False
    gone: bool = False
    error: ConnectorError | None = None


class Outcome(StrEnum):
    """What became of a call under one mapping."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    WAITING = "waiting"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a listing. `server_time` is the answer's `Date` header (aware UTC), None where it had none.

    `unreadable` says, for the log, what could not be read: fields left out of a row, or a row left out of `rows`.
    It names ids and fields, never values.
    """

    rows: tuple[Row, ...]
    next_token: str | None
    server_time: datetime | None = None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadState:
    """What the ledger knows of a lead: its last activity stamp, up to where its events are known, when to list anew."""

    lead_id: str
    activity_at: datetime | None
    events_since: datetime | None = None
    due_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class CallState:
    """What the ledger knows of a call.

    `updated_at` is the event's stamp; `looks` counts fetches of its present round; `due_at` is when to fetch it next,
    None once settled; `source_hash` is a keyed hash of the call as last fetched.
    """

    call_id: str
    lead_id: str | None = None
    updated_at: datetime | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    looks: int = 0
    source_hash: bytes | None = None


class State(StrEnum):
    """Where a call stands under one target. `KNOWN`: its record is in the CRM, what we wrote to it is not known."""

    KNOWN = "known"
    INTENT = "intent"
    WRITTEN = "written"
    SKIPPED = "skipped"
    WAITING = "waiting"
    PARKED = "parked"
    LEFT_OVER = "left over"


@dataclass(frozen=True, slots=True)
class ActivityState:
    """What the ledger knows of a call's activity: no content, only ids, fingerprints and reasons.

    `fingerprint` is of the draft last written, None if unknown; `reason` says why it is skipped, waiting or parked;
    `unlinked` says why it has no person.
    """

    call_id: str
    target: str
    state: State
    record_id: str | None = None
    fingerprint: bytes | None = None
    mapping: bytes | None = None
    reason: str | None = None
    unlinked: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt, for the ledger's history. `code` is short and stable, `fields` are names, never values."""

    call_id: str
    target: str
    at: datetime
    code: str
    verdict: str
    fields: tuple[str, ...] = ()
