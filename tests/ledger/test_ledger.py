from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from connector.ledger import queries
from connector.ledger.tables import activity, attempt, call, lead, run
from connector.model import ActivityState, CallState, Failure, LeadState, State
from tests.ledger.contract import LedgerContract
from tests.ledger.openings import NOW, TARGET, minutes, opened

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Select

    from connector.ledger.ledger import SqlLedger


class TestSqlLedger(LedgerContract):
    pass


def test_a_run_that_was_killed_is_closed_without_an_exit_code(ledger: SqlLedger) -> None:
    killed = ledger.start_run("sync", NOW)
    after = ledger.start_run("sync", NOW + minutes(5))
    ledger.finish_run(after, NOW + minutes(6), 1, {"parked": 2})
    rows: list[tuple[object, ...]] = [
        tuple(row.values()) for row in ledger._session.rows(select(run).order_by(run.c.id))
    ]
    assert rows == [
        (killed, "sync", NOW, NOW + minutes(5), None, None, None),
        (after, "sync", NOW + minutes(5), NOW + minutes(6), 1, {"parked": 2}, None),
    ]


def test_failures_are_kept_for_90_days(ledger: SqlLedger) -> None:
    def kept() -> list[str]:
        return [row["call_id"] for row in ledger._session.rows(select(attempt.c.call_id).order_by(attempt.c.id))]

    begun = ledger.start_run("sync", NOW)
    ledger.add_failures(
        begun, [Failure("old", TARGET, NOW, "X", "park"), Failure("new", TARGET, NOW + minutes(1), "X", "park")]
    )
    assert kept() == ["old", "new"]
    ledger.add_failures(
        begun, [Failure("late", TARGET, NOW + timedelta(days=90) + minutes(1), "X", "again", ("Subject",))]
    )
    assert kept() == ["new", "late"]
    ledger.start_run("sync", NOW + timedelta(days=181))
    assert kept() == []


def test_failures_of_a_parked_call_are_kept_until_it_is_parked_no_more(ledger: SqlLedger) -> None:
    failures = [Failure(call_id, TARGET, NOW, "X", "park", ("Subject",)) for call_id in ("parked", "written")]
    ledger.save_activities(ActivityState(each.call_id, TARGET, State(each.call_id)) for each in failures)
    ledger.add_failures(ledger.start_run("sync", NOW), failures)
    ledger.start_run("sync", NOW + timedelta(days=400))
    assert ledger.failures("parked") == failures[:1]
    assert ledger.failures("written") == []
    ledger.save_activities([ActivityState("parked", TARGET, State.WRITTEN)])
    ledger.start_run("sync", NOW + timedelta(days=401))
    assert ledger.failures("parked") == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (queries.due(queries.CALLS, call.c.call_id, NOW, None), "call_due"),
        (queries.due(queries.LEADS, lead.c.lead_id, NOW, None), "lead_due"),
        (queries.active_call_ids(queries.in_state(State.INTENT), None), "activity_open"),
        (
            queries.active_call_ids(queries.in_state(State.PARKED), TARGET).where(activity.c.call_id > "a"),
            "activity_open",
        ),
    ],
)
def test_what_every_run_asks_is_answered_by_an_index(ledger: SqlLedger, query: Select[str], index: str) -> None:
    statement = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    plan = [row[3] for row in ledger._session.driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert any(index in step for step in plan), plan
    assert not any(
        step.startswith(("SCAN activity", "SCAN call", "SCAN lead", "USE TEMP B-TREE FOR ORDER")) for step in plan
    ), plan


def test_a_call_takes_at_most_600_bytes(path: Path) -> None:
    count, batch = 10_000, 200
    with opened(path) as ledger:
        ledger.start_run("sync", NOW)
        for start in range(0, count, batch):
            # Ids as scattered as random ones: neighbours in time are no neighbours in the tables.
            names = [f"{number * 0x9E3779B97F4A7C15 % 2**128:032x}----" for number in range(start, start + batch)]
            leads = [f"{(start + place) // 3 * 0xD1B54A32D192ED03 % 2**128:032x}----" for place in range(batch)]
            ledger.save_leads(LeadState(lead, NOW, None, NOW) for lead in leads)
            ledger.save_calls(CallState(*pair, NOW, due_at=NOW) for pair in zip(names, leads, strict=True))
            ledger.save_leads(LeadState(lead, NOW, NOW) for lead in leads)
            ledger.save_activities(ActivityState(name, TARGET, State.INTENT) for name in names)
            with ledger.transaction():
                ledger.save_activities(
                    ActivityState(name, TARGET, State.WRITTEN, "00T000000000000AAA", b"f" * 16, b"m" * 16, at=NOW)
                    for name in names
                )
                ledger.save_calls(
                    CallState(*pair, NOW, NOW, None, 2, b"h" * 16) for pair in zip(names, leads, strict=True)
                )
    assert path.stat().st_size / count <= 600
