"""E-mail addresses, for fields that take nothing else."""

from __future__ import annotations

import re

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")


def address_in(text: str, room: int | None) -> str | None:
    """The address, in small letters as CRMs keep it; None if the text is none, or longer than the field.

    What it takes, every CRM takes: plain letters only, no quotes, no comments.
    """
    text = text.strip().lower()
    fits = room is None or len(text) <= room
    return text if fits and _ADDRESS.fullmatch(text) else None
