from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mapping.samples import FOUNDING, HEAD, call, compiled, founding_call

TURNS = FOUNDING["transcript"]


def wait_for(written: str) -> str:
    return f"{HEAD}wait_for: {written}\nfields: {{a: b}}\n"


def test_without_it_nothing_is_waited_for() -> None:
    mapping = compiled(f"{HEAD}fields: {{a: b}}\n")
    assert not mapping.waits
    assert mapping.wait_until(call()) is None


@pytest.mark.parametrize(
    ("written", "minutes"), [("90s", 1.5), ("30m", 30), ("2h", 120), ("7d", 10_080), ("{up_to: 5m}", 5)]
)
def test_a_missing_summary_is_waited_for_from_the_calls_end(written: str, minutes: float) -> None:
    mapping = compiled(wait_for(f"{{summary: {written}}}"))
    assert mapping.waits
    assert mapping.wait_until(call()) == call().ended_at + timedelta(minutes=minutes)
    assert mapping.wait_until(founding_call()) is None


def test_of_several_the_longest_counts_that_is_still_missing() -> None:
    mapping = compiled(wait_for("{summary: 30m, transcript: 10m}"))
    assert mapping.wait_until(call()) == call().ended_at + timedelta(minutes=30)
    assert mapping.wait_until(call(summary="x")) == call().ended_at + timedelta(minutes=10)
    assert mapping.wait_until(call(transcript=TURNS)) == call().ended_at + timedelta(minutes=30)
    assert mapping.wait_until(call(summary="x", transcript=TURNS)) is None


def test_only_the_calls_meant_are_waited_for() -> None:
    mapping = compiled(wait_for("{summary: {up_to: 30m, when: {callStatus: COMPLETE}}}"))
    assert mapping.wait_until(call(callStatus="NO_ANSWER")) is None
    assert mapping.wait_until(call(callStatus="COMPLETE")) is not None
