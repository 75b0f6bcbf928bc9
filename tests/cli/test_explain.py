"""`explain` says what became of a call, and where each value comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.select import Named
from tests.cli.conftest import change, run
from tests.looking import delete, edit, files, lose_ledger, refuse, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

FOUNDING_ID = FOUNDING_CALL["id"]
PERSON_ID = "00Q5g00000FnD3aEAF"


def said(town: Town, capsys: Captured, *arguments: str, code: int = 0) -> str:
    """What is told, after making sure that nothing was changed."""
    before, lying_about = rows(town), files(town)
    capsys.readouterr()
    assert run(town, "explain", *arguments) == code
    assert (rows(town), files(town)) == (before, lying_about)
    told = capsys.readouterr()
    return told.out if code == 0 else told.err


def sentence(town: Town, capsys: Captured, *arguments: str) -> str:
    return said(town, capsys, *arguments).splitlines()[0]


def told(town: Town, capsys: Captured, call_id: str = FOUNDING_ID) -> dict[str, Any]:
    """What a program reads of the call's only activity."""
    (activity,) = json.loads(said(town, capsys, call_id, "--format", "json"))["activities"]
    return dict(activity)


def test_a_call_that_is_logged_with_when_where_and_with_whom(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    record_id = salesforce.activity(FOUNDING_ID)["Id"]
    text = said(salesforce, capsys, FOUNDING_ID)
    assert text.splitlines()[0] == (
        f"This call is logged: Task {record_id}, as of 2026-06-20 09:00 UTC, with {PERSON_ID}."
    )
    assert f"https://acme.my.salesforce.com/{record_id}" in text
    assert "began             2026-06-15 14:30 UTC, OUTBOUND, COMPLETE, 145 s" in text
    assert f"lead.externalLeadId 00Q5g00000FnD3a: leads to Lead {PERSON_ID}" in text
    assert "at earlier times is not kept anywhere" in text


def test_each_field_is_traced_from_apten_by_the_mapping_to_the_crm(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    activity = told(salesforce, capsys)
    line = next(
        number
        for number, text in enumerate(salesforce.mapping_path.read_text().splitlines(), 1)
        if text.strip().startswith("CallType:")
    )
    assert activity["fields"]["CallType"] == {
        "line": f"{salesforce.mapping_path}:{line}",
        "sources": {"direction": "OUTBOUND"},
        "mapping": "from: direction, map: {INBOUND: Inbound, OUTBOUND: Outbound}",
        "write": "unless_edited",
        "made": "Outbound",
        "crm": "Outbound",
        "standing": "same",
    }
    assert activity["fields"]["Description"]["sources"]["summary"] == FOUNDING_CALL["summary"]
    assert {each["standing"] for each in activity["fields"].values()} == {"same"}
    text = said(salesforce, capsys, FOUNDING_ID)
    assert "    Apten    direction = OUTBOUND\n    mapping  from: direction, map" in text


@pytest.mark.parametrize("crm", ["database", "salesforce"])
def test_an_edit_is_told_as_one_and_what_is_stale_as_that(
    build: Build, capsys: Captured, clock: FakeClock, crm: str
) -> None:
    town = build(crm)
    town.run()
    edited = {"salesforce": "CallDisposition", "database": "ended_by"}[crm]
    text = {"salesforce": "Description", "database": "summary"}[crm]
    [late] = town.world.late_summaries(1, clock.now())
    edit(town, late, edited, "My own words")
    activity = told(town, capsys, late)
    assert activity["fields"][edited]["standing"] == "edited"
    assert activity["fields"][text]["standing"] == "stale"
    assert activity["fields"][edited]["crm"] == "My own words"
    first = sentence(town, capsys, late)
    assert f"somebody has changed {edited} there, which is kept" in first
    assert f"what Apten says now is not yet in {text}" in first
    assert "My own words → " in said(town, capsys, late)


def test_without_a_ledger_it_is_not_known_who_changed_what(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    edit(salesforce, FOUNDING_ID, "Subject", "My own words")
    lose_ledger(salesforce)
    assert told(salesforce, capsys)["fields"]["Subject"]["standing"] == "differs"
    assert "ledger            does not know the call" in said(salesforce, capsys, FOUNDING_ID)


def test_what_is_written_once_is_told_so(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    edit(salesforce, FOUNDING_ID, "WhoId", "003000000000001AAA")
    activity = told(salesforce, capsys)
    assert activity["fields"]["WhoId"]["standing"] == "written once"
    assert [each["kind"] for each in activity["findings"]] == ["other person"]
    assert f"today's rule chooses {PERSON_ID}" in sentence(salesforce, capsys, FOUNDING_ID)


def test_a_call_that_is_still_going_on(salesforce: Town, capsys: Captured) -> None:
    running = salesforce.world.calls_in_progress()[0]["id"]
    salesforce.run()
    assert sentence(salesforce, capsys, running) == "This call is not logged yet: it still goes on."


def test_a_call_that_waits_for_its_summary_and_until_when(salesforce: Town, capsys: Captured, clock: FakeClock) -> None:
    running = salesforce.world.calls_in_progress()[0]
    salesforce.world.finish_call(running["id"], clock.now(), durationSeconds=60)
    salesforce.run()
    assert "its summary or transcript is waited for, until 2026-06-20 09:25 UTC" in sentence(
        salesforce, capsys, running["id"]
    )


def test_a_call_that_the_mapping_leaves_out_and_by_what(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.mapping_path, ("fields:\n", "log_when: {durationSeconds: {at_least: 1h}}\nfields:\n"))
    salesforce.run()
    assert sentence(salesforce, capsys, FOUNDING_ID) == (
        "This call is not logged: the mapping leaves it out (log_when: durationSeconds, and durationSeconds is 145)."
    )


def test_a_call_of_a_lead_that_was_deleted(salesforce: Town, capsys: Captured, clock: FakeClock) -> None:
    salesforce.world.delete_lead(FOUNDING_CALL["leadId"], clock.now())
    assert sentence(salesforce, capsys, FOUNDING_ID) == "This call is not logged: its lead was deleted in Apten."


def test_a_parked_call_with_its_reason_and_its_failures(salesforce: Town, capsys: Captured) -> None:
    refuse(salesforce, 1)
    salesforce.run(Named([FOUNDING_ID]))
    assert "set aside (STRING_TOO_LONG: a text is longer than its field)" in sentence(salesforce, capsys, FOUNDING_ID)
    failed = "failed  2026-06-20 09:00 UTC, STRING_TOO_LONG, field Subject: a text is longer than its field (park)"
    assert failed in said(salesforce, capsys, FOUNDING_ID)
    assert told(salesforce, capsys, FOUNDING_ID)["failures"][0]["fields"] == ["Subject"]


def test_a_call_without_a_person_and_why(build: Build, capsys: Captured) -> None:
    town = build("database")
    change(town.mapping_path, ("  by: [", "  if_none: skip\n  by: ["))
    town.run()
    stranger = next(each for each in town.loggable() if each not in town.logged())
    assert "leaves out calls without a person" in sentence(town, capsys, stranger)
    assert "person  nobody: the call gives nothing to find a person by" in said(town, capsys, stranger)


def test_an_activity_that_was_deleted_and_one_whose_call_is_gone(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    record_id = salesforce.activity(FOUNDING_ID)["Id"]
    salesforce.world.forget_call(FOUNDING_ID)
    gone = sentence(salesforce, capsys, FOUNDING_ID)
    assert gone == f"Apten no longer has this call; its activity is in the CRM still: Task {record_id}."
    other = next(each for each in salesforce.logged() if each != FOUNDING_ID)
    deleted = salesforce.activity(other)["Id"]
    delete(salesforce, other)
    assert f"its activity ({deleted}) was deleted or lost its key" in sentence(salesforce, capsys, other)
    assert sentence(salesforce, capsys, "--record", deleted) == sentence(salesforce, capsys, other)


def test_a_call_that_no_sync_has_met_yet(salesforce: Town, capsys: Captured) -> None:
    assert "the next sync logs it" in sentence(salesforce, capsys, FOUNDING_ID)


def test_what_will_log_a_call_that_is_not_logged_yet(salesforce: Town, capsys: Captured) -> None:
    change(salesforce.mapping_path, ("fields:\n", "log_when: {durationSeconds: {at_least: 9000}}\nfields:\n"))
    salesforce.run()
    change(salesforce.mapping_path, ("log_when: {durationSeconds: {at_least: 9000}}\n", ""))
    left_out = sentence(salesforce, capsys, FOUNDING_ID)
    assert "left it out before (log_when: durationSeconds), and no longer does; `apten-crm resync" in left_out
    webchat = salesforce.world.webchat_calls()[0]["id"]
    assert "a sync finds no call without a lead (webchat); `apten-crm resync" in sentence(salesforce, capsys, webchat)
    change(salesforce.mapping_path, ("key: Apten_Call_Id__c", "key: {field: Apten_Call_Id__c, suffix: b}"))
    change(salesforce.config_path, ("ledger.db", "other.db"))
    assert "the next sync logs it, or `apten-crm resync" in sentence(salesforce, capsys, FOUNDING_ID)
    change(salesforce.config_path, ("2026-05-01", "2026-06-18"))
    salesforce.run()
    assert "syncs look back to 2026-06-18 00:00 UTC only" in sentence(salesforce, capsys, FOUNDING_ID)


def test_a_mapping_added_later_logs_what_was_logged_before_on_request(
    salesforce: Town, capsys: Captured, clock: FakeClock
) -> None:
    salesforce.run()
    second = salesforce.mapping_path.read_text()
    (salesforce.folder / "b.yaml").write_text(
        second.replace("key: Apten_Call_Id__c", "key: {field: Apten_Call_Id__c, suffix: b}")
    )
    change(salesforce.config_path, ("mapping: salesforce.yaml", "mappings: [b.yaml, salesforce.yaml]"))
    assert "a sync after 2026-06-20 10:00 UTC logs it" in sentence(salesforce, capsys, FOUNDING_ID)
    change(salesforce.config_path, ("mappings: [b.yaml, salesforce.yaml]", "mapping: salesforce.yaml"))
    clock.advance(hours=2)
    salesforce.run()
    change(salesforce.config_path, ("mapping: salesforce.yaml", "mappings: [b.yaml, salesforce.yaml]"))
    assert "a sync is done with it as long as nothing of it changes" in sentence(salesforce, capsys, FOUNDING_ID)


@pytest.mark.parametrize("ledger", ["kept", "lost"])
def test_a_call_is_found_by_its_record(salesforce: Town, capsys: Captured, ledger: str) -> None:
    salesforce.run()
    record_id = salesforce.activity(FOUNDING_ID)["Id"]
    expected = sentence(salesforce, capsys, FOUNDING_ID).partition(", as of")[0]
    if ledger == "lost":
        lose_ledger(salesforce)
    assert sentence(salesforce, capsys, "--record", record_id).startswith(expected)
    assert sentence(salesforce, capsys, "--record", record_id[:15]).startswith(expected)


def test_the_calls_of_a_lead_in_a_line_each(build: Build, capsys: Captured) -> None:
    town = build("database")
    lead_id = max((lead["id"] for lead in town.world.leads()), key=lambda each: len(town.world.calls_of(each)))
    town.run()
    calls = town.world.calls_of(lead_id)
    told_calls = json.loads(said(town, capsys, "--lead", lead_id, "--format", "json"))[0]["calls"]
    assert {each["call"] for each in told_calls} == {call["id"] for call in calls}
    assert [each["created"] for each in told_calls] == sorted(each["created"] for each in told_calls)
    text = said(town, capsys, "--lead", lead_id)
    assert text.startswith(f"Lead {lead_id}: {len(calls)} calls\n")
    assert text.count("This call is ") == len(calls)
    town.world.forget_lead(lead_id)
    assert "not in Apten" in said(town, capsys, "--lead", lead_id), "the ledger remembers them"


@pytest.mark.parametrize(
    "written", ["{}", "({0[2]}{0[3]}{0[4]}) {0[5]}{0[6]}{0[7]}-{0[8]}{0[9]}{0[10]}{0[11]}", "00{0[1]}{1}"]
)
def test_calls_are_found_by_a_phone_number_however_it_is_written(
    salesforce: Town, capsys: Captured, written: str
) -> None:
    salesforce.run()
    number = salesforce.world.lead(FOUNDING_CALL["leadId"])["phone"]
    assert FOUNDING_ID in said(salesforce, capsys, "--phone", written.format(number, number[2:]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-call"], "knows a call no-such-call"),
        (["--record", "00T000000000000"], "is not the record of a call"),
        (["--lead", "no-such-lead"], "knows a lead no-such-lead"),
        (["--phone", "+15550000000"], "in the last 30 days"),
        (["--phone", "12"], "at least 6 digits"),
        ([], "exactly one"),
        ([FOUNDING_ID, "--lead", "l"], "exactly one"),
    ],
)
def test_what_is_not_found_is_said_and_ends_with_2(
    salesforce: Town, capsys: Captured, arguments: list[str], words: str
) -> None:
    assert words in " ".join(said(salesforce, capsys, *arguments, code=2).replace("│", " ").split())


def test_a_webchat_call_has_no_lead(salesforce: Town, capsys: Captured) -> None:
    webchat = salesforce.world.webchat_calls()[0]["id"]
    salesforce.run(Named([webchat]))
    text = said(salesforce, capsys, webchat)
    assert "none (webchat)" in text
    assert "without a person" in text.splitlines()[0]


def test_a_call_whose_record_cannot_be_read(salesforce: Town, capsys: Captured, clock: FakeClock) -> None:
    salesforce.world.change_call(FOUNDING_ID, clock.now(), direction="SIDEWAYS")
    salesforce.run()
    assert "set aside (bad_call: Apten's record of the call is not as documented)" in sentence(
        salesforce, capsys, FOUNDING_ID
    )


def test_what_was_said_is_shown_and_not_logged(salesforce: Town, capsys: Captured) -> None:
    salesforce.run()
    capsys.readouterr()
    assert run(salesforce, "explain", FOUNDING_ID, "--log-format", "json") == 0
    told_ = capsys.readouterr()
    assert FOUNDING_CALL["summary"] in told_.out
    assert FOUNDING_CALL["summary"] not in told_.err
