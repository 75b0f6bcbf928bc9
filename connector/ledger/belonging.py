"""Whose a ledger is, and making it somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from connector.ledger import queries, targets
from connector.ledger.failures import legible
from connector.ledger.statements import upsert
from connector.ledger.tables import activity, call, meta, target
from connector.model import State
from connector.standing import Belonging

if TYPE_CHECKING:
    from datetime import datetime

    from connector.ledger.session import Session

_APTEN, _CRM = queries.owner("apten"), queries.owner("crm")
_MET, _SCANNED = queries.mark("met "), queries.mark("scanned ")
_OPEN_IN_THE_OLD_CRM = (State.INTENT, State.PARKED, State.LEFT_OVER)


def owned(session: Session) -> Belonging:
    """Whose it is."""
    with session.joined() as connection, legible(session.path):
        rows = session.rows(select(meta).where(meta.c.name.in_([_APTEN, _CRM])))
        known = {row["name"]: row["value"] for row in rows}
        return Belonging(known.get(_APTEN), known.get(_CRM), targets.known_names(connection))


def make_over(session: Session, apten: str, crm: str, now: datetime) -> None:
    """Make the ledger another's: what it knew of activities is forgotten, so that the CRM is read anew.

    Calls, leads and marks of time stay. Calls that the old CRM did not take, or not for sure, are due at once.

    Raises:
        DiskFullError, LedgerError: nothing was changed.
    """
    with session.transaction() as connection:
        unsettled = select(activity.c.call_id).where(activity.c.state.in_(_OPEN_IN_THE_OLD_CRM))
        due = update(call).where(call.c.call_id.in_(unsettled))
        connection.execute(due.values({call.c.due_at: now, call.c.source_hash: None}))
        connection.execute(delete(activity))
        connection.execute(delete(target))
        met = or_(*(meta.c.name.startswith(mark, autoescape=True) for mark in (_MET, _SCANNED)))
        connection.execute(delete(meta).where(met))
        upsert(connection, meta, [{"name": _APTEN, "value": apten}, {"name": _CRM, "value": crm}])
