r"""One spelling for every text, so that what was sent and what is read back can be compared.

CRMs trim, turn line ends into `\r\n` and drop control characters; comparing raw text would see edits nobody made.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = {"\r": "\n", "\u2028": "\n", "\u2029": "\n"}
# Control characters and lone surrogates: no CRM stores them, and the latter cannot be sent as UTF-8 at all.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_KEPT = re.compile("[\t\n -~\xa0-\ud7ff\ue000-\U0010ffff]*")
_DROPPED_BYTES = bytes(code for code in range(0x80) if _DROPPED.match(chr(code)))


def canonical_text(text: str) -> str:
    r"""NFC, `\n` line ends, no control characters, no white space at either end. Applying it twice changes nothing."""
    # Each part first asks whether there is anything to do: transcripts are long and rarely hold any of it.
    if text.isprintable():
        return unicodedata.normalize("NFC", text).strip()
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii():
        return text.replace("\r", "\n").encode().translate(None, _DROPPED_BYTES).decode().strip()
    for ending, newline in _LINE_ENDS.items():
        if ending in text:
            text = text.replace(ending, newline)
    if not _KEPT.fullmatch(text):
        text = _DROPPED.sub("", text)
    return unicodedata.normalize("NFC", text).strip()
