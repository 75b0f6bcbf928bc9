from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from connector.mapping.apply import Mapping, compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from connector.model import Clue, PersonRef, PersonSearch, Skip
from tests.mapping.samples import LEAD, call, file, founding_call, made, shipped

NAMES = ("salesforce", "database")


def mapping_of(name: str) -> Mapping:
    return compile_mapping(load(shipped(f"{name}.yaml")), load_schema(shipped(f"{name}.schema.yaml")))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_mapping_passes_its_check_without_a_remark(name: str) -> None:
    mapping = load(shipped(f"{name}.yaml"))
    assert check(mapping) == ()
    assert check(mapping, load_schema(shipped(f"{name}.schema.yaml"))) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_file_begins_by_explaining_itself(name: str) -> None:
    assert shipped(f"{name}.yaml").text.startswith("# How an Apten call becomes")
    assert shipped(f"{name}.schema.yaml").text.startswith("# ")


def test_the_founding_call_becomes_a_task() -> None:
    draft = made(mapping_of("salesforce"), founding_call(), LEAD)
    assert draft.key == draft.call_id == "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
    assert draft.fields == {
        "Status": "Completed",
        "TaskSubtype": "Call",
        "WhoId": PersonRef(),
        "Subject": "Apten Outbound call: Completed",
        "CallType": "Outbound",
        "CallDurationInSeconds": 145,
        "CallDisposition": "Customer",
        "ActivityDate": date(2026, 6, 15),
        "Priority": "Normal",
        "Description": (
            "Customer inquired about pricing and requested a follow-up meeting.\n"
            "\n"
            "Agent: Hi, this is Apten calling about your inquiry.\n"
            "Customer: Yes, I had some questions about pricing.\n"
            "\n"
            "Apten call a1b2c3d4-e5f6-7890-abcd-ef1234567890"
        ),
    }
    assert draft.person == PersonSearch((Clue("lead.externalLeadId", "003xx000004TmiQAAS"),), ("Contact", "Lead"))
    assert draft.on_create == {"WhoId", "TaskSubtype"}


def test_the_founding_call_becomes_a_row() -> None:
    draft = made(mapping_of("database"), founding_call(), LEAD)
    assert draft.key == "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
    assert draft.on_create == {"person_id"}
    flags = {name: found for name, found in draft.fields.items() if isinstance(found, bool)}
    assert len(flags) == 10
    assert not any(flags.values())
    assert {name: found for name, found in draft.fields.items() if name not in flags} == {
        "person_id": PersonRef(),
        "lead_id": "c4f23a1b-d8e5-4f67-90c1-2a5b8d3e9f7c",
        "direction": "OUTBOUND",
        "status": "COMPLETE",
        "started_at": datetime(2026, 6, 15, 14, 30, tzinfo=UTC),
        "ended_at": datetime(2026, 6, 15, 14, 32, 25, tzinfo=UTC),
        "call_date": date(2026, 6, 15),
        "duration_seconds": 145,
        "ended_by": "LEAD",
        "summary": "Customer inquired about pricing and requested a follow-up meeting.",
        "transcript": (
            "Agent: Hi, this is Apten calling about your inquiry.\nCustomer: Yes, I had some questions about pricing."
        ),
    }


def test_a_long_transcript_is_cut_and_the_summary_stays_whole() -> None:
    turns = [{"role": "user", "content": "pricing, " * 500}] * 20
    summary = "Asked about pricing. " * 500
    text = made(mapping_of("salesforce"), call(summary=summary, transcript=turns)).fields["Description"]
    assert isinstance(text, str)
    assert text.startswith(summary.strip() + "\n\nCustomer: pricing")
    assert text.endswith(f" … [transcript cut]\n\nApten call {call().id}")
    assert 31_990 < len(text) + text.count("\n") <= 32_000


def test_a_bare_call_is_logged_too() -> None:
    draft = made(mapping_of("salesforce"), call())
    assert draft.person == PersonSearch((), ("Contact", "Lead"))
    assert draft.fields["CallDisposition"] == "Unknown"
    assert draft.fields["Description"] == f"No summary yet.\n\nApten call {call().id}"


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_is_waited_for_half_an_hour(name: str) -> None:
    mapping = mapping_of(name)
    assert mapping.waits
    assert mapping.wait_until(call()) == call().ended_at + timedelta(minutes=30)
    assert mapping.wait_until(founding_call()) is None


@pytest.mark.parametrize("name", NAMES)
def test_taking_the_hash_away_leaves_out_calls_that_nobody_answered(name: str) -> None:
    text = shipped(f"{name}.yaml").text
    assert "\n# log_when: {" in text
    mapping = compile_mapping(load(file(text.replace("\n# log_when: {", "\nlog_when: {"))))
    unanswered = call(aiCallWithoutHumanResponse=True)
    assert mapping.apply(unanswered, None) == Skip("log_when: aiCallWithoutHumanResponse")
    assert made(mapping, call(aiCallWithoutHumanResponse=False)).fields
    assert made(mapping_of(name), unanswered).fields


def test_taking_the_hash_away_gives_tasks_to_whoever_owns_the_person() -> None:
    text = shipped("salesforce.yaml").text
    with_owner = text.replace("\n  # OwnerId: {", "\n  OwnerId: {")
    assert with_owner != text
    mapping = load(file(with_owner))
    schema = load_schema(shipped("salesforce.schema.yaml"))
    assert check(mapping, schema) == ()
    assert made(compile_mapping(mapping, schema), call(), LEAD).fields["OwnerId"] == PersonRef("owner")


def test_the_shipped_table_is_the_one_the_mapping_asks_for() -> None:
    saved = load_schema(shipped("database.schema.yaml"))
    assert saved == compile_mapping(load(shipped("database.yaml"))).table_schema()
