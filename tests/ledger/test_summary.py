from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.ledger.opening import read_summary
from connector.model import ActivityState, CallState, Failure, State
from connector.standing import Group, Requests, RunRecord, Summary
from tests.ledger.openings import NOW, TARGET, minutes, opened, url_of

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger

OTHER = "Event.K"


def summary(path: Path) -> Summary:
    found = read_summary(url_of(path), now=NOW)
    assert found is not None
    return found


def test_a_new_ledger_has_little_to_say(path: Path) -> None:
    with opened(path):
        pass
    assert summary(path) == Summary(NOW, None, None, None, None, None, 0, {}, (), (), (), (), (), 0, 0, 0, 0)


def test_counts_by_target_state_and_reason(ledger: SqlLedger, path: Path) -> None:
    ledger.set_mark("watermark", NOW - minutes(3))
    ledger.save_calls(CallState(f"c{number:02}", due_at=NOW + minutes(number - 2)) for number in range(20))
    ledger.save_activities(
        [
            *(ActivityState(f"c{number:02}", TARGET, State.PARKED, reason="TOO_LONG") for number in range(8)),
            ActivityState("c08", TARGET, State.PARKED, reason="call_gone"),
            ActivityState("c09", TARGET, State.WAITING, reason="no summary yet"),
            ActivityState("c10", TARGET, State.SKIPPED, reason="log_when durationSeconds"),
            ActivityState("c11", TARGET, State.LEFT_OVER),
            ActivityState("c12", TARGET, State.INTENT),
            ActivityState("c13", TARGET, State.WRITTEN, unlinked="no externalLeadId"),
            ActivityState("c00", OTHER, State.WRITTEN, unlinked="no externalLeadId"),
            ActivityState("c01", OTHER, State.PARKED, reason="call_gone"),
        ]
    )
    found = summary(path)
    assert found.watermark == NOW - minutes(3)
    assert found.calls == 20
    assert found.states == {
        TARGET: {
            State.PARKED: 9,
            State.WAITING: 1,
            State.SKIPPED: 1,
            State.LEFT_OVER: 1,
            State.INTENT: 1,
            State.WRITTEN: 1,
        },
        OTHER: {State.WRITTEN: 1, State.PARKED: 1},
    }
    assert found.parked == (
        Group("TOO_LONG", 8, ("c00", "c01", "c02"), target=TARGET),
        Group("call_gone", 1, ("c01",), target=OTHER),
        Group("call_gone", 1, ("c08",), target=TARGET),
    )
    assert found.waiting == (Group("no summary yet", 1),)
    assert found.skipped == (Group("log_when durationSeconds", 1),)
    assert found.unlinked == (Group("no externalLeadId", 2),)
    assert found.left_over == 1
    assert found.due == 3 + 1


def test_names_the_last_run_and_the_last_that_went_through(ledger: SqlLedger, path: Path) -> None:
    for start, exit_code in ((1, 0), (2, 1), (3, 3)):
        run = ledger.start_run("sync", NOW + minutes(start))
        ledger.finish_run(run, NOW + minutes(start + 0.5), exit_code, {"written": start})
    ledger.finish_run(ledger.start_run("resync", NOW + minutes(3.6)), NOW + minutes(3.7), 0, {})
    ledger.start_run("resync", NOW + minutes(4))
    found = summary(path)
    assert found.last_run == RunRecord(4, "resync", NOW + minutes(3.6), NOW + minutes(3.7), 0, {})
    assert found.last_success == NOW + minutes(2.5)


def test_tells_the_requests_of_the_last_run_that_sent_any(ledger: SqlLedger, path: Path) -> None:
    told = ({"api used": 7, "api allowed": 100}, {"api used": 9, "api allowed": 100}, {"written": 1})
    for start, counts in enumerate(told):
        ledger.finish_run(ledger.start_run("sync", NOW + minutes(start)), NOW + minutes(start), 0, counts)
    ledger.start_run("sync", NOW + minutes(4))
    assert summary(path).requests == Requests(9, 100, NOW + minutes(1))


def test_parked_calls_are_grouped_by_target_and_by_the_fields_of_the_last_attempt(
    ledger: SqlLedger, path: Path
) -> None:
    early, late = NOW - minutes(9), NOW - minutes(2)

    def failed(call_id: str, *fields: str, code: str = "TOO_LONG", target: str = TARGET) -> Failure:
        return Failure(call_id, target, NOW, code, "park", fields)

    parked = [ActivityState(f"c{number}", TARGET, State.PARKED, reason="TOO_LONG") for number in range(5)]
    parked[1] = replace(parked[1], since=early, at=late)
    parked[2] = replace(parked[2], since=late, at=NOW)
    elsewhere = ActivityState("c0", OTHER, State.PARKED, reason="TOO_LONG", since=late, at=NOW)
    ledger.save_activities([*parked, elsewhere])
    run = ledger.start_run("sync", NOW)
    ledger.add_failures(run, [failed("c1", "Subject"), failed("c2", "Notes"), failed("c3", code="LOCKED")])
    ledger.add_failures(run, [failed("c2", "Subject", "Notes"), failed("c4", "Notes", target=OTHER)])
    ledger.add_failures(run, [failed("c0", "Subject"), failed("c0", "Subject", target=OTHER)])
    assert summary(path).parked == (
        Group("TOO_LONG", 2, ("c0", "c1"), ("Subject",), early, late, TARGET),
        Group("TOO_LONG", 2, ("c3", "c4"), target=TARGET),
        Group("TOO_LONG", 1, ("c0",), ("Subject",), late, NOW, OTHER),
        Group("TOO_LONG", 1, ("c2",), ("Subject", "Notes"), late, NOW, TARGET),
    )


def test_what_was_logged_incomplete_is_told_by_what_was_lacking(ledger: SqlLedger, path: Path) -> None:
    ledger.save_calls([CallState("a", due_at=NOW + minutes(9)), CallState("b"), CallState("c", due_at=NOW)])
    ledger.save_activities(
        [
            ActivityState("a", TARGET, State.WRITTEN, reason="without summary"),
            ActivityState("b", TARGET, State.WRITTEN, reason="without summary"),
            ActivityState("c", TARGET, State.WRITTEN),
            ActivityState("c", OTHER, State.WRITTEN, reason="without transcript"),
            ActivityState("d", OTHER, State.WAITING, reason="in progress"),
        ]
    )
    found = summary(path)
    assert found.incomplete == (Group("without summary", 2), Group("without transcript", 1))
    assert found.awaited == 2
    assert found.waiting == (Group("in progress", 1),)
