"""Salesforce record ids: 15 characters that tell upper from lower case, or those with a 3-character suffix."""

from __future__ import annotations

import re

_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\Z")
_SUFFIXES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def is_id(text: str) -> bool:
    """Whether a text has the form of a record id."""
    return _ID.match(text) is not None


def full_id(record_id: str) -> str:
    """The 18-character form of a record id. Its suffix is computed, whatever suffix was given."""
    head = record_id[:15]
    blocks = (head[0:5], head[5:10], head[10:15])
    return head + "".join(_SUFFIXES[sum(1 << i for i, ch in enumerate(block) if "A" <= ch <= "Z")] for block in blocks)
