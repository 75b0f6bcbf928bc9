"""What the ledger is asked for again and again, as statements: pure, each a page long or less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, tuple_

from connector.ledger.by_id import ById
from connector.ledger.statements import PAGE
from connector.ledger.tables import IS_OPEN, OPEN_STATES, activity, attempt, call, lead, meta, target

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, RowMapping, Select

    from connector.model import State

_LEAD = (lead.c.lead_id, lead.c.activity_at, lead.c.events_since, lead.c.due_at, lead.c.deleted)
_ACTIVITY = [column for column in activity.columns if column is not activity.c.target_id]

NOTE = select(meta.c.value).where(meta.c.name == bindparam("name"))
# Columns are named as the fields of `LeadState`, `CallState` and `ActivityState`.
LEADS = select(*_LEAD)
LEADS_BY_ID = ById(LEADS, lead.c.lead_id)
CALLS = select(call)
CALLS_BY_ID = ById(CALLS, call.c.call_id)
ACTIVITIES_BY_ID = ById(
    select(target.c.name.label("target"), *_ACTIVITY).join(target).where(target.c.name == bindparam("target")),
    activity.c.call_id,
)

_FAILURE = [column for column in attempt.columns if column.name not in ("id", "run_id")]
FAILURES = select(*_FAILURE).order_by(attempt.c.id)


def mark(name: str) -> str:
    """The row of `meta` that holds this remembered time."""
    return f"mark {name}"


def owner(name: str) -> str:
    """The row of `meta` that holds whom the ledger belongs to, at Apten or in the CRM."""
    return f"owner {name}"


def due(rows: Select[Any], key: Column[str], now: datetime, after: RowMapping | None) -> Select[Any]:
    """One page of what is due at `now`, oldest first, from the row `after` on. Leads and calls are due alike."""
    due_at = key.table.c.due_at
    page = rows.where(due_at <= now).order_by(due_at, key).limit(PAGE)
    return page if after is None else page.where(tuple_(due_at, key) > (after[due_at], after[key]))


def call_ids(*conditions: ColumnElement[bool]) -> Select[str]:
    """Known calls of which all this is true."""
    return select(call.c.call_id).where(*conditions)


def active_call_ids(condition: ColumnElement[bool], target_name: str | None) -> Select[str]:
    """Calls with an activity of which this is true, under any target or the one given."""
    ids = select(activity.c.call_id).where(condition).distinct()
    return ids if target_name is None else ids.join(target).where(target.c.name == target_name)


def number_of(condition: ColumnElement[bool], target_name: str) -> Select[Any]:
    """How many activities there are under a target of which this is true, as `number`."""
    return (
        select(func.count().label("number"))
        .select_from(activity)
        .join(target)
        .where(condition, target.c.name == target_name)
    )


def in_state(state: State) -> ColumnElement[bool]:
    """Whether an activity is in this state, said so that an index helps where there is one."""
    return (activity.c.state == state) & IS_OPEN if state in OPEN_STATES else activity.c.state == state


def leads_to_sweep(active_since: datetime, saved_before: datetime, limit: int) -> Select[Any]:
    """Leads with activity since then that were not saved since `saved_before`, longest ago first."""
    unseen = (lead.c.activity_at >= active_since) & (lead.c.saved_at < saved_before)
    return LEADS.where(unseen).order_by(lead.c.saved_at, lead.c.lead_id).limit(limit)
