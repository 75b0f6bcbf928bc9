"""What becomes of parked calls: they are tried again once after each change of what they were tried with."""

from collections.abc import Callable

import pytest

from connector.errors import SetupError
from connector.ledger.opening import read_summary
from connector.model import State
from connector.sandbox.faults import Fault
from connector.standing import Summary
from connector.sync.select import Named, OfLead, Remembered
from tests.clock import FakeClock
from tests.looking import refuse
from tests.town import Town

Build = Callable[..., Town]
FEW = 5


@pytest.fixture
def town(build: Build, clock: FakeClock) -> Town:
    """A town where a few calls are parked for what was deleted in the org, and nothing is due."""
    town = build("salesforce", calls=30, leads=8, people_must_exist=True)
    town.fill_the_bin(FEW)
    assert town.run().counts["parked"] == FEW
    for days in (1, 1, 40):
        clock.advance(days=days, hours=2)
        town.run()
    return town


def standing(town: Town) -> Summary:
    summary = read_summary(town.config().ledger, now=town.clock.now())
    assert summary is not None
    return summary


def change_mapping(town: Town, old: str = "Status: Completed", new: str = "Status: Deferred") -> None:
    text = town.mapping_path.read_text()
    assert old in text
    town.mapping_path.write_text(text.replace(old, new))


def rows_but(town: Town, ids: list[str]) -> dict[str, dict[str, object]]:
    return {row[town.key_field]: row for row in town.activities() if row[town.key_field] not in ids}


def test_nothing_is_tried_again_while_nothing_changed_and_nobody_is_asked(town: Town, clock: FakeClock) -> None:
    clock.advance(minutes=5)
    apten, crm = town.requests()
    report = town.run()
    assert report.counts["fetched"] == 0
    assert report.exit_code == 1
    assert town.requests() == (apten + 1, crm)


def test_a_changed_mapping_has_them_tried_again_once(town: Town, clock: FakeClock) -> None:
    refused = town.fill_the_bin(FEW)
    before = rows_but(town, refused)
    change_mapping(town)
    report = town.run()
    assert (report.counts["tried again"], report.counts["parked"]) == (FEW, FEW)
    town.empty_the_bin()
    clock.advance(minutes=5)
    assert town.run().counts["fetched"] == 0, "once for each change"
    change_mapping(town, "Status: Deferred", "Status: In Progress")
    report = town.run()
    assert (report.counts["tried again"], report.counts["created"], report.exit_code) == (FEW, FEW, 0)
    assert {town.activity(call_id)["Status"] for call_id in refused} == {"In Progress"}
    assert rows_but(town, refused) == before, "what is logged is not rewritten"
    clock.advance(minutes=5)
    assert town.run().counts["fetched"] == 0


def test_a_changed_comment_changes_nothing(town: Town) -> None:
    town.mapping_path.write_text("# Reviewed.\n" + town.mapping_path.read_text())
    assert town.run().counts["fetched"] == 0


def test_a_changed_field_of_the_crm_is_seen_when_the_crm_is_met_anyway(town: Town, clock: FakeClock) -> None:
    town.empty_the_bin()
    town.org.add_task_status("On Hold", closed=False)
    clock.advance(minutes=5)
    assert town.run().counts["fetched"] == 0
    other = town.loggable()[-1]
    town.world.change_call(other, clock.now(), summary="Another summary.")
    clock.advance(minutes=5)
    report = town.run()
    assert (report.counts["tried again"], report.counts["created"]) == (FEW, FEW)
    assert set(town.logged()) >= set(town.loggable())


def test_while_calls_are_parked_the_crm_is_looked_at_once_a_day(town: Town, clock: FakeClock) -> None:
    clock.advance(hours=25)
    _, before = town.requests()
    assert town.run().counts["fetched"] == 0
    assert town.requests()[1] > before
    town.empty_the_bin()
    town.org.add_task_status("On Hold", closed=False)
    clock.advance(hours=25)
    assert town.run().counts["created"] == FEW
    for _ in range(3):
        clock.advance(hours=25)
        _, before = town.requests()
        town.run()
    assert town.requests()[1] == before, "nothing is parked any more"


def test_a_run_that_ends_before_all_were_tried_again_leaves_the_rest_to_the_next(town: Town) -> None:
    town.empty_the_bin()
    change_mapping(town)
    first = town.run(limit=2)
    assert (first.counts["created"], first.exit_code) == (2, 3)
    second = town.run()
    assert (second.counts["tried again"], second.counts["created"], second.exit_code) == (FEW - 2, FEW - 2, 0)


def test_a_call_that_apten_does_not_have_holds_up_nobody_and_is_asked_for_once(town: Town, clock: FakeClock) -> None:
    gone = town.fill_the_bin(FEW)[0]
    record = town.world.call(gone)
    town.world.change_call(gone, clock.now(), summary="Another summary.")
    town.world.forget_call(gone)
    clock.advance(minutes=5)
    town.run()
    assert {(group.reason, group.count) for group in standing(town).parked} == {
        ("exists_but_hidden", FEW - 1),
        ("call_gone", 1),
    }
    town.empty_the_bin()
    change_mapping(town)
    assert town.run().counts["created"] == FEW - 1
    clock.advance(minutes=5)
    assert town.run().counts["fetched"] == 0
    town.world.add_call(record)
    change_mapping(town, "Status: Deferred", "Status: In Progress")
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert set(town.logged()) >= set(town.loggable())


def test_first_and_last_attempt_are_told_until_it_is_resolved(town: Town, clock: FakeClock) -> None:
    begun = standing(town).parked[0].first
    assert begun is not None
    clock.advance(days=100)
    change_mapping(town)
    town.run()
    [group] = standing(town).parked
    assert (group.count, group.first, group.last) == (FEW, begun, clock.now())
    town.empty_the_bin()
    parked = Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))
    assert town.run(parked).exit_code == 0
    assert standing(town).parked == ()
    clock.advance(minutes=1)
    refused = town.loggable()[0]
    refuse(town, 1)
    town.run(Named([refused]), overwrite=True)
    [group] = standing(town).parked
    assert (group.first, group.last) == (clock.now(), clock.now()), "what was resolved is not counted"


def test_attempts_count_from_the_first_that_was_left_over(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=6, leads=3)
    begun = clock.now()
    body = b'[{"success": false, "errors": [{"statusCode": "UNABLE_TO_LOCK_ROW", "message": "", "fields": []}]}]'
    call_id = town.loggable()[0]
    town.salesforce.faults.add(Fault("^PATCH ", status=200, body=body), times=5)
    assert town.run(Named([call_id])).exit_code == 3
    assert standing(town).parked == (), "what passes by itself never parks"
    assert standing(town).left_over == 1
    clock.advance(minutes=5)
    refuse(town, 1)
    town.run(Named([call_id]))
    [group] = standing(town).parked
    assert group.first is not None
    assert group.last is not None
    assert begun <= group.first < begun.replace(minute=5) < group.last


def test_a_lead_that_nobody_knows_is_an_error(town: Town) -> None:
    with pytest.raises(SetupError, match="knows a lead 00Q5g00000FnD3a") as error:
        town.run(OfLead("00Q5g00000FnD3a"))
    assert "it must be Apten's" in error.value.todo
    idle = next(lead["id"] for lead in town.world.leads())
    town.run(OfLead(idle))
