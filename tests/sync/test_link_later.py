"""An activity logged without a person gets its person later, unless somebody was there before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.errors import BrakeError, OutOfAttemptsError
from connector.sandbox.faults import Fault
from connector.sandbox.salesforce import by_hand
from connector.sandbox.world import World
from connector.sync.select import Named, Remembered
from connector.sync.settle import LOOKED_FOR
from connector.wiring import read_standing
from tests.looking import delete, lose_ledger
from tests.sync.test_crowd import PERSON
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.run import Report
    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

FIELDS = """\
fields:
  WhoId: {from: person}
  WhatId: {from: person.account}
  Subject: Call
  Description: {from: summary, cut: {keep: start}}
"""
NUMBER, ADDRESS = "+12025550123", "lee@acme.com"
EVERYTHING = Remembered(lambda ledger, _mappings: ledger.all_calls())


def town_with_a_stranger(build: Build, clock: FakeClock, **lead: Any) -> tuple[Town, str]:
    """A town whose only call, an hour old, is logged without a person; and the call's id."""
    town = build("salesforce", world=World())
    town.mapping_path.write_text(f"version: 1\nactivity: salesforce/Task\nkey: Apten_Call_Id__c\n{PERSON}{FIELDS}")
    call_id = add_lead_with_call(town.world, 1, clock.now() - timedelta(hours=1), **lead)
    report = town.run()
    assert (report.counts["created"], report.counts["unlinked"], report.exit_code) == (1, 1, 0)
    assert town.activity(call_id)["WhoId"] is None
    return town, call_id


def run_for(town: Town, clock: FakeClock, *, days: int) -> list[Report]:
    """A run every six hours."""
    reports = []
    for _ in range(days * 4):
        clock.advance(hours=6)
        reports.append(town.run())
    return reports


def reasons(town: Town, clock: FakeClock) -> dict[str, int]:
    """Activities without a person, as `status` tells them."""
    standing = read_standing(town.config(), clock)
    assert standing is not None
    return {group.reason: group.count for group in standing.unlinked}


@pytest.mark.parametrize("kind", ["database", "salesforce"])
def test_a_person_whom_apten_learns_of_is_linked_later_and_told(build: Build, clock: FakeClock, kind: str) -> None:
    town = build(kind, world=World())
    call_id = add_lead_with_call(town.world, 1, clock.now() - timedelta(hours=1))
    assert town.run().counts["unlinked"] == 1
    assert reasons(town, clock) == {"the call gives nothing to find a person by": 1}
    run_for(town, clock, days=3)
    before = town.activity(call_id)
    town.world.change_lead("lead-1", clock.now(), externalLeadId="00Q5g00000FnD3aEAF")
    town.let_people_in()
    clock.advance(hours=24)
    report = town.run()
    assert (report.counts["linked later"], report.counts["unlinked"], report.exit_code) == (1, 0, 0)
    field = "WhoId" if kind == "salesforce" else "person_id"
    after = town.activity(call_id)
    assert after[field] == "00Q5g00000FnD3aEAF"
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"SystemModstamp", "LastModifiedDate"} == {field}
    assert [fields["call_id"] for event, fields in town.log.events if event == "activity.linked"] == [call_id]
    assert reasons(town, clock) == {}
    seen = len(town.apten.requests)
    run_for(town, clock, days=2)
    assert not [each for each in town.apten.requests[seen:] if "/calls/" in each], "what is linked is settled"


def test_a_person_who_comes_into_the_crm_is_linked_later(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER, email=ADDRESS)
    assert reasons(town, clock) == {"phone is nobody's; email is nobody's": 1}
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=3)) == 0
    account = town.org.add("Account", Name="Acme")
    contact = town.org.add_contact("Lee", Phone="(202) 555-0123", AccountId=account)
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=2)) == 1
    task = town.activity(call_id)
    assert (task["WhoId"], task["WhatId"]) == (contact, account)


