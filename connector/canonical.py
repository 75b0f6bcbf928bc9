r"""One spelling for every text, so that what was sent and what is read back can be compared.

CRMs trim, turn line ends into `\r\n` and drop control characters; comparing raw text would see edits nobody made.
"""

from __future__ import annotations

import unicodedata

_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n"}
_KEPT = {"\n", "\t"}
# Control characters and lone surrogates: no CRM stores them, and the latter cannot be sent as UTF-8 at all.
_DROPPED = {code: None for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)) if chr(code) not in _KEPT}


def canonical_text(text: str) -> str:
    r"""NFC, `\n` line ends, no control characters, no white space at either end. Applying it twice changes nothing."""
    for ending, newline in _LINE_ENDS.items():
        text = text.replace(ending, newline)
    return unicodedata.normalize("NFC", text.translate(_DROPPED)).strip()
