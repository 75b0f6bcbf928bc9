"""What is said of a single call, held against its activity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.model import State
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.findings import Kind
from tests.ledger.openings import opened
from tests.looking import delete, edit, look, lose_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

FOUNDING_ID = FOUNDING_CALL["id"]
TEXT = {"salesforce": "Description", "database": "summary"}
PERSON = {"salesforce": "WhoId", "database": "person_id"}


def test_what_apten_says_anew_and_the_crm_does_not_yet_is_stale(town: Town, clock: FakeClock) -> None:
    town.run()
    late = town.world.late_summaries(3, clock.now())
    seen = look(town)
    assert seen.of(Kind.STALE) == sorted(late)
    assert {finding.fields for finding in seen.findings if finding.kind is Kind.STALE} == {(TEXT[town.kind],)}
    assert seen.kinds == {Kind.STALE}


def test_an_edit_is_told_as_one_where_the_ledger_knows_what_was_written_and_as_a_difference_where_not(
    town: Town,
) -> None:
    town.run()
    edit(town, FOUNDING_ID, TEXT[town.kind], "My own notes")
    known = look(town)
    assert (known.kinds, known.the(Kind.EDITED).fields) == ({Kind.EDITED}, (TEXT[town.kind],))
    lose_ledger(town)
    unknown = look(town)
    assert (unknown.kinds, unknown.the(Kind.DIFFERS).fields) == ({Kind.DIFFERS}, (TEXT[town.kind],))


def test_a_field_that_is_always_overwritten_is_stale_whoever_changed_it(build: Build) -> None:
    town = build("salesforce")
    town.mapping_path.write_text(town.mapping_path.read_text().replace("fields:\n", "write: always\nfields:\n"))
    town.run()
    edit(town, FOUNDING_ID, "Description", "My own notes")
    assert look(town).kinds == {Kind.STALE}


def test_an_activity_with_another_person_than_the_rule_chooses_now(town: Town, clock: FakeClock) -> None:
    town.run()
    town.world.change_lead(FOUNDING_CALL["leadId"], clock.now(), externalLeadId="003000000000007")
    town.let_people_in()
    found = look(town).the(Kind.OTHER_PERSON)
    assert (found.call_id, found.fields) == (FOUNDING_ID, (PERSON[town.kind],))
    assert "003000000000007" in str(found.reason)


def test_an_activity_without_a_person_for_whom_there_is_one_now(town: Town, clock: FakeClock) -> None:
    town.run()
    unlinked = next(each for each in look(town).findings if each.kind is Kind.UNLINKED)
    lead_id = town.world.call(unlinked.call_id)["leadId"]
    town.world.change_lead(lead_id, clock.now(), externalLeadId="003000000000007")
    town.let_people_in()
    seen = look(town)
    assert unlinked.call_id in seen.of(Kind.LINKABLE)
    assert unlinked.call_id not in seen.of(Kind.UNLINKED)
    assert seen.kinds == {Kind.LINKABLE}
    lose_ledger(town)
    assert look(town).kinds == {Kind.OTHER_PERSON}, "nobody knows any more whether somebody wanted it so"


def test_an_activity_from_which_somebody_took_the_person_is_not_linkable(town: Town) -> None:
    town.run()
    edit(town, FOUNDING_ID, PERSON[town.kind], None)
    assert look(town).the(Kind.OTHER_PERSON).call_id == FOUNDING_ID


def test_a_creation_that_may_be_under_way_is_not_missing_yet(town: Town, clock: FakeClock) -> None:
    town.run()
    delete(town, FOUNDING_ID)
    with opened(town.folder / "ledger.db") as ledger:
        target = f"{'Task' if town.kind == 'salesforce' else 'calls'}.{town.key_field}"
        known = ledger.activities(target, [FOUNDING_ID])[FOUNDING_ID]
        sent = replace(known, state=State.INTENT, record_id=None, fingerprint=None, at=clock.now())
        ledger.save_activities([sent])
    found = next(each for each in look(town).findings if each.call_id == FOUNDING_ID)
    assert (found.kind, found.reason) == (Kind.WAITING, "its creation may be under way")
    clock.advance(minutes=20)
    assert look(town).of(Kind.MISSING) == [], "it may have been sent again long after it was first"
    clock.advance(minutes=11)
    assert look(town).of(Kind.MISSING) == [FOUNDING_ID]


def test_a_rule_that_finds_nobody_says_nothing_against_the_person_that_is_there(town: Town, clock: FakeClock) -> None:
    town.run()
    town.world.change_lead(FOUNDING_CALL["leadId"], clock.now(), externalLeadId=None)
    seen = look(town)
    assert seen.kinds == set()
    assert FOUNDING_ID not in seen.of(Kind.UNLINKED)


def test_several_records_with_one_key(build: Build) -> None:
    town = build("salesforce")
    town.run()
    key = town.org.tables["Task"].object.fields[town.key_field]
    town.org.add_field(replace(key, unique=False))
    first = town.activity(FOUNDING_ID)
    second = town.org.add("Task", **{name: first[name] for name in (town.key_field, "Subject", "Description")})
    found = look(town).the(Kind.DOUBLED)
    assert (found.call_id, set(found.record_ids)) == (FOUNDING_ID, {first["Id"], second})


def test_a_call_that_waits_for_its_summary_is_not_missing_yet(town: Town, clock: FakeClock) -> None:
    call_id = town.world.calls_in_progress()[0]["id"]
    town.world.finish_call(call_id, clock.now(), durationSeconds=60)
    clock.advance(minutes=5)
    found = next(each for each in look(town).findings if each.call_id == call_id)
    assert (found.kind, found.reason) == (Kind.WAITING, "summary or transcript")
    assert found.until is not None
    clock.advance(minutes=30)
    assert call_id in look(town).of(Kind.MISSING)


def test_a_parked_call_is_told_with_its_reason_and_is_not_missing(build: Build) -> None:
    town = build("salesforce")
    town.fill_the_bin(2)
    town.run()
    seen = look(town)
    assert seen.of(Kind.PARKED) == sorted(set(town.loggable()) - set(town.logged()))
    assert {each.reason for each in seen.findings if each.kind is Kind.PARKED} == {"exists_but_hidden"}
    assert seen.of(Kind.MISSING) == []


def test_a_record_of_apten_that_cannot_be_read_is_told_as_a_sync_would_park_it(town: Town, clock: FakeClock) -> None:
    town.run()
    town.world.change_call(FOUNDING_ID, clock.now(), direction="SIDEWAYS")
    found = look(town).the(Kind.PARKED)
    assert (found.call_id, found.reason) == (FOUNDING_ID, "bad_call")


@pytest.mark.parametrize(("wish", "kind"), [("skip", Kind.SKIPPED), ("hold", Kind.WAITING)])
def test_calls_that_the_mapping_does_not_log_without_a_person_are_not_missing(
    build: Build, wish: str, kind: Kind
) -> None:
    town = build("database")
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("  by: [", f"  if_none: {wish}\n  by: [", 1))
    town.run()
    seen = look(town)
    assert seen.kinds == set()
    strangers = len(town.loggable()) - len(town.logged())
    assert strangers
    assert seen.counts[kind] >= strangers


def test_what_the_mapping_leaves_out_is_not_missing_and_what_it_left_out_once_stays(town: Town) -> None:
    town.run()
    text = town.mapping_path.read_text()
    town.mapping_path.write_text(text.replace("fields:\n", "log_when: {callStatus: NO_ANSWER}\nfields:\n"))
    seen = look(town)
    assert seen.kinds == set()
    assert seen.counts["skipped"]


def test_calls_of_a_deleted_lead_are_missing_to_nobody_and_orphaned_to_nobody(town: Town, clock: FakeClock) -> None:
    town.world.delete_lead(FOUNDING_CALL["leadId"], clock.now())
    assert FOUNDING_ID not in look(town).of(Kind.MISSING)
    town.run()
    assert look(town).kinds == set()
