"""Time and a log that tests own."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until told, or until somebody sleeps."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.slept = 0.0
        self._passed = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._passed

    def cpu(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept += seconds
            self._move(timedelta(seconds=seconds))

    def advance(self, **span: float) -> None:
        with self._lock:
            self._move(timedelta(**span))

    def _move(self, span: timedelta) -> None:
        """On by so much; or back, as a clock is that was put right, though no time is undone by that."""
        self._now += span
        self._passed += max(0.0, span.total_seconds())


class SilentLog:
    """Keeps events for tests that ask."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def info(self, event: str, **fields: Any) -> None:
        self.events.append((event, fields))

    def warning(self, event: str, **fields: Any) -> None:
        self.events.append((event, fields))
