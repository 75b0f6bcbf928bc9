"""Which calls a run or a look came upon already: in memory, or in a ledger that is thrown away afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from connector.model import ActivityState, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from connector.ports import Ledger


class Seen(Protocol):
    """A note of call ids."""

    def new(self, call_ids: Sequence[str]) -> list[str]:
        """Those of these that are not noted yet; from now on they are."""


@dataclass(slots=True)
class SeenInMemory:
    """A note that grows with every call: some 100 bytes each."""

    _ids: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        """How many are noted."""
        return len(self._ids)

    def new(self, call_ids: Sequence[str]) -> list[str]:
        """Those of these that are not noted yet; from now on they are."""
        found = [call_id for call_id in dict.fromkeys(call_ids) if call_id not in self._ids]
        self._ids.update(found)
        return found


@dataclass(frozen=True, slots=True)
class SeenInScratch:
    """A note of any length that takes no memory: rows of a throw-away ledger, under a `name` that no target has."""

    scratch: Ledger
    name: str

    def new(self, call_ids: Sequence[str]) -> list[str]:
        """Those of these that are not noted yet; from now on they are."""
        known = self.scratch.activities(self.name, call_ids)
        found = [call_id for call_id in dict.fromkeys(call_ids) if call_id not in known]
        if found:
            self.scratch.save_activities(ActivityState(call_id, self.name, State.KNOWN) for call_id in found)
        return found

    def __iter__(self) -> Iterator[str]:
        """Every id noted, in their order."""
        return (call.call_id for call in self.scratch.calls_in(State.KNOWN, self.name))
