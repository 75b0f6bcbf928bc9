"""Words an org's admin wrote, made fit to be shown: nothing of the call stays in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.canonical import canonical_text

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUN = 8
_LONGEST = 300


def without(text: str, values: Iterable[object]) -> str:
    """The text on one line, every run of 8 or more characters that also occurs in a value replaced by `…`."""
    text = " ".join(canonical_text(text).split())[:_LONGEST]
    known = "\x00".join(" ".join(str(value).split()) for value in values if value is not None)
    kept: list[str] = []
    at = 0
    while at < len(text):
        end = at + _RUN
        if text[at:end] not in known or end > len(text):
            kept.append(text[at])
            at += 1
            continue
        while end < len(text) and text[at : end + 1] in known:
            end += 1
        kept.append("…")
        at = end
    return "".join(kept)
