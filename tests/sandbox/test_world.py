"""The sandbox's world is the same for the same seed, holds the oddities of real data, and changes as it is told."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.shelf import read_stamp, stamp_text
from connector.sandbox.world import World, make_world
from connector.source_model import Call, Lead
from tests.contracts.source import call_row, lead_row, message_row

NOW = datetime(2026, 6, 20, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(scope="module")
def made_up() -> World:
    return make_world(seed=11, calls=1200, leads=600, now=NOW)


def everything(world: World) -> str:
    """The whole world as text."""
    events = [world.events_of(lead["id"]) for lead in world.leads()]
    return json.dumps([world.leads(), world.calls(), events, world.calls_lacking_summary()])


def test_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    worlds = [make_world(seed=seed, calls=80, leads=40, now=NOW) for seed in (5, 5, 6)]
    assert everything(worlds[0]) == everything(worlds[1])
    assert everything(worlds[0]) != everything(worlds[2])


@pytest.mark.parametrize(("calls", "leads"), [(1, 1), (2, 2), (3, 2), (10, 30), (200, 3)])
def test_holds_as_many_calls_and_leads_as_asked_for(calls: int, leads: int) -> None:
    world = make_world(seed=1, calls=calls, leads=leads, now=NOW)
    assert len(world.leads()) == leads
    assert len([call for call in world.calls() if "leadId" in call]) == calls


def test_always_holds_the_documented_call_and_its_lead_from_their_time_on() -> None:
    after = make_world(seed=1, calls=5, leads=3, now=NOW)
    assert after.call(FOUNDING_CALL["id"]) == FOUNDING_CALL
    assert after.lead(FOUNDING_LEAD["id"]) == FOUNDING_LEAD
    assert len(FOUNDING_LEAD["externalLeadId"]) == 15
    assert FOUNDING_LEAD["externalLeadId"].startswith("00Q")
    happened = read_stamp(FOUNDING_CALL["updatedAt"])
    before = make_world(seed=1, calls=5, leads=3, now=happened - timedelta(seconds=1))
    with pytest.raises(KeyError):
        before.call(FOUNDING_CALL["id"])
    before.catch_up(happened)
    assert before.call(FOUNDING_CALL["id"]) == FOUNDING_CALL


def test_every_record_reads_as_documented_and_none_is_of_the_future(made_up: World) -> None:
    for row in made_up.calls():
        call = Call.model_validate(row)
        assert call.model_extra == {}
        assert (call.lead_id is None) != (call.session_id is None)
        assert NOW - timedelta(days=31) < call.created_at <= call.ended_at <= call.updated_at <= NOW
        assert all(turn.start_time and turn.end_time and turn.end_time <= call.ended_at for turn in call.transcript)
    for row in made_up.leads():
        lead = Lead.model_validate(row)
        assert lead.model_extra == {}
        assert lead.created_at
        assert lead.last_activity_at
        assert lead.updated_at
        assert lead.created_at <= lead.last_activity_at <= lead.updated_at <= NOW
        newest = [read_stamp(event["updatedAt"]) for event in made_up.events_of(lead.id)]
        assert lead.last_activity_at == max([*newest, lead.created_at])


def test_holds_every_sort_of_call(made_up: World) -> None:
    calls = made_up.calls()
    statuses = Counter(call["callStatus"] for call in calls)
    assert statuses.keys() == {"COMPLETE", "NO_ANSWER", "IN_PROGRESS", "LINE_BUSY"}
    assert all(call["durationSeconds"] == 0 for call in calls if call["callStatus"] == "NO_ANSWER")
    answers = Counter(call.get("transferAnswerStatus") for call in calls)
    assert answers.keys() == {None, "answered", "no_answer", "pending"}
    assert {call["direction"] for call in calls} == {"INBOUND", "OUTBOUND"}
    for flag in ("hasVoicemail", "transferFallbackAttempted", "hitCallScreening", "aiCallWithoutHumanResponse"):
        assert any(call.get(flag) for call in calls)
        assert any(flag not in call for call in calls)
    assert made_up.calls_in_progress()
    assert made_up.calls_lacking_summary()
    assert any(call["id"].startswith("call_") for call in calls)
    spoken = "".join(turn["content"] for call in calls for turn in call["transcript"])
    for sample in ("ñ", "ß", "は", "ع", "😊"):
        assert sample in spoken


def test_holds_every_sort_of_lead(made_up: World) -> None:
    leads = made_up.leads()
    external = [lead.get("externalLeadId") for lead in leads]
    shapes = Counter((str(value)[:3], len(str(value))) for value in external if value)
    assert {("00Q", 15), ("00Q", 18), ("003", 15), ("003", 18)} <= shapes.keys()
    assert {"512345678", "n/a", None} <= set(external)
    assert any("externalLeadId" not in lead for lead in leads)
    sound = [value for value in external if value and str(value)[:3] in {"00Q", "003"} and len(value) >= 15]
    assert len({value[:15] for value in sound}) == len(sound)
    assert any(lead["deleted"] for lead in leads)
    assert any(not made_up.calls_of(lead["id"]) for lead in leads)
    assert any(len(made_up.calls_of(lead["id"])) > 1 for lead in leads)
    names = "".join(lead["firstName"] + lead.get("lastName", "") for lead in leads)
    for sample in ("ü", "王", "ة", "כ", "Ł", "🌞"):
        assert sample in names


def test_stamps_coincide_and_other_events_lie_between_calls(made_up: World) -> None:
    stamps = Counter(lead["updatedAt"] for lead in made_up.leads())
    assert max(stamps.values()) > 10
    events = [event for lead in made_up.leads() for event in made_up.events_of(lead["id"])]
    assert {"MESSAGE", "EMAIL", "TOOL_CALL", "CUSTOM", "COMPLIANCE_BLOCKED", "REACTION", "CALL"} == {
        event["type"] for event in events
    }
    assert len({event["id"] for event in events}) == len(events)
    assert not {call["id"] for call in made_up.webchat_calls()} & {event["id"] for event in events}


def test_says_which_calls_are_to_be_logged(made_up: World) -> None:
    finished = {call["id"] for call in made_up.finished_calls()}
    loggable = {call["id"] for call in made_up.loggable_calls()}
    others = {call["id"] for call in [*made_up.webchat_calls(), *made_up.calls_in_progress()]}
    assert loggable < finished
    assert finished | others == {call["id"] for call in made_up.calls()}
    assert not finished & others


@pytest.fixture
def world() -> World:
    small = World()
    small.add_lead(lead_row("lead", NOW))
    small.add_call(call_row("call", "lead", NOW, transcript=[{"role": "user", "content": "Hi"}]), summary_to_come="Hi.")
    return small


def stamps_of(world: World) -> tuple[str, ...]:
    """Stamps of the call, its event, and its lead's activity and change."""
    [event] = [event for event in world.events_of("lead") if event["id"] == "call"]
    lead = world.lead("lead")
    return world.call("call")["updatedAt"], event["updatedAt"], lead["lastActivityAt"], lead["updatedAt"]


