"""What the ids of Salesforce's records tell."""

from __future__ import annotations

_PEOPLE = {"00Q": "Lead", "003": "Contact"}


def person_object(record_id: str) -> str | None:
    """`Lead` or `Contact` by the id's prefix; None for any other object."""
    return _PEOPLE.get(record_id[:3])
