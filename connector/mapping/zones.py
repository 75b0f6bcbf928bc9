"""The names of time zones, and what is meant by a name which is none."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

_CUT_OFF = 0.8
_NORTH_AMERICA = {"e": "America/New_York", "c": "America/Chicago", "m": "America/Denver", "p": "America/Los_Angeles"}
_REGION = re.compile(r"[ecmp][sd]?t\d?|(?:eastern|central|mountain|pacific)(?: standard| daylight)?(?: time)?")

_NO_PLACES = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones: whatever the machine is set to, or nothing at all."""


@cache
def places() -> frozenset[str]:
    """The names of all zones, on every machine the same ones; no `localtime`, no `posix/…`, no `right/…`."""
    return frozenset(available_timezones()) - _NO_PLACES


def meant_zone(name: str) -> str:
    """The likeliest zone: one within the name, of a region of North America, or of a city; empty if none is likely.

    Salesforce, for one, shows `(GMT-04:00) Eastern Daylight Time (America/New_York)`.
    """
    written = name.lower().strip()
    cities = {zone.rpartition("/")[2].lower(): zone for zone in sorted(available_timezones()) if "/" in zone}
    within = [zone for zone in cities.values() if zone.lower() in written]
    if within:
        return max(within, key=len)
    if _REGION.fullmatch(written):
        return _NORTH_AMERICA[written[0]]
    city = written.rpartition("/")[2].replace(" ", "_")
    return next((cities[near] for near in get_close_matches(city, cities, n=1, cutoff=_CUT_OFF)), "")
