"""Cuts texts as the CRM counts them, never inside what a reader sees as one character."""

from __future__ import annotations

import unicodedata

from connector.canonical import canonical_text
from connector.crm_schema import Counted, length_of

WIDEST = 2
"""The most a single character counts; with this much room, cutting never leaves nothing."""

_JOINER = "\u200d"


def cut(text: str, limit: int, counted: Counted, *, keep_end: bool = False, mark: str = "") -> str:
    """The text if it fits, else as much of its start (or end) as fits together with the mark, canonical.

    A mark that does not fit itself is left out.
    """
    if _fits(text, limit, counted):
        return text
    room = limit - length_of(mark, counted)
    if room < 0:
        mark, room = "", limit
    kept = mark + _end(text, room, counted).lstrip() if keep_end else _start(text, room, counted).rstrip() + mark
    return canonical_text(kept)


def _fits(text: str, limit: int, counted: Counted) -> bool:
    if len(text) > limit:
        return False
    return 2 * len(text) <= limit or length_of(text, counted) <= limit


def _start(text: str, room: int, counted: Counted) -> str:
    """The longest start that has room and ends between two characters as a reader sees them, if there is one."""
    at = min(room, len(text))
    while (over := length_of(text[:at], counted) - room) > 0:
        at -= (over + 1) // 2
    apart = at
    while not _is_boundary(text, apart):
        apart -= 1
    return text[: apart or at]


def _end(text: str, room: int, counted: Counted) -> str:
    at = max(0, len(text) - room)
    while (over := length_of(text[at:], counted) - room) > 0:
        at += (over + 1) // 2
    apart = at
    while not _is_boundary(text, apart):
        apart += 1
    return text[apart if apart < len(text) else at :]


def _is_boundary(text: str, at: int) -> bool:
    """Whether the characters on both sides of this place stand apart."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or (before == "\r" and after == "\n"):
        return False
    if unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    return not (_is_flag_letter(after) and _flag_letters_before(text, at) % 2)


def _is_flag_letter(ch: str) -> bool:
    return "\U0001f1e6" <= ch <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    """How many flag letters stand before this place without a break; two make one flag."""
    start = at
    while start > 0 and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start
