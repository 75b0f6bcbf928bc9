"""A call that changes while a run has an older picture of it in hand: the older one is neither written nor recorded."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from connector.crms.database.adapter import Database
from connector.sync.run import Report, run
from connector.sync.select import EverythingNew
from connector.wiring import make_rules, open_house
from tests.clock import SilentLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.source_model import Call
    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

PATIENCE = 10.0
"""Seconds, after which a test fails rather than hang."""


@dataclass
class Changing:
    """Apten, with a call that changes as soon as it was fetched; its answer is held back, if so wished."""

    town: Town
    inner: Any
    call_id: str
    changes: dict[str, Any]
    held_back: Callable[[], object] = lambda: None
    changed: threading.Event = field(default_factory=threading.Event)

    def call(self, call_id: str) -> Call:
        answer: Call = self.inner.call(call_id)
        if call_id == self.call_id and not self.changed.is_set():
            self.town.world.change_call(call_id, self.town.clock.now(), **self.changes)
            self.changed.set()
            self.held_back()
        return answer

    def leads(self, **asked: Any) -> Any:
        assert self.changed.wait(PATIENCE)
        return self.inner.leads(**asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Listening(SilentLog):
    """Tells when a call was written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def info(self, event: str, **fields: object) -> None:
        super().info(event, **fields)
        if event == "call.written":
            self.written.set()


@pytest.fixture
def town(build: Build, clock: FakeClock) -> Town:
    """One of its calls is due and has changed, which nothing tells but a fetch."""
    town = build("database", calls=12, leads=4)
    town.run()
    clock.advance(hours=2)
    town.world.change_call(a_call(town), clock.now(), touch=False, summary="Older words.")
    return town


def a_call(town: Town) -> str:
    return str(min(call["id"] for call in town.world.loggable_calls() if call.get("summary")))


def run_while(town: Town, log: SilentLog, **about: Any) -> Report:
    with open_house(town.config(), clock=town.clock, log=log) as house:
        source: Any = Changing(town, house.source, a_call(town), **about)
        # Without a brake, what is full is written at once, not only when it is known how much there is.
        rules = replace(make_rules(town.config(), town.clock), stop_above=None)
        return run(replace(house, source=source), rules, EverythingNew())


def test_an_answer_that_comes_in_late_is_not_written_over_a_newer_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "batch_size", 1)
    log = Listening()
    run_while(town, log, changes={"summary": "Newer words."}, held_back=lambda: log.written.wait(PATIENCE))
    assert log.written.is_set()
    assert town.activity(a_call(town))["summary"] == "Newer words."


def test_a_change_that_is_taken_back_before_it_was_written_is_not_written(town: Town) -> None:
    before = town.activity(a_call(town))
    run_while(town, SilentLog(), changes={"summary": before["summary"]})
    assert town.activity(a_call(town)) == before
