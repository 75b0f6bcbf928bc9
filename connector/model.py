"""What flows through the house, each arrow of it a type of its own.

A `CallRef` is found, its call fetched, the mapping makes a `Draft` of it (or a `Skip`), linking makes that an
`Activity`, writing it returns a `Receipt`, and recording that leaves an `Outcome`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.errors import ConnectorError

Row = TypeVar("Row")
Value = str | int | float | bool | date | datetime | None
"""A canonical field value. None clears the field; a field left out is left alone."""


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call's id, with its event's stamp and the lead under which it was found; both None for a call named by id."""

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
    """Stands in a draft where something of the person belongs, until the link step fills it in.

    `part` is `id`, `object`, `owner` or `account`; with `objects`, that of a person of one of these objects only.
    `otherwise` is written where there is no such thing.
    """

    part: str = "id"
    objects: tuple[str, ...] = ()
    otherwise: DraftValue = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Stands in a draft where a record's id belongs: the only record of `object` whose fields hold `where`.

    `otherwise` is what is written where no record, or more than one, is found.
    """

    object: str
    where: tuple[tuple[str, Value], ...]
    otherwise: DraftValue = None


DraftValue: TypeAlias = "Value | PersonRef | Lookup"
"""A field's value in a draft; a `PersonRef` or a `Lookup` is open until the link step."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One way to find the person: `by` names the source (`lead.externalLeadId`), `value` what it holds."""

    by: str
    value: str


class IfUnlinked(StrEnum):
    """What becomes of a call whose person is not found, or not for sure."""

    LOG = "log_unlinked"
    HOLD = "hold"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """How the person of a call is to be found.

    `clues` are in the mapping's order; empty when the call gives none. `objects` are those in which people are looked
    for, the preferred first; empty for the CRM's own choice. `country` (ISO 3166-1, two letters) is that of phone
    numbers without a country code. `parts` are what is wanted of the person, as in `PersonRef`.
    """

    clues: tuple[Clue, ...]
    objects: tuple[str, ...] = ()
    country: str | None = None
    if_none: IfUnlinked = IfUnlinked.LOG
    if_many: IfUnlinked = IfUnlinked.LOG
    parts: frozenset[str] = frozenset({"id"})


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields a mapping makes of a call, canonical; the person and looked-up records still open.

    `person` says how to find the person; None where the mapping does not ask for one. `on_create` names the fields
    that are written at creation only, `unless_edited` those that are left alone once a person has changed them.
    """

    call_id: str
    key: str
    fields: Mapping[str, DraftValue]
    person: PersonSearch | None = None
    on_create: frozenset[str] = frozenset()
    unless_edited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Skip:
    """Why a call is not logged, e.g. `log_when durationSeconds`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the call was with, as the CRM knows them.

    `owner` is the active user who owns the record, `account` its account; None where none is, or none was asked for.
    """

    id: str
    object: str | None = None
    owner: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Why no person was found, without the clue itself; `many`: there were several, none likelier than the others."""

    reason: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """One record to write. Without `record_id` it is upserted by its key, with it that record is updated."""

    call_id: str
    key: str
    fields: Mapping[str, Value]
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An activity as it stands in the CRM; `fields` holds the fields asked for, canonical.

    `doubles` are the ids of other records that hold the same key, which a CRM that keeps it unique has none of.
    """

    id: str
    fields: Mapping[str, Value]
    doubles: tuple[str, ...] = ()


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
    It names ids and fields, never values. `gone`: Apten has nothing that these could be rows of.
    """

    rows: tuple[Row, ...]
    next_token: str | None
    server_time: datetime | None = None
    unreadable: tuple[str, ...] = ()
    gone: bool = False


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

    `fingerprint` is of the draft last written, `prints` are of each field's last value, both None if unknown;
    `mapping` is of the mapping that made it, of a parked one `Route.tried`; `reason` says why it is skipped, waiting or
    parked, of a written one what its call lacked; `unlinked` says why it has no person; `since` when it first failed.
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
    prints: bytes | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt, for the ledger's history. `code` is short and stable, `fields` are names, never values."""

    call_id: str
    target: str
    at: datetime
    code: str
    verdict: str
    fields: tuple[str, ...] = ()
