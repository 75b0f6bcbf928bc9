"""What a ledger says of itself, for `status`."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from connector.ledger import queries
from connector.ledger.failures import legible
from connector.ledger.tables import activity, attempt, call, lead, meta, run, target
from connector.model import State
from connector.standing import Group, Requests, RunRecord, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from connector.ledger.session import Session

_CREATED, _START, _WATERMARK, _UNFINISHED = (
    queries.mark(name) for name in ("created", "start", "watermark", "unfinished")
)
_COMPLETE = (_WATERMARK, _UNFINISHED)
_EXAMPLES = 3
_AWAITED = (
    select(func.count())
    .select_from(activity)
    .join(call, call.c.call_id == activity.c.call_id)
    .where(call.c.due_at.is_not(None), activity.c.state == State.WRITTEN, activity.c.reason.is_not(None))
)
_WENT_THROUGH = (0, 1)
"""Exit codes of runs that got to their end: parked calls make a run end with 1, but it did its work."""


def summarize(session: Session, now: datetime) -> Summary:
    """Count everything, in one transaction."""
    with session.transaction() as connection, legible(session.path):
        marks = {
            row["name"]: datetime.fromisoformat(row["value"])
            for row in session.rows(select(meta).where(meta.c.name.in_([_CREATED, _START, *_COMPLETE])))
        }
        finished = select(run).where(run.c.exit_code.is_not(None)).order_by(run.c.id.desc()).limit(1)
        runs = session.rows(finished)
        # A resync looks at what it was asked for, so that its success says nothing of the others.
        successes = session.rows(finished.where(run.c.exit_code.in_(_WENT_THROUGH), run.c.kind == "sync"))
        counted = session.rows(finished.where(run.c.counts["api used"].as_integer().is_not(None)))
        states, reasons = _states(session)
        due = union(
            queries.call_ids(call.c.due_at <= now), queries.active_call_ids(queries.in_state(State.INTENT), None)
        )
        return Summary(
            created=marks.get(_CREATED),
            start=marks.get(_START),
            # Where a run was stopped, leads listed since the older mark are still to be looked at.
            watermark=min((marks[name] for name in _COMPLETE if name in marks), default=None),
            last_run=RunRecord(**runs[0]) if runs else None,
            last_success=successes[0]["finished_at"] if successes else None,
            requests=_requests(counted[0]) if counted else None,
            calls=connection.scalar(select(func.count()).select_from(call)) or 0,
            states={name: dict(counts) for name, counts in states.items()},
            waiting=_groups(reasons[State.WAITING]),
            parked=_parked(session),
            skipped=_groups(reasons[State.SKIPPED]),
            unlinked=_groups(_unlinked(session)),
            incomplete=_groups(Counter({reason: n for reason, n in reasons[State.WRITTEN].items() if reason})),
            awaited=connection.scalar(_AWAITED) or 0,
            left_over=sum(counts.get(State.LEFT_OVER, 0) for counts in states.values()),
            due=connection.scalar(select(func.count()).select_from(due.subquery())) or 0,
            due_leads=connection.scalar(select(func.count()).select_from(lead).where(lead.c.due_at <= now)) or 0,
        )


def _requests(row: RowMapping) -> Requests:
    return Requests(row["counts"]["api used"], row["counts"]["api allowed"], row["finished_at"])


def _states(session: Session) -> tuple[dict[str, dict[State, int]], dict[State, Counter[str]]]:
    """Activities counted by target and state, and by state and reason."""
    states: dict[str, dict[State, int]] = defaultdict(lambda: defaultdict(int))
    reasons: dict[State, Counter[str]] = defaultdict(Counter)
    by = (target.c.name, activity.c.state, activity.c.reason)
    for row in session.rows(select(*by, func.count().label("count")).join(target).group_by(*by)):
        states[row["name"]][row["state"]] += row["count"]
        reasons[row["state"]][row["reason"] or ""] += row["count"]
    return states, reasons


def _unlinked(session: Session) -> Counter[str]:
    reason = activity.c.unlinked
    rows = session.rows(select(reason, func.count().label("count")).where(reason.is_not(None)).group_by(reason))
    return Counter({row["unlinked"]: row["count"] for row in rows})


def _parked(session: Session) -> tuple[Group, ...]:
    """Parked calls by target, by reason and by the fields that the last attempt named."""
    fields = (
        select(attempt.c.fields)
        .where(
            attempt.c.call_id == activity.c.call_id,
            attempt.c.target == target.c.name,
            attempt.c.code == activity.c.reason,
        )
        .order_by(attempt.c.id.desc())
        .limit(1)
        .correlate(activity, target)
        .scalar_subquery()
        .label("fields")
    )
    of_each = (target.c.name, activity.c.reason, activity.c.call_id, activity.c.since, activity.c.at, fields)
    parked = select(*of_each).join(target).where(queries.in_state(State.PARKED))
    alike: dict[tuple[str, str, tuple[str, ...]], list[RowMapping]] = defaultdict(list)
    for row in session.rows(parked.order_by(activity.c.call_id, target.c.name)):
        alike[row["name"], row["reason"] or "", tuple(row["fields"] or ())].append(row)
    groups = [_group(*shared, rows) for shared, rows in alike.items()]
    return tuple(sorted(groups, key=lambda group: -group.count))


def _group(name: str, reason: str, fields: tuple[str, ...], rows: Sequence[RowMapping]) -> Group:
    ids = tuple(row["call_id"] for row in rows)
    first = min((row["since"] for row in rows if row["since"]), default=None)
    last = max((row["at"] for row in rows if row["at"]), default=None)
    return Group(reason, len(rows), ids[:_EXAMPLES], fields, first, last, name)


def _groups(counts: Counter[str]) -> tuple[Group, ...]:
    return tuple(Group(reason, count) for reason, count in counts.most_common())
