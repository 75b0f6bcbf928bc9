"""The one line that every run ends with, however it ends, for those who collect logs: `run.finished`."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.errors import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from connector.ports import Clock, Log


@dataclass(slots=True)
class Summary:
    """What the line is to say: the run's number in the ledger, None before it has one; its exit code; its tallies."""

    kind: str
    started: datetime
    run_id: int | None = None
    exit_code: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    cost: Mapping[str, int] = field(default_factory=dict)

    def write(self, log: Log, now: datetime, error: BaseException | None) -> None:
        """Write the line. Of the error that ended the run it has the class, never the text."""
        log.info(
            "run.finished",
            run=self.run_id,
            kind=self.kind,
            exit_code=self.exit_code if error is None else exit_code(error),
            error=None if error is None else type(error).__name__,
            seconds=round((now - self.started).total_seconds(), 3),
            **self.counts,
            **self.cost,
        )


@contextmanager
def summary(log: Log, clock: Clock, kind: str) -> Iterator[Summary]:
    """A run of this kind goes on inside; at its end the line is written."""
    told = Summary(kind, clock.now())
    try:
        yield told
    except BaseException as error:
        told.write(log, clock.now(), error)
        raise
    told.write(log, clock.now(), None)
