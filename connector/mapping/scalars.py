"""What a typed word means where a flag, a number, a date, a time or a duration is due; None where it is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MEANT = dict.fromkeys(("yes", "y", "on", "1"), "true") | dict.fromkeys(("no", "n", "off", "0"), "false")
WHOLE = r"[-+]?[0-9]{1,19}"
DECIMAL = r"[-+]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DURATION = r"([0-9]{1,6})([smhd])"
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def as_flag(word: str) -> bool | None:
    """`true` or `false`, as YAML 1.2 spells them."""
    return FLAGS.get(word)


def meant_flag(word: str) -> str:
    """The flag that is meant by `Yes`, `off` and the like; `true or false` where that is not clear."""
    return _MEANT.get(word.lower(), "true or false")


def as_whole(word: str) -> int | None:
    """A whole number of at most 19 digits, as many as databases hold."""
    return int(word) if re.fullmatch(WHOLE, word) else None


def as_number(word: str) -> int | float | None:
    """A number with or without decimals; no exponent."""
    whole = as_whole(word)
    return float(word) if whole is None and re.fullmatch(DECIMAL, word) else whole


def as_date(word: str) -> date | None:
    """A date as `2026-06-15`."""
    try:
        return date.fromisoformat(word) if re.fullmatch(DATE, word) else None
    except ValueError:
        return None


def as_time(word: str) -> datetime | None:
    """A point in time with its offset, as `2026-06-15T14:30:00Z`, in UTC."""
    try:
        found = datetime.fromisoformat(word)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def as_duration(word: str) -> timedelta | None:
    """`90s`, `30m`, `2h` or `7d`."""
    match = re.fullmatch(DURATION, word)
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]]) if match else None
