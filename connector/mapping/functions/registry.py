"""Which functions there are, and where each can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.functions.dates import DATE, DATETIME, TIME
from connector.mapping.functions.numbers import MILLISECONDS, MINUTES
from connector.mapping.functions.prose import DEFAULT, DIALOGUE, LABEL, TEXT
from connector.mapping.functions.shorten import CUT

if TYPE_CHECKING:
    from connector.mapping.functions.function import Function

CONVERSIONS: dict[str, Function] = {f.name: f for f in (DATE, DATETIME, LABEL, MILLISECONDS, MINUTES, TEXT)}
"""What `as` takes."""

FILTERS: dict[str, Function] = {f.name: f for f in (CUT, DATE, DEFAULT, DIALOGUE, LABEL, MINUTES, TIME)}
"""What stands behind `|` in a template."""
