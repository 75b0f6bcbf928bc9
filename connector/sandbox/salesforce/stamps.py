"""Times as Salesforce writes and reads them."""

from __future__ import annotations

from datetime import UTC, datetime


def stored_datetime(moment: datetime) -> str:
    """An aware time as Salesforce writes it."""
    moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def read_datetime(text: str) -> datetime:
    """The time that a stored text or a literal of a query means, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
