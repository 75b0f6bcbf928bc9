"""A ledger that is made another's forgets what it knew of activities, and nothing else."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from connector.errors import DiskFullError, LedgerError
from connector.ledger.opening import make_over_ledger, read_belonging
from connector.model import ActivityState, CallState, LeadState, State
from connector.standing import Belonging
from tests.ledger.openings import NOW, TARGET, minutes, opened, url_of
from tests.ledger.test_durability import files_at_most

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger

LATER = NOW + minutes(10)
MARKS = ("watermark", "swept", "start", "backfilled", f"scanned {TARGET}", "met salesforce acme.my")


def fill(ledger: SqlLedger) -> None:
    """Something of everything."""
    ledger.claim("apten", "api.example")
    ledger.claim("crm", "00D1")
    with ledger.transaction():
        for name in MARKS:
            ledger.set_mark(name, NOW)
        ledger.save_leads([LeadState("l", NOW)])
        ledger.save_calls(CallState(state.name, lead_id="l", source_hash=b"h", created_at=NOW) for state in State)
        ledger.save_activities(
            ActivityState(state.name, TARGET, state, "00T1", b"f", b"m", prints=b"p" * 11) for state in State
        )


def test_whose_it_is_is_told(path: Path) -> None:
    assert read_belonging(url_of(path)) is None
    with opened(path) as ledger:
        assert read_belonging(url_of(path)) == Belonging(None, None, frozenset())
        fill(ledger)
    assert read_belonging(url_of(path)) == Belonging("api.example", "00D1", frozenset({TARGET}))


def test_it_is_theirs_then_and_refuses_the_ones_before(path: Path) -> None:
    with opened(path) as ledger:
        fill(ledger)
    make_over_ledger(url_of(path), apten="other.example", crm="00D2", now=LATER)
    assert read_belonging(url_of(path)) == Belonging("other.example", "00D2", frozenset())
    with opened(path) as ledger:
        ledger.claim("crm", "00D2")
        with pytest.raises(LedgerError, match="ledger adopt"):
            ledger.claim("crm", "00D1")


def test_activities_and_what_was_scanned_are_forgotten_calls_leads_and_other_marks_stay(path: Path) -> None:
    with opened(path) as ledger:
        fill(ledger)
        secret = ledger.secret
    make_over_ledger(url_of(path), apten="other.example", crm="00D2", now=LATER)
    with opened(path) as ledger:
        assert ledger.activities(TARGET, [state.name for state in State]) == {}
        assert ledger.targets() == frozenset()
        assert {name for name in MARKS if ledger.mark(name)} == {"watermark", "swept", "start", "backfilled"}
        assert ledger.leads(["l"]) == {"l": LeadState("l", NOW)}
        assert [call.call_id for call in ledger.all_calls()] == sorted(state.name for state in State)
        assert ledger.secret == secret


def test_calls_that_the_old_crm_did_not_take_are_due_and_no_others(path: Path) -> None:
    with opened(path) as ledger:
        fill(ledger)
    make_over_ledger(url_of(path), apten="other.example", crm="00D2", now=LATER)
    with opened(path) as ledger:
        due = list(ledger.due_calls(LATER))
    assert {call.call_id for call in due} == {"INTENT", "PARKED", "LEFT_OVER"}
    assert {call.source_hash for call in due} == {None}


def test_a_full_disk_leaves_it_whose_it_was(path: Path) -> None:
    with opened(path) as ledger:
        fill(ledger)
        ledger.save_activities(ActivityState(f"c{n:05}", TARGET, State.WRITTEN, "x" * 18) for n in range(5000))
    with files_at_most(50_000), pytest.raises(DiskFullError):
        make_over_ledger(url_of(path), apten="other.example", crm="00D2", now=LATER)
    assert read_belonging(url_of(path)) == Belonging("api.example", "00D1", frozenset({TARGET}))
    with opened(path) as ledger, closing(ledger):
        assert len(ledger.activities(TARGET, [f"c{n:05}" for n in range(5000)])) == 5000
