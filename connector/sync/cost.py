"""What a run costs: requests and bytes on either side, processor time, and where the time went."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.ports import Clock
    from connector.usage import Usage

CPU = "ms cpu"


class Step(StrEnum):
    """What the main thread spends its time on, as the record of a run names it."""

    WAITING_FOR_APTEN = "ms waiting for apten"
    WAITING_FOR_CRM = "ms waiting for the crm"
    WAITING_FOR_BOTH = "ms waiting for both"
    DISCOVERING = "ms discovering"
    DECIDING = "ms deciding"
    RECORDING = "ms recording"
    OTHER = "ms other"


@dataclass(slots=True)
class Stopwatch:
    """Measures steps, from when it was made, and the processor time of the whole process, its start included.

    While a step within a step is timed, the outer one is not.
    """

    clock: Clock
    _seconds: defaultdict[Step, float] = field(default_factory=lambda: defaultdict(float))
    _step: Step = Step.OTHER
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock.monotonic()

    @contextmanager
    def timing(self, step: Step) -> Iterator[None]:
        """Count the time until the block is left."""
        outer = self._change_to(step)
        try:
            yield
        finally:
            self._change_to(outer)

    def milliseconds(self) -> dict[str, int]:
        """Each step that took any, and the processor time."""
        self._change_to(self._step)
        seconds = {CPU: self.clock.cpu()} | {step.value: self._seconds[step] for step in Step}
        return {name: ms for name, took in seconds.items() if (ms := round(1000 * took))}

    def _change_to(self, step: Step) -> Step:
        now = self.clock.monotonic()
        self._seconds[self._step] += now - self._since
        outer, self._step, self._since = self._step, step, now
        return outer


def asked(apten: Usage, crm: Usage) -> dict[str, int]:
    """Requests and bytes, and the CRM's requests by everybody; nothing for a side that was not asked."""
    told = {
        "apten requests": apten.sent or None,
        "apten bytes": apten.bytes_received or None,
        "crm requests": crm.sent or None,
        "crm bytes": crm.bytes_sent + crm.bytes_received or None,
        "api used": crm.used,
        "api allowed": crm.allowed,
    }
    return {name: number for name, number in told.items() if number is not None}
