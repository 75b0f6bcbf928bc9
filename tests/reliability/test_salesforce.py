"""Salesforce under everything that an org, its people and its gateways do: nobody else harmed, all converges after."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.errors import CredentialsError, OutOfAttemptsError, QuotaError
from connector.model import State
from connector.sandbox.faults import Fault, When
from connector.sandbox.salesforce import by_hand, faults
from connector.sync.select import Remembered
from tests.looking import delete, lose_ledger
from tests.reliability.meanwhile import meanwhile

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

ALWAYS = 10**6
WRITES = "^PATCH .*/composite/sobjects"
LOGIN = "/oauth2/token"
PARKED = Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))


@pytest.fixture
def town(build: Build, clock: FakeClock) -> Town:
    town = build("salesforce", calls=30, leads=8)
    for call in town.world.calls_in_progress():
        town.world.finish_call(call["id"], clock.now())
    return town


def all_change(town: Town, clock: FakeClock) -> None:
    clock.advance(hours=1)
    for call in town.world.loggable_calls():
        town.world.change_call(call["id"], clock.now(), summary=f"Changed: {call['id']}. At {clock.now()}.")
    # A status that nobody knows counts as in progress for a quarter of an hour after each change.
    clock.advance(minutes=30)


def converges(town: Town, clock: FakeClock) -> None:
    """One more run, now that nothing is wrong any more."""
    clock.advance(minutes=30)
    town.salesforce.faults.clear()
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()
    assert town.run().counts["written"] == 0


def follows(town: Town) -> bool:
    """Whether every activity says what its call says by now."""
    return all(f"Changed: {task['Apten_Call_Id__c']}." in task["Description"] for task in town.activities())


@pytest.mark.survives("J CRMs", "bad rows in a batch")
@pytest.mark.parametrize("bad", [1, *(pytest.param(bad, marks=pytest.mark.soak) for bad in (100, 199)), 200])
def test_bad_rows_of_a_batch_are_parked_and_all_others_written(build: Build, clock: FakeClock, bad: int) -> None:
    town = build("salesforce", calls=210, leads=12)
    refused = town.fill_the_bin(bad)
    report = town.run()
    assert report.exit_code == 1
    assert report.counts["parked"] == bad
    assert town.logged() == [call_id for call_id in town.loggable() if call_id not in set(refused)]
    town.empty_the_bin()
    town.run(PARKED)
    converges(town, clock)


@pytest.mark.survives("J CRMs", "key twice in a batch")
def test_a_call_that_two_leads_list_is_one_task(town: Town, clock: FakeClock) -> None:
    first, second, *_ = [lead["id"] for lead in town.world.leads() if town.world.calls_of(lead["id"])]
    for event in town.world.events_of(first):
        town.world.add_event({**event, "roomId": second})
    assert town.run().exit_code == 0
    converges(town, clock)


@pytest.mark.survives("J CRMs", "several records of a key")
def test_doubles_planted_by_hand_are_told_and_no_third_is_made(town: Town, clock: FakeClock) -> None:
    """The org must have let go of uniqueness for that."""
    town.run()
    key = town.org.tables["Task"].object.fields["Apten_Call_Id__c"]
    town.org.add_field(replace(key, unique=False))
    doubled = town.logged()[0]
    town.org.add("Task", Apten_Call_Id__c=doubled, Subject="A copy")
    all_change(town, clock)
    assert town.run().counts["doubled"] == 1
    assert [fields["call_id"] for event, fields in town.log.events if event == "activity.doubled"] == [doubled]
    first, second = (task for task in town.activities() if task["Apten_Call_Id__c"] == doubled)
    assert f"Changed: {doubled}." in first["Description"]
    assert (second["Subject"], second["Description"]) == ("A copy", None)
    assert len(town.logged()) == len(town.loggable()) + 1


@pytest.mark.survives("J CRMs", "several records of a key")
def test_a_lost_ledger_makes_no_double_where_the_org_would_take_one(town: Town, clock: FakeClock) -> None:
    town.run()
    town.org.add_field(replace(town.org.tables["Task"].object.fields["Apten_Call_Id__c"], unique=False))
    lose_ledger(town)
    clock.advance(minutes=30)
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()


@pytest.mark.survives("J CRMs", "row locks")
def test_rows_that_cannot_be_locked_wait_for_their_turn(town: Town, clock: FakeClock) -> None:
    town.run()
    all_change(town, clock)
    town.org.locks.refuse_rows(4)
    assert town.run().exit_code == 0
    assert follows(town)
    converges(town, clock)


@pytest.mark.survives("J CRMs", "record deleted")
def test_what_a_person_deletes_stays_deleted_and_holds_up_nobody(town: Town, clock: FakeClock) -> None:
    town.run()
    gone = town.logged()[:3]
    for call_id in gone:
        delete(town, call_id)
    all_change(town, clock)
    assert town.run().exit_code == 0
    assert town.logged() == [call_id for call_id in town.loggable() if call_id not in gone]
    assert follows(town)


@pytest.mark.survives("J CRMs", "401 mid-batch")
@pytest.mark.parametrize("after", [0, 1])
def test_a_session_that_ends_between_batches_is_renewed(build: Build, clock: FakeClock, after: int) -> None:
    town = build("salesforce", calls=230, leads=20)
    town.salesforce.faults.add(faults.session_expired(WRITES), after=after)
    assert town.run().exit_code == 0
    converges(town, clock)


@pytest.mark.survives("J CRMs", "refresh refused")
def test_a_renewal_that_is_refused_stops_the_run_and_blames_no_call(town: Town, clock: FakeClock) -> None:
    town.run()
    all_change(town, clock)
    town.salesforce.faults.add(faults.session_expired(WRITES))
    town.salesforce.faults.add(Fault(LOGIN, status=400, body=b'{"error":"invalid_grant"}'), times=ALWAYS, after=1)
    with pytest.raises(CredentialsError) as stopped:
        town.run()
    assert stopped.value.todo
    converges(town, clock)
    assert follows(town)


@pytest.mark.survives("J CRMs", "quota exhausted")
@pytest.mark.parametrize("left", [0, 1, 2, 3])
def test_a_used_up_day_stops_the_run_wherever_it_is(town: Town, clock: FakeClock, left: int) -> None:
    town.run()
    all_change(town, clock)
    town.config_path.write_text(town.config_path.read_text().replace("  domain:", "  api_budget: 100%\n  domain:"))
    usual, town.org.daily_requests = town.org.daily_requests, town.org.requests_used + left
    with pytest.raises(QuotaError) as stopped:
        town.run()
    assert stopped.value.todo
    town.org.daily_requests = usual
    converges(town, clock)
    assert follows(town)


@pytest.mark.survives("J CRMs", "edited between read and write")
@pytest.mark.parametrize("field", ["CallDisposition", "Subject", "Priority"])
def test_an_edit_between_our_look_and_our_write_stays_where_the_call_says_nothing_new(
    town: Town, clock: FakeClock, field: str
) -> None:
    town.run()
    all_change(town, clock)
    edited = [task["Id"] for task in town.activities()][:5]
    value = "High" if field == "Priority" else "Mine"

    def edit() -> None:
        for task_id in edited:
            by_hand.edit(town.org, task_id, clock.now(), **{field: value})

    with meanwhile(town.salesforce, WRITES, edit) as times:
        town.run()
    assert times == [1]
    converges(town, clock)
    assert follows(town)
    all_change(town, clock)
    town.run()
    assert [town.org.tasks[task_id][field] for task_id in edited] == [value] * 5


@pytest.mark.survives("J CRMs", "automation")
def test_what_an_automation_writes_after_us_counts_as_an_edit_unless_always(town: Town, clock: FakeClock) -> None:
    mapping = town.mapping_path.read_text()
    town.run()
    touched = [task["Id"] for task in town.activities()]
    for task_id in touched:
        by_hand.edit(town.org, task_id, clock.now(), CallDisposition="By a flow")
    all_change(town, clock)
    report = town.run()
    assert report.counts["edits kept"] > 20
    assert {town.org.tasks[task_id]["CallDisposition"] for task_id in touched} == {"By a flow"}
    town.mapping_path.write_text(mapping.replace("fields:\n", "write: always\nfields:\n"))
    all_change(town, clock)
    town.run()
    assert "By a flow" not in {task["CallDisposition"] for task in town.activities()}
    assert follows(town)


@pytest.mark.survives("J CRMs", "spelling of texts")
def test_what_the_org_makes_of_texts_is_never_taken_for_an_edit(town: Town, clock: FakeClock) -> None:
    town.run()
    for padding in ("  ", "\n\n", "\t", " \n "):
        clock.advance(hours=1)
        for call in town.world.loggable_calls():
            said = f"{padding}Changed: {call['id']}.\r\nAgain\rand again\n.{padding}"
            town.world.change_call(call["id"], clock.now(), summary=said)
        clock.advance(minutes=30)
        report = town.run()
        assert report.counts["edits kept"] == 0
        assert follows(town)


LOST = {
    "500 after commit": faults.html_page(WRITES, when=When.AFTER),
    "503 after commit": faults.unavailable(WRITES, when=When.AFTER),
    "line cut after commit": faults.connection_lost(WRITES, when=When.AFTER),
    "line cut before": faults.connection_lost(WRITES, when=When.BEFORE),
    "503 before": faults.unavailable(WRITES),
}


@pytest.mark.survives("J CRMs", "answer lost")
@pytest.mark.parametrize("known", [False, True], ids=["creating", "updating"])
@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_an_answer_that_is_lost_doubles_nothing(town: Town, clock: FakeClock, fault: Fault, known: bool) -> None:
    if known:
        town.run()
    all_change(town, clock)
    town.salesforce.faults.add(fault, times=5)
    # What came to pass is seen by a look, however often the answer is lost; what did not ends the run.
    with suppress(OutOfAttemptsError) if fault.when is When.AFTER else pytest.raises(OutOfAttemptsError):
        town.run()
    assert town.salesforce.faults.shown
    converges(town, clock)
    assert follows(town)
    assert len({task["Id"] for task in town.org.tasks.values()}) == len(town.loggable()), "nor in the recycle bin"
