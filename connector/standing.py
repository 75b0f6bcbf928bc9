"""Where a ledger stands: what it says of itself, for `status`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.model import State


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `exit_code` and `counts` are None for one that was killed, `finished_at` too while it is under way.

    `error` is the class of the error that ended it, None if none did.
    """

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    exit_code: int | None
    counts: Mapping[str, int] | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """The CRM's requests as of the last run that sent any: `used` by everybody, of those `allowed` in its period."""

    used: int
    allowed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failed attempts of a run that are alike: the code, what it blames, what was done; a few of the calls."""

    code: str
    fields: tuple[str, ...]
    verdict: str
    count: int
    call_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunDetails:
    """One run with what failed in it, most first; failures older than 90 days are forgotten."""

    run: RunRecord
    failures: tuple[FailureGroup, ...]


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose a ledger is: Apten's host, the CRM's identity, and the targets of its activities; None: not known yet."""

    apten: str | None
    crm: str | None
    targets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Health:
    """A ledger that was read whole and is sound.

    `rows` says how many there are by table.
    """

    version: int
    created: datetime | None
    belongs_to: Belonging
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Activities that share a reason, and the fields it is about; `call_ids` are a few of them.

    `first` and `last` are the first and the last attempt that failed for any of them; `target`, where one is named, is
    that of all.
    """

    reason: str
    count: int
    call_ids: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    first: datetime | None = None
    last: datetime | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A ledger at one moment.

    Args:
        created: when the ledger was made.
        start: how far back it looks, as of its first run; None before that.
        watermark: up to where discovery is complete; None before the first run got there.
        last_run: the newest run that was finished, whatever its exit code.
        last_success: when a sync last got to its end, parked calls or not.
        requests: None for a CRM that does not count them, or was not asked yet.
        calls: how many calls are known.
        states: number of activities by target and state.
        waiting, parked, skipped, unlinked: activities by reason, most first; parked ones also by target and
            fields, with some call ids, first and last attempt.
        incomplete: activities that were logged though their call lacked something when it was last looked at, by that.
        awaited: how many of these are looked at again by themselves.
        left_over: activities that the next run tries again.
        due: calls that a run would fetch now.
        due_leads: leads whose calls a run would list now, so that what is new of them is not known yet.
    """

    created: datetime | None
    start: datetime | None
    watermark: datetime | None
    last_run: RunRecord | None
    last_success: datetime | None
    requests: Requests | None
    calls: int
    states: Mapping[str, Mapping[State, int]]
    waiting: tuple[Group, ...]
    parked: tuple[Group, ...]
    skipped: tuple[Group, ...]
    unlinked: tuple[Group, ...]
    incomplete: tuple[Group, ...]
    awaited: int
    left_over: int
    due: int
    due_leads: int
