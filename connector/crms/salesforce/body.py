"""Bodies of answers that stay within bounds, or fail: however little of them goes over the line."""

from __future__ import annotations

import codecs
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from requests.exceptions import InvalidJSONError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse

LARGEST = 128 * 2**20
"""Bytes of an unpacked answer: 200 records with custom texts of the longest sort come to half of it."""
LARGEST_REFUSAL = 2**20
"""The same of one that is none: the library guesses at the spelling of whatever stands there, which takes long."""


class Bounded:
    """An answer as `requests` reads it, of which reading raises InvalidJSONError where it cannot be Salesforce's.

    That is, where it unpacks to more than any honest one; or where it is good but not UTF-8, for the library would put
    something else in place of what it cannot read.
    """

    def __init__(self, answer: BaseHTTPResponse) -> None:
        self._answer = answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answer, name)

    def stream(self, amt: int, *, decode_content: bool) -> Iterator[bytes]:
        """The unpacked body, piece by piece."""
        good = self._answer.status < HTTPStatus.MULTIPLE_CHOICES
        left = LARGEST if good else LARGEST_REFUSAL
        reader = codecs.getincrementaldecoder("utf-8")(errors="strict" if good else "ignore")
        for piece in self._answer.stream(amt, decode_content=decode_content):
            left -= len(piece)
            if left < 0:
                self._answer.close()
                raise InvalidJSONError("too large")
            try:
                reader.decode(piece)
            except UnicodeDecodeError:
                self._answer.close()
                raise InvalidJSONError("not UTF-8") from None
            yield piece
