"""Virtual time: Apten's own, and that of the connector's machine, which may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class VirtualTime:
    """Apten's clock. It moves when somebody waits, and by each request's latency."""

    now: datetime

    def pass_by(self, **span: float) -> None:
        """Time goes on."""
        self.now += timedelta(**span)


@dataclass
class OwnClock:
    """The clock of the connector's machine, so much ahead of the true time; satisfies `ports.Clock`."""

    time: VirtualTime
    ahead: timedelta = timedelta()
    was_set: bool = False

    def set(self, ahead: timedelta) -> None:
        """Somebody sets the clock: what is due by it comes earlier or later than it should."""
        self.ahead, self.was_set = ahead, True

    def now(self) -> datetime:
        return self.time.now + self.ahead

    def monotonic(self) -> float:
        return self.time.now.timestamp()

    def cpu(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.time.pass_by(seconds=seconds)
