"""The seams of the house: what sync needs of the world, each a small Protocol.

Adapters satisfy these without importing them; mypy proves it where `wiring` hands them over. Every method that
reaches over the network is one request wide, so that a failure can be judged and the request sent again.
Adapters translate foreign failures into `connector.errors` and never retry (renewing an expired token once is
authentication, not a retry).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from connector.crm_schema import ObjectSchema
    from connector.findings import Check
    from connector.model import (
        Activity,
        ActivityState,
        CallRef,
        CallState,
        Failure,
        LeadState,
        Lookup,
        Page,
        Person,
        PersonSearch,
        Receipt,
        Record,
        State,
        Target,
        Unlinked,
    )
    from connector.preparation import Preparation, Use
    from connector.source_model import Call, Lead
    from connector.usage import Usage


class Source(Protocol):
    """Apten. Safe to call from several threads. Any method may raise CredentialsError or a RetryableError."""

    @property
    def host(self) -> str:
        """The API's host, part of the ledger's identity."""

    @property
    def usage(self) -> Usage:
        """What this connection has cost so far. Asks nothing."""

    @property
    def server_time(self) -> datetime | None:
        """Apten's time as of its last answer; None before the first. Asks nothing."""

    def leads(self, *, updated_since: datetime, token: str | None = None) -> Page[Lead]:
        """One page of leads changed since then (inclusive), oldest change first.

        Raises:
            ExpiredTokenError: the page token is no longer accepted.
        """

    def lead(self, lead_id: str) -> Lead | None:
        """One lead; None if Apten has none by that id."""

    def events(self, lead_id: str, *, since: datetime, token: str | None = None) -> Page[CallRef]:
        """One page of a lead's call events changed since then (inclusive). Pages may be empty while more follow.

        A lead that is gone has one empty page.

        Raises:
            ExpiredTokenError: the page token is no longer accepted.
        """

    def call(self, call_id: str) -> Call:
        """One call, whole.

        Raises:
            CallGoneError: Apten has no such call.
            BadCallError: the answer is not a call as documented.
        """


class Crm(Protocol):
    """A CRM. Called from one thread at a time. Any method may raise SetupError, RunError or a RetryableError."""

    @property
    def batch_size(self) -> int:
        """Most activities per `write`, and most keys per `read`."""

    @property
    def usage(self) -> Usage:
        """What this connection has cost so far. Asks nothing."""

    def identity(self) -> str:
        """Which org or database this is, stable over time; part of the ledger's identity."""

    def describe(self, target: Target) -> ObjectSchema:
        """The object's schema as the connection's user sees it.

        Raises:
            CrmSetupError: there is no such object, or it may not be seen.
        """

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """Whom each search leads to, in the order given; the first clue with a unique hit wins, never a guess."""

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """The ids of the records that each look-up fits, in the order given; two stand for many.

        Raises:
            CrmSetupError: an object or field that a look-up names is not there, or may not be seen.
        """

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """The records that hold these keys, by key, with these fields, canonical. At most `batch_size` keys."""

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        """One page of (key, record id) of every record that holds a key. Serves a ledger that starts anew."""

    def key_of(self, target: Target, record_id: str) -> str | None:
        """The key that a record holds; None if there is no such record, or it holds none."""

    def link(self, record_id: str) -> str | None:
        """Where people see a record in their browser; None if nowhere. Asks nothing that was not asked before."""

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """Write a batch, in its order: all with `record_id` (updates), or all without (upserts by key).

        Keys are unique within a batch. Upserting again is safe: it never makes a second record.

        Raises:
            UncertainWriteError: sent, but no answer came.
            RejectedError: the CRM refused the batch as a whole.
        """

    def close(self) -> None:
        """Let go of connections."""


class WholeCrm(Crm, Protocol):
    """A CRM with all that `setup` and `doctor` ask of it beside what a run needs."""

    def prepare(self, uses: Sequence[Use], user: str | None, sleep: Callable[[float], None]) -> Preparation:
        """What must be there for these mappings, and how it stands. Nothing is changed until a step is taken.

        `user` is who is to get the rights, None for the user of this connection; `sleep` waits for what takes time.

        Raises:
            CrmSetupError: it cannot be made like this, or the user of this connection may not see how it stands.
        """

    def checks(self, uses: Sequence[Use]) -> Sequence[Check]:
        """What to look at, in this order, to tell whether runs of these mappings can succeed. Asks nothing yet."""

    def metadata(self, uses: Sequence[Use], required: Mapping[str, Collection[str]]) -> Mapping[str, str]:
        """Files, by path, that make most of what `prepare` tells, for the CRM's own tools; none, if it takes no files.

        `required` are fields of each object that are known to be required. Asks nothing.
        """

    def beyond(self, target: Target) -> str:
        """What of the object no check of a mapping can foresee, as a sentence; empty where there is no such thing."""


