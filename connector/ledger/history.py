"""What a ledger remembers of earlier runs, for `runs`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from connector.ledger.failures import legible
from connector.ledger.tables import attempt, run
from connector.standing import FailureGroup, RunDetails, RunRecord

if TYPE_CHECKING:
    from connector.ledger.session import Session

_EXAMPLES = 5


def last_runs(session: Session, most: int) -> list[RunRecord]:
    """The runs begun last, newest first."""
    with session.transaction(), legible(session.path):
        return [RunRecord(**row) for row in session.rows(select(run).order_by(run.c.id.desc()).limit(most))]


def details(session: Session, run_id: int) -> RunDetails | None:
    """One run with what failed in it; None if it is not known."""
    with session.transaction(), legible(session.path):
        found = session.rows(select(run).where(run.c.id == run_id))
        return RunDetails(RunRecord(**found[0]), _failures(session, run_id)) if found else None


def _failures(session: Session, run_id: int) -> tuple[FailureGroup, ...]:
    calls: dict[tuple[str, tuple[str, ...], str], list[str]] = defaultdict(list)
    for row in session.rows(select(attempt).where(attempt.c.run_id == run_id).order_by(attempt.c.call_id)):
        calls[row["code"], tuple(row["fields"]), row["verdict"]].append(row["call_id"])
    groups = [
        FailureGroup(code, fields, verdict, len(ids), tuple(dict.fromkeys(ids))[:_EXAMPLES])
        for (code, fields, verdict), ids in calls.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.code)))
