"""The one clock that tells real time; everything else is given one."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Now, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment; never set, never going back."""
        return time.monotonic()

    def cpu(self) -> float:
        """Seconds of processor time that this process has used, all its threads together."""
        return time.process_time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
