"""Codes in words, and what a ledger makes of settings."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from connector.cli.printing import named
from connector.wiring import meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.config import Config


class Worded:
    """Says what codes mean: `STRING_TOO_LONG, field Subject: a text is longer than its field`."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self, code: str, fields: Sequence[str] = ()) -> str:
        """The code with the fields it is about, and what it means, if that is known."""
        found = meaning(self._config, code)
        return named(code, fields, {}) + (f": {found[0]}" if found else "")


def idle_start(config: Config, began: datetime | None) -> str:
    """What to say where `sync.start` says something else than how far back the ledger looks; empty where it does not.

    `began` is how far back that is, as of its first run; None before that.
    """
    start = config.sync.start
    if start is None or began is None or datetime.combine(start, time(), UTC) == began:
        return ""
    said = f"sync.start ({start}) counts for a new ledger only: this one looks back to {began:%Y-%m-%d}, as it began."
    if datetime.combine(start, time(), UTC) < began:
        said += f" For earlier calls: `apten-crm resync --since {start}`."
    return said
