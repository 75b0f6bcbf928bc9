"""What people write while an update is on its way, or waits to be sent, stays as well."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.faults import Fault, When
from connector.sandbox.salesforce import by_hand
from connector.sync.select import Named
from tests.looking import edit
from tests.sync.test_edits import changed
from tests.sync.test_link_later import NUMBER, town_with_a_stranger
from tests.sync.test_troubles import new_call, refusing
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

LOCKED = refusing("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
NOTES = "My own notes"


@pytest.fixture
def town(build: Build) -> Town:
    return build("salesforce")


def test_an_edit_that_locks_the_record_is_not_overwritten_once_the_lock_is_gone(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    town.salesforce.faults.add(
        Fault("PATCH .*composite", status=200, body=LOCKED, shows=lambda: edit(town, call_id, "Description", NOTES))
    )
    report = town.run(Named([call_id]))
    assert town.activity(call_id)["Description"] == NOTES
    assert (report.exit_code, report.counts["edits kept"]) == (0, 1)


@pytest.mark.parametrize("status", [503, 429])
def test_an_edit_while_a_request_is_refused_is_not_overwritten_by_the_next(
    town: Town, clock: FakeClock, status: int
) -> None:
    call_id = changed(town, clock)
    town.salesforce.faults.add(
        Fault("PATCH .*composite", status=status, shows=lambda: edit(town, call_id, "Description", NOTES)), times=2
    )
    report = town.run(Named([call_id]))
    assert town.activity(call_id)["Description"] == NOTES
    assert (report.exit_code, report.counts["edits kept"]) == (0, 1)


@pytest.mark.parametrize("exists", [False, True])
def test_an_edit_after_a_write_whose_answer_was_lost_is_not_overwritten_by_the_next(
    town: Town, clock: FakeClock, exists: bool
) -> None:
    if exists:
        call_id = changed(town, clock)
    else:
        call_id = "came-later"
        town.run()
        new_call(town, call_id)
        clock.advance(minutes=5)

    def edited(_answer: bytes) -> bytes:
        edit(town, call_id, "Description", NOTES)
        return b""

    town.salesforce.faults.add(Fault("PATCH .*composite", when=When.AFTER, spoil=edited))
    report = town.run(Named([call_id]))
    assert town.activity(call_id)["Description"] == NOTES
    assert town.logged().count(call_id) == 1
    assert report.exit_code == 0


def test_a_field_emptied_after_a_creation_whose_answer_was_lost_stays_empty(town: Town, clock: FakeClock) -> None:
    town.run()
    new_call(town, "came-later")
    clock.advance(minutes=5)

    def emptied(_answer: bytes) -> bytes:
        edit(town, "came-later", "Description", None)
        return b""

    town.salesforce.faults.add(Fault("PATCH .*composite", when=When.AFTER, spoil=emptied))
    assert town.run().exit_code == 0
    assert not town.activity("came-later")["Description"]


def test_an_edit_made_while_an_update_waits_to_be_sent_is_not_overwritten(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    new_call(town, "came-later")

    def edited() -> None:
        edit(town, call_id, "Description", NOTES)
        clock.advance(minutes=1)

    # Creations go first: the update has been looked at by then.
    town.salesforce.faults.add(Fault("PATCH .*composite/sobjects/", delay=0.01, shows=edited))
    report = town.run()
    assert "came-later" in town.logged()
    assert town.activity(call_id)["Description"] == NOTES
    assert report.counts["edits kept"] == 1


def test_an_update_that_keeps_failing_is_left_over_in_the_end(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    town.salesforce.faults.add(Fault("PATCH .*composite", status=200, body=LOCKED), times=20)
    report = town.run(Named([call_id]))
    assert (report.exit_code, report.counts["left over"]) == (3, 1)
    assert town.salesforce.faults.shown == 5
    town.salesforce.faults.clear()
    assert town.run().exit_code == 0
    assert town.world.call(call_id)["summary"] in town.activity(call_id)["Description"]


@pytest.mark.parametrize("when", ["at the lock", "while it waits"])
def test_a_person_whom_somebody_sets_meanwhile_stays(build: Build, clock: FakeClock, when: str) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    town.org.add_contact("Lee", Phone=NUMBER)
    other = town.org.add_contact("Kim")

    def linked() -> None:
        by_hand.edit(town.org, town.activity(call_id)["Id"], clock.now(), WhoId=other)
        clock.advance(minutes=1)

    if when == "at the lock":
        town.salesforce.faults.add(Fault("PATCH .*composite", status=200, body=LOCKED, shows=linked))
    else:
        add_lead_with_call(town.world, 2, clock.now() + timedelta(minutes=30))
        town.salesforce.faults.add(Fault("PATCH .*composite/sobjects/", delay=0.01, shows=linked))
    clock.advance(hours=1)
    report = town.run()
    assert town.salesforce.faults.shown == 1
    assert town.activity(call_id)["WhoId"] == other
    assert report.counts["linked later"] == 0
