"""The two answer headers that matter: Apten's own time, and how long it asks us to wait."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 86_400.0
_SECONDS = re.compile(r"\d{1,15}(\.\d+)?")


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The answer's `Date`, aware UTC; None where it is missing or no date."""
    return _http_date(headers.get("date", ""))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as `Retry-After` asks, more than 0 and at most a day; None where it asks for nothing sensible.

    A date counts from the answer's own `Date`, so that our clock does not matter.
    """
    asked = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(asked):
        seconds = float(asked)
    else:
        until, now = _http_date(asked), server_time(headers)
        seconds = (until - now).total_seconds() if until and now else 0.0
    return min(seconds, _LONGEST) if seconds > 0 else None


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