def test_whom_somebody_else_has_linked_stays_and_is_looked_for_no_more(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    by_a_rep = town.org.add_contact("Somebody else")
    by_hand.edit(town.org, town.activity(call_id)["Id"], clock.now(), WhoId=by_a_rep)
    town.org.add_contact("Lee", Phone=NUMBER, AccountId=town.org.add("Account", Name="Acme"))
    written = len(town.org.history)
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=2)) == 0
    assert len(town.org.history) == written
    assert (town.activity(call_id)["WhoId"], town.activity(call_id)["WhatId"]) == (by_a_rep, None)
    assert reasons(town, clock) == {}
    seen = len(town.salesforce.requests)
    run_for(town, clock, days=2)
    assert len(town.salesforce.requests) == seen


def test_a_persons_linking_after_ours_is_not_undone(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    town.org.add_contact("Lee", Phone=NUMBER)
    clock.advance(hours=1)
    assert town.run().counts["linked later"] == 1
    for who in (town.org.add_contact("Somebody else"), None):
        by_hand.edit(town.org, town.activity(call_id)["Id"], clock.now(), WhoId=who)
        town.world.summary_arrives(call_id, clock.now(), summary=f"They agreed on Tuesday, {who}.")
        clock.advance(hours=2)
        assert town.run().counts["updated"] == 1
        town.run(EVERYTHING)
        assert town.activity(call_id)["WhoId"] == who


def test_a_run_in_which_nothing_is_due_asks_the_crm_nothing(build: Build, clock: FakeClock) -> None:
    town, _ = town_with_a_stranger(build, clock, phone=NUMBER)
    seen = town.requests()
    clock.advance(minutes=5)
    town.run()
    assert len(town.salesforce.requests) == seen[1]
    clock.advance(minutes=15)
    town.run()
    assert len(town.salesforce.requests) > seen[1]


def test_each_look_costs_one_call_and_looks_grow_rare_and_end_after_30_days(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    asked = []
    for _ in range(LOOKED_FOR.days + 3):
        seen = len(town.apten.requests)
        run_for(town, clock, days=1)
        asked.append(sum(f"/calls/{call_id}" in each for each in town.apten.requests[seen:]))
    assert asked[0] == 4, "due at every run of the first day"
    assert set(asked[7:29]) <= {0, 1, 2}
    assert asked[-2:] == [0, 0]
    town.org.add_contact("Lee", Phone=NUMBER)
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=3)) == 0
    town.world.summary_arrives(call_id, clock.now(), summary="They agreed on Friday.")
    assert sum(each.counts["updated"] for each in run_for(town, clock, days=3)) == 1
    assert town.activity(call_id)["WhoId"] is None, "left alone, even when the call changes"
    assert town.run(Named([call_id])).counts["linked later"] == 1, "a resync looks however old the call is"
    assert town.activity(call_id)["WhoId"] is not None


def test_calls_without_a_lead_are_not_looked_at_again(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=20, leads=5)
    [webchat, *_] = town.world.webchat_calls()
    report = town.run(Named([webchat["id"]]))
    assert (report.counts["created"], report.counts["unlinked"]) == (1, 1)
    clock.advance(hours=30)
    town.run()
    seen = len(town.apten.requests)
    run_for(town, clock, days=3)
    assert not [each for each in town.apten.requests[seen:] if webchat["id"] in each]


def test_a_new_ledger_takes_activities_without_a_person_for_what_people_wanted(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    contact = town.org.add_contact("Lee", Phone=NUMBER)
    lose_ledger(town)
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=2)) == 0
    assert town.run(EVERYTHING).counts["linked later"] == 0
    town.run(EVERYTHING, overwrite=True)
    assert town.activity(call_id)["WhoId"] == contact