def test_a_late_summary_touches_call_event_and_lead(world: World) -> None:
    assert world.late_summaries(5, LATER) == ["call"]
    assert world.call("call")["summary"] == "Hi."
    assert stamps_of(world) == (stamp_text(LATER),) * 4
    assert world.late_summaries(5, LATER) == []


def test_a_late_summary_may_touch_nothing(world: World) -> None:
    before = stamps_of(world)
    world.summary_arrives("call", LATER, touch=False)
    assert world.call("call")["summary"] == "Hi."
    assert stamps_of(world) == before


def test_activity_may_move_the_activity_stamp_alone(world: World) -> None:
    world.activity_touches_lead = False
    world.summary_arrives("call", LATER)
    assert stamps_of(world) == (stamp_text(LATER),) * 3 + (stamp_text(NOW),)


def test_a_call_in_progress_ends(world: World) -> None:
    world.add_call(call_row("live", "lead", NOW, callStatus="IN_PROGRESS"))
    assert [call["id"] for call in world.calls_in_progress()] == ["live"]
    world.finish_call("live", LATER, durationSeconds=60, endedBy="LEAD", summary_to_come="Went well.")
    call = world.call("live")
    assert (call["callStatus"], call["durationSeconds"], call["updatedAt"]) == ("COMPLETE", 60, stamp_text(LATER))
    world.summary_arrives("live", LATER)
    assert world.call("live")["summary"] == "Went well."


def test_a_pending_transfer_ends(world: World) -> None:
    world.change_call("call", NOW, isTransfer=True, transferAnswerStatus="pending")
    world.transfer_ends("call", LATER)
    assert (world.call("call")["transferAnswerStatus"], world.call("call")["transferAnsweredBy"]) == (
        "answered",
        "human",
    )
    assert stamps_of(world)[0] == stamp_text(LATER)


def test_a_deleted_lead_stays_listed_but_its_calls_are_not_to_be_logged(world: World) -> None:
    assert [call["id"] for call in world.loggable_calls()] == ["call"]
    world.delete_lead("lead", LATER)
    lead = world.lead("lead")
    assert (lead["deleted"], lead["deletedAt"], lead["updatedAt"]) == (True, stamp_text(LATER), stamp_text(LATER))
    assert world.loggable_calls() == []


def test_a_forgotten_lead_takes_its_calls_along(world: World) -> None:
    world.forget_lead("lead")
    assert (world.leads(), world.calls()) == ([], [])


def test_stamps_never_move_back(world: World) -> None:
    world.add_event(message_row("msg", "lead", NOW - timedelta(hours=1)))
    world.change_lead("lead", NOW - timedelta(hours=1), isHot=True)
    assert stamps_of(world) == (stamp_text(NOW),) * 4
    assert world.lead("lead")["isHot"] is True
    assert [event["id"] for event in world.events_of("lead")] == ["msg", "call"]


def test_what_is_to_come_later_comes_in_its_order() -> None:
    world, happened = World(), list[str]()
    world.later(LATER, lambda: happened.append("third"))
    world.later(NOW, lambda: happened.append("first"))
    world.later(NOW, lambda: happened.append("second"))
    world.catch_up(NOW)
    assert happened == ["first", "second"]
    world.catch_up(LATER)
    world.catch_up(LATER)
    assert happened == ["first", "second", "third"]
