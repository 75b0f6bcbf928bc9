"""What each engine is lent, since none can do it itself: a date in New York, the length that a CRM counts, a cut."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bench.job import held, readable
from connector.crm_schema import Counted, length_of

_NEW_YORK = ZoneInfo("America/New_York")


def ny_date(stamp: str) -> str:
    """The day of a stamp, in New York."""
    return datetime.fromisoformat(stamp).astimezone(_NEW_YORK).date().isoformat()


def held_to(text: str, room: int, mark: str = "") -> str:
    """The text, cut to so many UTF-16 units."""
    return held(str(text), int(room), str(mark))


def units(text: str) -> int:
    """How long the CRM says that a text is."""
    return length_of(str(text), Counted.UTF16)


def label(value: str) -> str:
    """A value that no label is written for."""
    return readable(str(value))