def test_a_changed_mapping_rewrites_nothing_when_a_person_is_linked_later(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    town.mapping_path.write_text(town.mapping_path.read_text().replace("Subject: Call", "Subject: Rewritten"))
    contact = town.org.add_contact("Lee", Phone=NUMBER)
    clock.advance(hours=1)
    town.salesforce.faults.add(Fault("PATCH .*composite", status=503), times=5)
    with pytest.raises(OutOfAttemptsError):
        town.run()
    assert town.run().counts["linked later"] == 1
    assert (town.activity(call_id)["WhoId"], town.activity(call_id)["Subject"]) == (contact, "Call")


def test_a_person_who_is_not_taken_parks_no_call_and_is_tried_again(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    task_id = town.activity(call_id)["Id"]
    by_hand.edit(town.org, task_id, clock.now(), WhatId=town.org.add("Opportunity", Name="Roof"))
    lead = town.org.add_lead("Lee", Phone=NUMBER)
    clock.advance(hours=1)
    report = town.run()
    assert (report.exit_code, report.counts["linked later"], report.counts["parked"]) == (0, 0, 0)
    assert reasons(town, clock) == {"the CRM did not take the person: FIELD_INTEGRITY_EXCEPTION": 1}
    assert "activity.not_linked" in {event for event, _ in town.log.events}
    contact = by_hand.convert(town.org, lead, clock.now())
    assert sum(each.counts["linked later"] for each in run_for(town, clock, days=1)) == 1
    assert town.activity(call_id)["WhoId"] == contact


def test_an_activity_that_was_deleted_stays_so(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    town.org.add_contact("Lee", Phone=NUMBER)
    town.org.delete(town.activity(call_id)["Id"], clock.now())
    clock.advance(hours=1)
    report = town.run()
    assert (report.counts["skipped"], report.counts["linked later"]) == (1, 0)
    assert town.activities() == []
    # The call itself is looked at once more: the search came ahead of its last look.
    assert sum(each.counts["fetched"] for each in run_for(town, clock, days=2)) == 1
    assert sum(each.counts["fetched"] for each in run_for(town, clock, days=2)) == 0


def test_a_link_whose_answer_is_lost_is_made_once(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    contact = town.org.add_contact("Lee", Phone=NUMBER)
    town.salesforce.faults.add(Fault("PATCH .*composite", status=503), times=2)
    clock.advance(hours=1)
    assert town.run().counts["linked later"] == 1
    assert town.activity(call_id)["WhoId"] == contact


def test_many_who_can_be_linked_at_once_are_braked(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    town.org.add_contact("Lee", Phone=NUMBER)
    clock.advance(hours=1)
    with pytest.raises(BrakeError):
        town.run(stop_above=0)
    assert town.activity(call_id)["WhoId"] is None
    assert town.run(stop_above=1).counts["linked later"] == 1


@pytest.mark.parametrize("found", [True, False])
def test_a_search_ahead_of_the_last_look_is_not_that_look(build: Build, clock: FakeClock, found: bool) -> None:
    """A summary that moves no stamp, nor that of the call's event, is found by that look alone."""
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    if found:
        town.org.add_contact("Lee", Phone=NUMBER)
    clock.advance(minutes=15)
    assert town.run().counts["linked later"] == found
    town.world.change_call(call_id, clock.now(), touch=False, summary="It came late.")
    clock.advance(hours=1)
    town.run()
    clock.advance(hours=1)
    town.run()
    assert "It came late." in town.activity(call_id)["Description"]


def test_an_old_ledger_links_the_record_that_was_made_anew(build: Build, clock: FakeClock) -> None:
    town, call_id = town_with_a_stranger(build, clock, phone=NUMBER)
    before = (town.folder / "ledger.db").read_bytes()
    delete(town, call_id)
    town.run(Named([call_id]))
    (town.folder / "ledger.db").write_bytes(before)
    contact = town.org.add_contact("Lee", Phone=NUMBER)
    clock.advance(hours=1)
    assert town.run().counts["linked later"] == 1
    assert town.activity(call_id)["WhoId"] == contact
