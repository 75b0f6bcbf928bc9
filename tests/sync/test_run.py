"""Whole runs against the stand-ins: what ends up in the CRM is the judge, never the ledger."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from connector.errors import BrakeError, LedgerError, MappingError, OutOfAttemptsError
from connector.model import State
from connector.sandbox.faults import Fault, When
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.select import Named, Remembered
from tests.clock import FakeClock
from tests.looking import lose_ledger
from tests.town import Town

FOUNDING_ID = FOUNDING_CALL["id"]
Build = Callable[..., Town]


def set_deleted(rows: Iterable[dict[str, Any]], *, deleted: bool) -> None:
    for row in rows:
        row["IsDeleted"] = deleted


def test_logs_every_finished_call_once(town: Town) -> None:
    report = town.run()
    assert town.logged() == town.loggable()
    assert report.counts["created"] == len(town.loggable())
    assert report.exit_code == 0


def test_the_second_run_fetches_no_call_and_writes_nothing(town: Town) -> None:
    town.run()
    seen = len(town.apten.requests)
    before = town.activities()
    report = town.run()
    asked = town.apten.requests[seen:]
    assert not [request for request in asked if "/calls/" in request]
    assert report.counts["fetched"] == 0
    assert town.activities() == before


def test_two_thousand_calls_then_fifty_late_summaries(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=2000, leads=300)
    town.run()
    assert town.logged() == town.loggable()
    clock.advance(minutes=20)
    town.run()
    before = {row["Apten_Call_Id__c"]: row for row in town.activities()}
    clock.advance(minutes=20)
    late = town.world.late_summaries(50, clock.now())
    assert len(late) == 50
    clock.advance(minutes=1)
    town.run()
    after = {row["Apten_Call_Id__c"]: row for row in town.activities()}
    assert {key for key in after if after[key] != before[key]} == set(late)
    summaries = [town.world.call(call_id)["summary"].split()[0] for call_id in late]
    assert all(summary in after[key]["Description"] for key, summary in zip(late, summaries, strict=True))


def test_the_founding_call_ends_as_a_task(build: Build) -> None:
    town = build("salesforce")
    town.run()
    task = town.activity(FOUNDING_ID)
    expected = {
        "CallType": "Outbound",
        "CallDurationInSeconds": 145,
        "ActivityDate": "2026-06-15",
        "Status": "Completed",
        "TaskSubtype": "Call",
    }
    assert {name: task[name] for name in expected} == expected
    assert task["Subject"]
    assert task["CallDisposition"]
    assert len(task["WhoId"]) == 18
    assert task["WhoId"].startswith("00Q")
    assert FOUNDING_CALL["summary"] in task["Description"]
    for turn in FOUNDING_CALL["transcript"]:
        assert turn["content"] in task["Description"]


def test_the_founding_call_ends_as_a_row(build: Build) -> None:
    town = build("database")
    town.run()
    row = town.activity(FOUNDING_ID)
    assert row["direction"] == "OUTBOUND"
    assert row["duration_seconds"] == 145
    assert row["summary"] == FOUNDING_CALL["summary"]


def test_a_call_in_progress_waits_and_is_logged_when_it_ends(town: Town, clock: FakeClock) -> None:
    running = town.world.calls_in_progress()
    assert running
    for call in running:
        town.world.change_lead(call["leadId"], clock.now(), externalLeadId="00Q5g00000FnD3a")
    town.run()
    assert not {call["id"] for call in running} & set(town.logged())
    for call in running:
        town.world.finish_call(call["id"], clock.now(), durationSeconds=60)
    clock.advance(minutes=5)
    town.run()
    assert not {call["id"] for call in running} & set(town.logged()), "the mapping waits for the summary first"
    clock.advance(minutes=40)
    town.run()
    assert town.logged() == town.loggable()
    if town.kind == "salesforce":
        assert {town.activity(call["id"])["WhoId"] for call in running} == {"00Q5g00000FnD3aEAF"}


def test_a_late_summary_is_found_even_if_no_stamp_moves(town: Town, clock: FakeClock) -> None:
    town.run()
    lacking = town.world.calls_lacking_summary()[-1]["id"]
    town.world.summary_arrives(lacking, clock.now(), summary="Wants blue ones.", touch=False)
    clock.advance(hours=25)
    town.run()
    assert "Wants blue ones." in str(town.activity(lacking))


@pytest.mark.parametrize(
    "fault", [Fault("/calls/", status=500), Fault("/calls/", drop=True), Fault("/calls/", status=429)]
)
def test_a_call_that_cannot_be_fetched_is_left_over_not_lost(build: Build, clock: FakeClock, fault: Fault) -> None:
    town = build("database", calls=12, leads=4)
    town.apten.faults.add(fault, times=8)
    first = town.run()
    clock.advance(minutes=5)
    second = town.run()
    assert (first.exit_code, second.exit_code) in {(3, 0), (0, 0)}
    assert town.logged() == town.loggable()


def test_an_answer_lost_after_the_write_doubles_nothing(build: Build) -> None:
    town = build("salesforce")
    town.salesforce.faults.add(Fault("PATCH .*composite", when=When.AFTER, drop=True))
    report = town.run()
    assert town.logged() == town.loggable()
    assert report.exit_code == 0


def test_where_the_crm_would_take_a_second_one_a_lost_answer_is_waited_out(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=12, leads=4)
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("key: Apten_Call_Id__c", "key: CallObject"))
    town.salesforce.faults.add(Fault("POST .*composite", when=When.AFTER, drop=True))
    with pytest.raises(OutOfAttemptsError):
        town.run()
    under_way = list(town.org.tasks.values())
    set_deleted(under_way, deleted=True)
    clock.advance(minutes=1)
    report = town.run()
    assert report.counts["waiting"] >= len(under_way) > 0
    assert town.activities() == []
    set_deleted(under_way, deleted=False)
    clock.advance(minutes=10)
    town.run()
    assert sorted(row["CallObject"] for row in town.activities()) == town.loggable()


def test_a_call_the_crm_refuses_is_parked_the_rest_is_logged_and_mending_lets_it_through(
    build: Build, clock: FakeClock
) -> None:
    town = build("salesforce", people_must_exist=True)
    refused = town.fill_the_bin(5)
    report = town.run()
    assert report.exit_code == 1
    assert report.counts["parked"] == len(refused)
    assert town.logged() == [key for key in town.loggable() if key not in refused]
    clock.advance(minutes=5)
    assert town.run().exit_code == 1, "what is parked stays on the bill"
    town.empty_the_bin()
    report = town.run(Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED)))
    assert report.counts["fetched"] == len(refused)
    assert report.exit_code == 0
    assert town.logged() == town.loggable()


def test_a_lost_ledger_doubles_nothing(town: Town, clock: FakeClock) -> None:
    town.run()
    before = town.activities()
    lose_ledger(town)
    clock.advance(minutes=5)
    report = town.run()
    assert town.activities() == before
    assert report.counts["created"] == 0
    assert report.counts["unchanged"] == len(before)


def test_a_ledger_restored_from_an_old_backup_doubles_nothing(town: Town, clock: FakeClock) -> None:
    town.run()
    backup = {file: file.read_bytes() for file in town.folder.glob("ledger.db*")}
    new = [call["id"] for call in town.world.calls_in_progress()]
    for call_id in new:
        town.world.finish_call(call_id, clock.now(), durationSeconds=30)
    clock.advance(minutes=5)
    town.run()
    before = town.activities()
    lose_ledger(town)
    for file, content in backup.items():
        file.write_bytes(content)
    clock.advance(minutes=5)
    town.run()
    assert town.activities() == before


def test_the_brake_stops_before_the_first_write(build: Build, clock: FakeClock) -> None:
    town = build("database")
    town.run(limit=1)
    town.run()
    late = town.world.late_summaries(5, clock.now())
    clock.advance(minutes=5)
    before = town.activities()
    with pytest.raises(BrakeError):
        town.run(stop_above=len(late) - 1)
    assert town.activities() == before
    report = town.run(stop_above=len(late))
    assert report.counts["updated"] == len(late)


def test_a_limit_leaves_the_rest_to_the_next_run(town: Town) -> None:
    town.run(limit=10)
    assert len(town.logged()) <= 10
    town.run()
    assert town.logged() == town.loggable()


def test_a_ledger_of_another_org_is_refused(build: Build) -> None:
    town = build("salesforce")
    town.run()
    other = build("salesforce", org_id="00D000000000999AAA")
    with pytest.raises(LedgerError):
        other.run()


def test_a_changed_mapping_alone_rewrites_nothing_until_resync(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.run()
    before = town.activities()
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("Status: Completed", "Status: Deferred"))
    clock.advance(minutes=5)
    town.run()
    assert town.activities() == before
    town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert {row["Status"] for row in town.activities()} == {"Deferred"}


def test_a_mapping_that_does_not_fit_the_org_stops_before_the_first_call(build: Build) -> None:
    town = build("salesforce")
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("Status: Completed", "Stautus: Completed"))
    with pytest.raises(MappingError):
        town.run()
    assert town.logged() == []


def test_webchat_calls_are_logged_by_id(town: Town) -> None:
    webchat = town.world.webchat_calls()[0]["id"]
    town.run()
    assert webchat not in town.logged()
    town.run(Named([webchat]))
    assert webchat in town.logged()


def test_an_id_nobody_knows_is_reported_and_not_kept(town: Town) -> None:
    report = town.run(Named(["no-such-call"]))
    assert report.exit_code == 1
    assert report.counts["unknown"] == 1
    assert town.run().exit_code == 0
