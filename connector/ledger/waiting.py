"""What was saved and waits to be written: a statement for many rows costs little more than one for a single row."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from connector.ledger.statements import pages, row_of, upsert
from connector.ledger.tables import call, lead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from connector.model import CallState, LeadState

State = TypeVar("State")
_MANY = 1000


@dataclass(slots=True)
class Waiting:
    """Calls and leads as they were saved last, by id. `began` is when the run did that saves them."""

    began: datetime
    calls: dict[str, CallState] = field(default_factory=dict)
    leads: dict[str, LeadState] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything waits."""
        return bool(self.calls or self.leads)

    @property
    def many(self) -> bool:
        """Whether so much waits that it should be written."""
        return len(self.calls) + len(self.leads) > _MANY

    def write(self, connection: Connection) -> None:
        """Write all of it; it waits on until the transaction is through (`clear`)."""
        for call_page in pages(self.calls.values()):
            upsert(connection, call, [row_of(state) for state in call_page])
        for lead_page in pages(self.leads.values()):
            upsert(connection, lead, [{**row_of(state), "saved_at": self.began} for state in lead_page])

    def clear(self) -> None:
        """Nothing waits any more."""
        self.calls.clear()
        self.leads.clear()

    @contextmanager
    def or_not_at_all(self) -> Iterator[None]:
        """If the block fails, what was saved in it is forgotten."""
        calls, leads = dict(self.calls), dict(self.leads)
        try:
            yield
        except BaseException:
            self.calls, self.leads = calls, leads
            raise


def split(waiting: dict[str, State], ids: Sequence[str]) -> tuple[dict[str, State], list[str]]:
    """Those of the ids that wait, and the others."""
    return {each: waiting[each] for each in ids if each in waiting}, [each for each in ids if each not in waiting]
