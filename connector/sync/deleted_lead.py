"""A lead that is deleted in Apten, or not there (404): calls that were logged stay, others wait for it to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.source_model import Lead

if TYPE_CHECKING:
    from datetime import datetime

    from connector.model import ActivityState
    from connector.source_model import Call

LEAD_DELETED = "lead deleted in Apten"


def not_there(lead_id: str) -> Lead:
    """In place of a lead that Apten does not have: for all that is known, it was deleted."""
    return Lead(id=lead_id, deleted=True)


def is_deleted(lead: Lead | None) -> bool:
    """Whether the lead is deleted, or not there: its calls are not logged any more, those that were stay."""
    return lead is not None and bool(lead.deleted)


def missed_since(call: Call, lead: Lead | None, known: ActivityState | None, now: datetime) -> datetime:
    """Since when the lead of a call is asked for again. `known` is the call's activity so far.

    A 404 may be a passing fault of which nothing else tells once it is over. A lead that Apten lists as deleted, it
    lists anew when it is restored: there the time since the call is enough.
    """
    since = known.since if known and known.reason == LEAD_DELETED and known.since else now
    return since if lead is None or lead == not_there(lead.id) else min(since, call.ended_at)
