"""Makes outcomes durable, in one transaction per batch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.sync.cost import Step

if TYPE_CHECKING:
    from connector.model import ActivityState, CallState, Failure
    from connector.sync.context import Context
    from connector.sync.fetched import Fetched

_BATCH = 200


@dataclass(slots=True)
class Recorder:
    """Collects outcomes and writes them to the ledger together. A crash before that only means fetching them again."""

    context: Context
    _activities: list[ActivityState] = field(default_factory=list)
    _calls: list[CallState] = field(default_factory=list)
    _failures: list[Failure] = field(default_factory=list)

    def activity(self, state: ActivityState) -> None:
        """An activity's new state."""
        self._activities.append(state)

    def failure(self, failure: Failure) -> None:
        """A failed attempt, for the history."""
        self._failures.append(failure)

    def call(self, state: CallState) -> None:
        """A call is done with for now."""
        self._calls.append(state)
        if len(self._calls) >= _BATCH:
            self.flush()

    def answered(self, fetched: Fetched, *, left_over: bool = False) -> None:
        """One target is done with a call; after the last one the call itself is. Left over means: due again at once."""
        if left_over:
            fetched.state = replace(fetched.state, due_at=self.context.now, source_hash=None)
        fetched.open -= 1
        if fetched.open == 0 and not fetched.superseded:
            self.call(fetched.state)

    def flush(self) -> None:
        """Make everything collected durable."""
        if not (self._activities or self._calls or self._failures):
            return
        with self.context.stopwatch.timing(Step.RECORDING):
            self._save()

    def _save(self) -> None:
        ledger = self.context.ledger
        now_known = ledger.calls([state.call_id for state in self._calls])
        with ledger.transaction():
            ledger.save_activities(self._activities)
            # A newer event found meanwhile has made the call due again, and has the say.
            ledger.save_calls(
                state
                for state in self._calls
                if state.call_id not in now_known or now_known[state.call_id].updated_at == state.updated_at
            )
            ledger.add_failures(self.context.run_id, self._failures)
        self._activities, self._calls, self._failures = [], [], []
