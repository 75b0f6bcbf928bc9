"""One request and what came back, as far as errors need to know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked of Salesforce, for an error to name.

    `writing`: it may have changed something. `fields` are those that it was about.
    """

    doing: str
    writing: bool = False
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of an answer apart from its body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, if the answer says so: as a number, or as a date, which counts from the answer's own."""
        text = self.headers.get("Retry-After", "")
        if text.isascii() and text.isdigit():
            return float(text)
        until, now = _date(text), self.at
        return (until - now).total_seconds() if until and now and until > now else None

    @property
    def at(self) -> datetime | None:
        """When it was given, aware UTC, if it says so."""
        return _date(self.headers.get("Date", ""))


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
