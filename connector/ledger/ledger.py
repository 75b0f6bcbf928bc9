"""The ledger itself: `connector.ports.Ledger` on SQL."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, insert, update

from connector.errors import LedgerError
from connector.ledger import queries, targets
from connector.ledger.failures import damaged, legible
from connector.ledger.seal import put_seal
from connector.ledger.statements import PAGE, insert_unknown, pages, row_of, upsert
from connector.ledger.tables import activity, attempt, call, lead, meta, run
from connector.ledger.waiting import Waiting, split
from connector.model import ActivityState, CallState, Failure, LeadState, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Column, Connection, RowMapping, Select

    from connector.ledger.session import Session

FAILURES_KEPT = timedelta(days=90)
_SECRET = "secret"  # noqa: S105  # the name of the row, not the secret


def birth(secret: bytes, now: datetime) -> dict[str, str]:
    """What the `meta` table of a new ledger holds."""
    return {_SECRET: secret.hex(), queries.mark("created"): now.isoformat()}


class SqlLedger:
    """Our memory in a SQL database. What each method promises is said in `connector.ports.Ledger`.

    Args:
        session: a connection to a ledger whose tables are up to date.
        now: when it was opened. A lead counts as saved when the run that saves it began, or then.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._dealt_with: set[str] = set()
        self._due_until: datetime | None = None
        self._waiting = session.waiting = Waiting(now)
        secret = self._recall(_SECRET)
        if secret is None:
            raise damaged(session.path)
        with legible(session.path):
            self._secret = bytes.fromhex(secret)

    def close(self) -> None:
        """Make everything durable, and let go of the file, sealed."""
        try:
            self._session.write_waiting()
        finally:
            self._session.close()
        put_seal(self._session.file)

    @property
    def secret(self) -> bytes:
        """Key of all fingerprints."""
        return self._secret

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside become durable together at its end, or not at all. Not nested."""
        with self._waiting.or_not_at_all(), self._session.transaction():
            yield

    def claim(self, name: str, owner: str) -> None:
        """Record what the ledger belongs to; the first claim decides."""
        known = self._recall(queries.owner(name))
        if known is None:
            self._remember(queries.owner(name), owner)
        elif known != owner:
            raise LedgerError(
                f"The ledger {self._session.path} belongs to another `{name}`: "
                f"it was made for {known}, but {owner} is configured now.",
                done="Nothing was done.",
                todo="Let the setting `ledger` name another file, which the next run makes, or go back to the settings "
                "that this ledger was made for. After a sandbox refresh or a move: `apten-crm ledger adopt`.",
            )

    def mark(self, name: str) -> datetime | None:
        """A remembered time."""
        text = self._recall(queries.mark(name))
        with legible(self._session.path):
            return None if text is None else datetime.fromisoformat(text)

    def set_mark(self, name: str, at: datetime | None) -> None:
        """Remember a time; None forgets it."""
        self._remember(queries.mark(name), None if at is None else at.isoformat())

    def start_run(self, kind: str, at: datetime) -> int:
        """Open a run record; those that killed runs left open are closed without an exit code."""
        with self._session.joined() as connection:
            connection.execute(update(run).where(run.c.finished_at.is_(None)).values(finished_at=at))
            _forget_failures(connection, at)
            new = insert(run).values(kind=kind, started_at=at).returning(run.c.id)
            run_id: int = connection.execute(new).scalar_one()
        self._waiting.began, self._session.reads_on = at, True
        return run_id

    def finish_run(
        self, run_id: int, at: datetime, exit_code: int, counts: Mapping[str, int], error: str | None = None
    ) -> None:
        """Close the run record with what it did, and the class of the error that ended it."""
        values = {"finished_at": at, "exit_code": exit_code, "counts": dict(counts), "error": error}
        with self._session.joined() as connection:
            connection.execute(update(run).where(run.c.id == run_id).values(values))
        self._session.reads_on = False

    def hasten(self, latest: datetime, now: datetime) -> None:
        """Whatever is due after `latest` is due `now`; a call's round begins anew."""
        self._session.write_waiting()
        with self._session.joined() as connection:
            connection.execute(update(call).where(call.c.due_at > latest).values(due_at=now, looks=0))
            connection.execute(update(lead).where(lead.c.due_at > latest).values(due_at=now))

    def leads(self, lead_ids: Sequence[str]) -> dict[str, LeadState]:
        """The known ones of these leads."""
        found, others = split(self._waiting.leads, lead_ids)
        rows = self._session.rows_of(queries.LEADS_BY_ID, others)
        return found | {row["lead_id"]: LeadState(**row) for row in rows}

    def save_leads(self, leads: Iterable[LeadState]) -> None:
        """Insert or replace; durable with the next transaction."""
        for page in pages(leads):
            self._waiting.leads.update((state.lead_id, state) for state in page)
            self._keep_few_waiting()

    def due_leads(self, now: datetime) -> Iterator[LeadState]:
        """Leads to list anew, oldest due first. One saved again as due by `now` may come again."""
        return (LeadState(**row) for row in self._due(queries.LEADS, lead.c.lead_id, now))

    def sweep_leads(self, *, active_since: datetime, listed_before: datetime, limit: int) -> list[LeadState]:
        """Leads with activity since then, not saved by a run that began since `listed_before`; longest ago first."""
        rows = self._rows(queries.leads_to_sweep(active_since, listed_before, limit))
        return [LeadState(**row) for row in rows]

    def calls(self, call_ids: Sequence[str]) -> dict[str, CallState]:
        """The known ones of these calls."""
        found, others = split(self._waiting.calls, call_ids)
        rows = self._session.rows_of(queries.CALLS_BY_ID, others)
        return found | {row["call_id"]: CallState(**row) for row in rows}

    def save_calls(self, calls: Iterable[CallState]) -> None:
        """Insert or replace; durable with the next transaction."""
        for page in pages(calls):
            self._waiting.calls.update((state.call_id, state) for state in page)
            if until := self._due_until:
                self._dealt_with.update(state.call_id for state in page if state.due_at and state.due_at <= until)
            self._keep_few_waiting()

    def due_calls(self, now: datetime) -> Iterator[CallState]:
        """Calls to fetch: those whose activity was an intent at the start, then those due, oldest first.

        Each comes once, even if it is saved as due again meanwhile. One iteration at a time.
        """
        uncertain = list(self.calls_in(State.INTENT))
        self._due_until, self._dealt_with = now, {state.call_id for state in uncertain}
        try:
            yield from uncertain
            for row in self._due(queries.CALLS, call.c.call_id, now):
                if row["call_id"] not in self._dealt_with:
                    yield CallState(**row)
        finally:
            self._due_until, self._dealt_with = None, set()

    def calls_between(self, since: datetime, until: datetime) -> Iterator[CallState]:
        """Calls created in [since, until)."""
        return self._calls(queries.call_ids(call.c.created_at >= since, call.c.created_at < until))

    def calls_of_lead(self, lead_id: str) -> Iterator[CallState]:
        """The lead's known calls. Looks through all calls."""
        return self._calls(queries.call_ids(call.c.lead_id == lead_id))

    def calls_in(self, state: State, target: str | None = None) -> Iterator[CallState]:
        """Calls with an activity in this state; of one known by its record alone there is only the id."""
        return self._calls(queries.active_call_ids(queries.in_state(state), target))

    def count(self, state: State, target: str) -> int:
        """How many activities are in this state under this target."""
        (row,) = self._session.rows(queries.number_of(queries.in_state(state), target))
        return int(row["number"])

    def calls_mapped_otherwise(self, target: str, mappings: Sequence[bytes]) -> Iterator[CallState]:
        """Calls written, perhaps written or skipped under this target by none of these mappings, or by one unknown."""
        by_another = activity.c.mapping.is_(None) | activity.c.mapping.not_in(mappings)
        done = queries.in_state(State.WRITTEN) | queries.in_state(State.SKIPPED) | queries.in_state(State.INTENT)
        return self._calls(queries.active_call_ids(done & by_another, target))

    def calls_tried_otherwise(self, target: str, tried: bytes) -> Iterator[CallState]:
        """Calls parked under this target when they were tried with something else than what begins so."""
        otherwise = func.substr(activity.c.mapping, 1, len(tried)).is_distinct_from(tried)
        return self._calls(queries.active_call_ids(queries.in_state(State.PARKED) & otherwise, target))

    def all_calls(self) -> Iterator[CallState]:
        """Every known call."""
        return self._calls(queries.call_ids())

    def targets(self) -> frozenset[str]:
        """Names of the targets it knows activities of, or was scanned for."""
        with self._session.joined() as connection:
            return targets.known_names(connection)

    def activities(self, target: str, call_ids: Sequence[str]) -> dict[str, ActivityState]:
        """The known activities of these calls under this target, by call id."""
        rows = self._session.rows_of(queries.ACTIVITIES_BY_ID, call_ids, target=target)
        return {row["call_id"]: ActivityState(**row) for row in rows}

    def save_activities(self, activities: Iterable[ActivityState]) -> None:
        """Insert or replace."""
        with self._session.joined() as connection:
            for page in pages(activities):
                upsert(connection, activity, _activity_rows(connection, page))

    def adopt(self, target: str, records: Mapping[str, str], at: datetime) -> None:
        """Remember records found in the CRM as KNOWN, unless the call's activity is known."""
        found = (
            ActivityState(call_id, target, State.KNOWN, record_id, at=at) for call_id, record_id in records.items()
        )
        with self._session.joined() as connection:
            targets.number(connection, {target})
            for page in pages(found):
                insert_unknown(connection, activity, _activity_rows(connection, page))

    def calls_recorded_as(self, record_id: str) -> list[str]:
        """The calls whose activity is this record of the CRM. Looks through all activities."""
        rows = self._session.rows(queries.active_call_ids(activity.c.record_id == record_id, None))
        return sorted(row["call_id"] for row in rows)

    def failures(self, call_id: str) -> list[Failure]:
        """The call's failed attempts, oldest first: of the last 90 days, or all while it is parked."""
        rows = self._session.rows(queries.FAILURES.where(attempt.c.call_id == call_id))
        return [Failure(**{**row, "fields": tuple(row["fields"])}) for row in rows]

    def add_failures(self, run_id: int, failures: Iterable[Failure]) -> None:
        """Append to the history of failed attempts; those older than 90 days go, but for those of parked calls."""
        with self._session.joined() as connection:
            for page in pages(failures):
                connection.execute(insert(attempt), [{**row_of(failure), "run_id": run_id} for failure in page])
                _forget_failures(connection, max(failure.at for failure in page))

    def _recall(self, name: str) -> str | None:
        rows = self._session.rows(queries.NOTE, {"name": name})
        return rows[0]["value"] if rows else None

    def _remember(self, name: str, value: str | None) -> None:
        with self._session.joined() as connection:
            if value is None:
                connection.execute(delete(meta).where(meta.c.name == name))
            else:
                upsert(connection, meta, [{"name": name, "value": value}])

    def _keep_few_waiting(self) -> None:
        if self._waiting.many:
            self._session.write_waiting()

    def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        """Everything the query finds, what waits to be written included."""
        self._session.write_waiting()
        return self._session.rows(query)

    def _due(self, rows: Select[Any], key: Column[str], now: datetime) -> Iterator[RowMapping]:
        last: RowMapping | None = None
        while page := self._rows(queries.due(rows, key, now, last)):
            yield from page
            last = page[-1]

    def _calls(self, ids: Select[str]) -> Iterator[CallState]:
        key = ids.selected_columns[0]
        query = ids.order_by(key).limit(PAGE)
        page = self._rows(query)
        while page:
            found = [row[key] for row in page]
            known = self.calls(found)
            yield from (known.get(call_id) or CallState(call_id) for call_id in found)
            page = self._rows(query.where(key > found[-1]))


def _activity_rows(connection: Connection, states: Sequence[ActivityState]) -> list[dict[str, Any]]:
    numbers = targets.number(connection, {state.target for state in states})
    rows = [row_of(state) for state in states]
    return [{**row, "target_id": numbers[row.pop("target")]} for row in rows]


def _forget_failures(connection: Connection, now: datetime) -> None:
    parked = exists().where(activity.c.call_id == attempt.c.call_id, queries.in_state(State.PARKED))
    connection.execute(delete(attempt).where(attempt.c.at < now - FAILURES_KEPT, ~parked))
