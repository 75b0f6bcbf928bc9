"""Record ids as Salesforce makes them: 15 characters that tell upper from lower case, and 3 that make that safe."""

from __future__ import annotations

import re
from itertools import count
from string import ascii_lowercase, ascii_uppercase, digits

LEAD, CONTACT, TASK, USER, ORGANIZATION = "00Q", "003", "00T", "005", "00D"
_DIGITS = digits + ascii_uppercase + ascii_lowercase
_SUFFIX = ascii_uppercase + "012345"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\Z")


class Ids:
    """Makes ids in ascending order."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, prefix: str) -> str:
        """The next id with this prefix, 18 characters."""
        number, tail = next(self._numbers), ""
        while number:
            number, digit = divmod(number, len(_DIGITS))
            tail = _DIGITS[digit] + tail
        return whole(f"{prefix}Hs{tail:0>10}")


def is_id(text: str) -> bool:
    """Whether a text has the shape of an id."""
    return _SHAPE.match(text) is not None


def whole(record_id: str) -> str:
    """The 18-character form; for every five characters one that says which of them are upper case."""
    head = record_id[:15]
    blocks = (head[:5], head[5:10], head[10:])
    return head + "".join(_SUFFIX[sum(1 << i for i, ch in enumerate(block) if ch.isupper())] for block in blocks)
