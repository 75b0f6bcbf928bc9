from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.source_model import Call
from connector.sync.settle import is_running, next_search, settle
from tests.clock import NOON

HOUR = timedelta(hours=1)


def a_call(**changes: Any) -> Call:
    """A finished, complete call of five minutes that ended at noon."""
    begun = NOON - timedelta(minutes=5)
    fields: dict[str, Any] = {
        "id": "c1",
        "direction": "OUTBOUND",
        "callStatus": "COMPLETE",
        "durationSeconds": 300,
        "createdAt": begun,
        "updatedAt": NOON,
        "summary": "All is said.",
        "transcript": [{"role": "user", "content": "Yes."}],
    }
    return Call.model_validate(fields | changes)


def looks_of(call: Call, *, first_fetch: timedelta) -> list[timedelta]:
    """When a call that never changes again is fetched, counted from its end."""
    at, looks, fetched = first_fetch, 0, [first_fetch]
    while len(fetched) < 100:
        settling = settle(call, now=NOON + at, looks=looks, unchanged=len(fetched) > 1)
        if settling.next_look is None:
            return fetched
        at, looks = at + settling.next_look, settling.looks
        fetched.append(at)
    raise AssertionError("never settles")


def test_a_complete_call_gets_one_last_look_an_hour_after_we_fetched_it() -> None:
    assert looks_of(a_call(), first_fetch=timedelta(minutes=3)) == [timedelta(minutes=3), timedelta(minutes=63)]
    assert looks_of(a_call(), first_fetch=timedelta(days=20)) == [timedelta(days=20), timedelta(days=20) + HOUR]


def test_a_call_without_summary_is_looked_at_often_at_first_and_given_up_a_day_later() -> None:
    minutes = [look / timedelta(minutes=1) for look in looks_of(a_call(summary=None), first_fetch=timedelta(0))]
    assert minutes == [0, 1, 2, 5, 10, 30, 60, 120, 360, 1800]


@pytest.mark.parametrize(
    "lacking", [{"summary": None}, {"summary": ""}, {"transcript": []}, {"transferAnswerStatus": "pending"}]
)
def test_the_last_look_at_an_old_incomplete_call_is_a_day_after_our_fetch(lacking: dict[str, Any]) -> None:
    first = timedelta(hours=23, minutes=50)
    assert looks_of(a_call(**lacking), first_fetch=first) == [first, first + timedelta(hours=24)]


def test_a_call_nobody_answered_lacks_nothing() -> None:
    silent = a_call(callStatus="NO_ANSWER", durationSeconds=0, summary=None, transcript=[])
    assert settle(silent, now=NOON, looks=0, unchanged=False).next_look == HOUR


def test_a_call_that_changed_gets_another_last_look() -> None:
    assert settle(a_call(), now=NOON, looks=1, unchanged=False).next_look == HOUR
    assert settle(a_call(), now=NOON, looks=1, unchanged=True).next_look is None


def test_a_call_in_progress_is_held_and_looked_at_ever_more_rarely() -> None:
    call = a_call(callStatus="IN_PROGRESS")
    waits = []
    looks = 0
    for _ in range(9):
        settling = settle(call, now=NOON, looks=looks, unchanged=True)
        assert settling.running
        waits.append(settling.next_look.total_seconds() if settling.next_look else None)
        looks = settling.looks
    assert waits == [30, 60, 120, 300, 600, 1200, 2400, 3600, 3600]


def test_a_call_in_progress_for_four_hours_is_logged_as_it_is() -> None:
    call = a_call(callStatus="IN_PROGRESS")
    assert settle(call, now=call.created_at + timedelta(hours=3, minutes=59), looks=9, unchanged=True).running
    assert not settle(call, now=call.created_at + timedelta(hours=4), looks=9, unchanged=True).running


def test_a_status_nobody_knows_counts_as_final_once_the_record_rests() -> None:
    call = a_call(callStatus="WRAPPING_UP")
    assert settle(call, now=NOON + timedelta(minutes=14), looks=0, unchanged=False).running
    assert not settle(call, now=NOON + timedelta(minutes=15), looks=0, unchanged=False).running


@given(
    st.sampled_from([{}, {"summary": None}, {"transferAnswerStatus": "pending"}, {"callStatus": "IN_PROGRESS"}]),
    st.timedeltas(timedelta(minutes=-5), timedelta(days=40)),
)
def test_every_call_settles_after_a_look_that_counts_from_our_fetch(
    changes: dict[str, Any], first_fetch: timedelta
) -> None:
    fetched = looks_of(a_call(**changes), first_fetch=first_fetch)
    assert len(fetched) < 20
    if "callStatus" not in changes:
        assert fetched[-1] - fetched[-2] >= HOUR


AHEAD = NOON + timedelta(days=300)


@pytest.mark.parametrize(
    "fields",
    [{"callStatus": "IN_PROGRESS", "createdAt": AHEAD}, {"callStatus": "SOMETHING_NEW", "updatedAt": AHEAD}],
)
def test_a_stamp_of_the_future_holds_no_call(fields: dict[str, Any]) -> None:
    assert not is_running(a_call(**fields), NOON)


def test_a_call_that_is_to_end_in_the_future_is_not_looked_at_for_ever() -> None:
    call = a_call(createdAt=AHEAD, summary=None)
    assert looks_of(call, first_fetch=timedelta(0)) == [timedelta(0), timedelta(hours=24)]
    assert next_search(call, NOON) == timedelta(days=1)
