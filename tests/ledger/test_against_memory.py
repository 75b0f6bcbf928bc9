"""The ledger against plain dictionaries: any changes, kept or rolled back, leave both with the same answers."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from connector.errors import DiskFullError
from connector.model import ActivityState, CallState, LeadState, State
from tests.ledger.memory import Memory
from tests.ledger.openings import NOW, TARGET, minutes, opened

CALLS = st.sampled_from(["a", "A", "ä", "b", "b ", "call-10", "call-9", "🐍", "'", "%"])
LEADS = st.sampled_from(["lead", "Lead", "l2", ""])
TARGETS = st.sampled_from([TARGET, "Event.K:brief", "event.k:brief"])
STAMPS = st.none() | st.sampled_from([NOW, NOW - minutes(1), NOW + minutes(1)]) | st.datetimes(timezones=st.just(UTC))
PRINTS = st.none() | st.sampled_from([b"", b"\x00", b"f" * 16])
REASONS = st.none() | st.sampled_from(["", "no phone", "🐍"])

Change = tuple[str, tuple[Any, ...]]
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.tuples(st.just("set_mark"), st.tuples(st.sampled_from(["watermark", "swept"]), STAMPS)),
    st.tuples(
        st.just("save_leads"),
        st.tuples(st.lists(st.builds(LeadState, LEADS, STAMPS, STAMPS, STAMPS, st.booleans()), max_size=4)),
    ),
    st.tuples(
        st.just("save_calls"),
        st.tuples(
            st.lists(
                st.builds(CallState, CALLS, st.none() | LEADS, STAMPS, STAMPS, STAMPS, st.integers(0, 9), PRINTS),
                max_size=4,
            )
        ),
    ),
    st.tuples(
        st.just("save_activities"),
        st.tuples(
            st.lists(
                st.builds(
                    ActivityState,
                    CALLS,
                    TARGETS,
                    st.sampled_from(State),
                    REASONS,
                    PRINTS,
                    PRINTS,
                    REASONS,
                    REASONS,
                    STAMPS,
                    PRINTS,
                    STAMPS,
                ),
                max_size=4,
            )
        ),
    ),
    st.tuples(st.just("adopt"), st.tuples(TARGETS, st.dictionaries(CALLS, st.just("00T1"), max_size=4), st.just(NOW))),
)


class AgainstMemory(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.stack = ExitStack()
        self.path = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "ledger.db"
        self.ledger = self.stack.enter_context(opened(self.path))
        self.memory = Memory()

    @rule(change=CHANGES)
    def change(self, change: Change) -> None:
        for side in (self.ledger, self.memory):
            apply(side, change)

    @rule(changes=st.lists(CHANGES, max_size=5))
    def change_together(self, changes: list[Change]) -> None:
        for side in (self.ledger, self.memory):
            with side.transaction():
                for change in changes:
                    apply(side, change)

    @rule(changes=st.lists(CHANGES, max_size=5))
    def roll_back(self, changes: list[Change]) -> None:
        for side in (self.ledger, self.memory):
            with suppress(KeyboardInterrupt), side.transaction():
                for change in changes:
                    apply(side, change)
                raise KeyboardInterrupt

    @rule(changes=st.lists(CHANGES, max_size=5))
    def run_out_of_disk(self, changes: list[Change]) -> None:
        driver = self.ledger._session.driver
        driver.execute("PRAGMA max_page_count = 1")
        too_much: Change = ("save_calls", ([CallState(f"too many {number:0400}") for number in range(99)],))

        def change_too_much() -> None:
            with self.ledger.transaction():
                for change in [*changes, too_much]:
                    apply(self.ledger, change)

        with pytest.raises(DiskFullError):
            change_too_much()
        driver.execute("PRAGMA max_page_count = 4294967294")

    @rule()
    def open_anew(self) -> None:
        self.ledger.close()
        self.ledger = self.stack.enter_context(opened(self.path))

    @invariant()
    def answers_are_the_same(self) -> None:
        ledger, memory, contents = self.ledger, self.memory, self.memory.contents
        assert list(ledger.all_calls()) == memory.calls_where()
        assert ledger.calls([*contents.calls, "unknown"]) == contents.calls
        assert ledger.leads([*contents.leads, "unknown"]) == contents.leads
        assert ledger.targets() == contents.targets
        for target in contents.targets:
            known = {call_id: state for (call_id, under), state in contents.activities.items() if under == target}
            assert ledger.activities(target, [*known, "unknown"]) == known
            assert list(ledger.calls_mapped_otherwise(target, [b""])) == memory.calls_mapped_otherwise(target, b"")
            assert list(ledger.calls_in(State.PARKED, target)) == memory.calls_in(State.PARKED, target)
            assert ledger.count(State.PARKED, target) == memory.count(State.PARKED, target)
            otherwise = memory.calls_tried_otherwise(target, b"fff")
            assert list(ledger.calls_tried_otherwise(target, b"fff")) == otherwise
        for state in State:
            assert list(ledger.calls_in(state)) == memory.calls_in(state)
        for now in (NOW, datetime.max.replace(tzinfo=UTC)):
            assert list(ledger.due_calls(now)) == memory.due_calls(now)
            assert list(ledger.due_leads(now)) == memory.due_leads(now)
        assert list(ledger.calls_of_lead("lead")) == memory.calls_where(lead_id="lead")
        assert [
            call for call in memory.calls_where() if call.created_at and NOW <= call.created_at < NOW + minutes(1)
        ] == list(ledger.calls_between(NOW, NOW + minutes(1)))
        assert {name: at for name in ("watermark", "swept") if (at := ledger.mark(name))} == contents.marks

    def teardown(self) -> None:
        self.stack.close()


def apply(side: Any, change: Change) -> None:
    method, arguments = change
    getattr(side, method)(*arguments)


TestAgainstMemory = AgainstMemory.TestCase
TestAgainstMemory.settings = settings(max_examples=15, stateful_step_count=10, deadline=None)