class Ledger(Protocol):
    """Our memory. Used by the main thread alone. Any method may raise DiskFullError or LedgerError."""

    @property
    def secret(self) -> bytes:
        """Key of all fingerprints, made with the ledger, never shown."""

    def transaction(self) -> AbstractContextManager[None]:
        """All changes inside become durable together at its end, or not at all. Not nested."""

    def claim(self, name: str, owner: str) -> None:
        """Record what the ledger belongs to (`apten`, `crm`); the first claim decides.

        Raises:
            LedgerError: it belongs to another.
        """

    def targets(self) -> frozenset[str]:
        """Names of the targets it knows activities of, or was scanned for."""

    def mark(self, name: str) -> datetime | None:
        """A remembered time: `watermark`, `swept`, `backfilled`, `created`, and so on."""

    def set_mark(self, name: str, at: datetime | None) -> None:
        """Remember a time; None forgets it."""

    def start_run(self, kind: str, at: datetime) -> int:
        """Open a run record (`sync` or `resync`) and return its id. Unfinished ones of killed runs are closed."""

    def finish_run(
        self, run_id: int, at: datetime, exit_code: int, counts: Mapping[str, int], error: str | None = None
    ) -> None:
        """Close the run record with what it did, and the class of the error that ended it."""

    def hasten(self, latest: datetime, now: datetime) -> None:
        """Whatever is due after `latest` is due `now`; a call's round begins anew."""

    def leads(self, lead_ids: Sequence[str]) -> dict[str, LeadState]:
        """The known ones of these leads."""

    def save_leads(self, leads: Iterable[LeadState]) -> None:
        """Insert or replace. Durable with the next transaction, and at the latest when the ledger is closed."""

    def due_leads(self, now: datetime) -> Iterator[LeadState]:
        """Leads to list anew, due at `now` or earlier, oldest due first; safe to save leads while iterating."""

    def sweep_leads(self, *, active_since: datetime, listed_before: datetime, limit: int) -> list[LeadState]:
        """Leads with activity since then, not saved since `listed_before`."""

    def calls(self, call_ids: Sequence[str]) -> dict[str, CallState]:
        """The known ones of these calls."""

    def save_calls(self, calls: Iterable[CallState]) -> None:
        """Insert or replace. Durable with the next transaction, and at the latest when the ledger is closed."""

    def due_calls(self, now: datetime) -> Iterator[CallState]:
        """Calls to fetch, due at `now` or earlier, oldest due first; safe to save calls while iterating.

        Calls whose activity is still an intent (the run that wrote them died) are due at once.
        """

    def calls_between(self, since: datetime, until: datetime) -> Iterator[CallState]:
        """Calls created in [since, until)."""

    def calls_of_lead(self, lead_id: str) -> Iterator[CallState]:
        """The lead's known calls. Looks through all calls."""

    def calls_in(self, state: State, target: str | None = None) -> Iterator[CallState]:
        """Calls with an activity in this state, under any target or the one given."""

    def count(self, state: State, target: str) -> int:
        """How many activities are in this state under a target."""

    def calls_mapped_otherwise(self, target: str, mappings: Sequence[bytes]) -> Iterator[CallState]:
        """Calls written, perhaps written or skipped under this target by a mapping with none of these prints."""

    def calls_tried_otherwise(self, target: str, tried: bytes) -> Iterator[CallState]:
        """Calls parked under this target whose `mapping` does not begin with these bytes (`Route.tried`)."""

    def all_calls(self) -> Iterator[CallState]:
        """Every known call."""

    def activities(self, target: str, call_ids: Sequence[str]) -> dict[str, ActivityState]:
        """The known activities of these calls under this target, by call id."""

    def save_activities(self, activities: Iterable[ActivityState]) -> None:
        """Insert or replace."""

    def adopt(self, target: str, records: Mapping[str, str], at: datetime) -> None:
        """Remember records found in the CRM (call id → record id) as KNOWN, unless the call's activity is known."""

    def calls_recorded_as(self, record_id: str) -> list[str]:
        """The calls whose activity is this record of the CRM, by id."""

    def failures(self, call_id: str) -> list[Failure]:
        """The call's failed attempts, oldest first: of the last 90 days, or all while it is parked."""

    def add_failures(self, run_id: int, failures: Iterable[Failure]) -> None:
        """Append to the history of failed attempts; those older than 90 days go, but for those of parked calls."""


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now(self) -> datetime:
        """Now, aware UTC. Used for local delays and display, never compared with Apten's stamps."""

    def monotonic(self) -> float:
        """Seconds since some moment; never set, never going back."""

    def cpu(self) -> float:
        """Seconds of processor time that this process has used, all its threads together."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Log(Protocol):
    """Structured log: constant event names `noun.past_verb`, ids and counts as fields, never content."""

    def info(self, event: str, **fields: Any) -> Any:
        """Something happened as it should."""

    def warning(self, event: str, **fields: Any) -> Any:
        """Something a person may want to look at."""
