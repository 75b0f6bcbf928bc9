"""Telling a person: a webhook, and a small file that remembers what was told."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from connector.alert.webhook import post
from connector.errors import AlertError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Alert:
    """Tells a person by a webhook.

    What was told is remembered in a file of its own, not in the ledger: that the ledger cannot be opened is among the
    things to tell of.

    Args:
        url: the webhook's address, a secret.
        memory: the file; made, readable for its owner only, when there is something to remember.
        ca_file: certificates in PEM to trust besides the usual ones.
    """

    def __init__(self, url: str, memory: Path, *, ca_file: Path | None = None) -> None:
        self._url = url
        self._memory = memory
        self._ca_file = ca_file

    def told(self) -> dict[str, str]:
        """The troubles told of and not yet told to be over, each with its state; none if that is not known.

        Told twice is better than not at all: a file that is gone or damaged counts as nothing told.
        """
        try:
            known = json.loads(self._memory.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return {str(kind): str(state) for kind, state in known.items()} if isinstance(known, dict) else {}

    def tell(self, text: str) -> None:
        """Send one message.

        Raises:
            AlertError: it was not delivered.
        """
        post(self._url, text, ca_file=self._ca_file)

    def remember(self, told: Mapping[str, str]) -> None:
        """Remember what was told.

        Raises:
            AlertError: it cannot be written down.
        """
        try:
            # No temporary file that a kill could leave behind: a torn one counts as nothing told.
            file = os.open(self._memory, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as memory:
                json.dump(dict(told), memory)
        except OSError:
            raise AlertError(
                f"What was told cannot be remembered in {self._memory}; the next run tells it again.",
                todo="Give this user the right to write that file, and the disk some space.",
            ) from None
