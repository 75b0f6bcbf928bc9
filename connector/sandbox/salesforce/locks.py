"""Locks on records while a save is under way; who waits too long for one gets UNABLE_TO_LOCK_ROW.

A save locks the records its rows point to, the records it changes, and the values it puts into unique fields. As it is
over in no time, two saves meet only where a test lets them last.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

_LOOK_AGAIN = 0.005


class Locks:
    """The locks of one org.

    Attributes:
        save_seconds: how long every save takes, its locks held all the while.
        wait_seconds: how long a row waits for a lock that another save holds.
    """

    def __init__(self) -> None:
        self.save_seconds = 0.0
        self.wait_seconds = 10.0
        self._held: set[str] = set()
        self._refusals = 0

    def refuse_rows(self, times: int) -> None:
        """Let so many of the next rows find a lock that nobody lets go."""
        self._refusals += times

    @asynccontextmanager
    async def held(self, rows: Sequence[frozenset[str]]) -> AsyncIterator[list[str | None]]:
        """Hold the locks of each row; yields for each row the lock it could not get, else None."""
        mine: set[str] = set()
        try:
            yield [await self._take(row, mine) for row in rows]
        finally:
            self._held -= mine

    async def last(self) -> None:
        """Take the time a save takes."""
        if self.save_seconds:
            await asyncio.sleep(self.save_seconds)

    async def _take(self, row: frozenset[str], mine: set[str]) -> str | None:
        if self._refusals:
            self._refusals -= 1
            return min(row, default="")
        waited = 0.0
        while foreign := (row & self._held) - mine:
            if waited >= self.wait_seconds:
                return min(foreign)
            await asyncio.sleep(_LOOK_AGAIN)
            waited += _LOOK_AGAIN
        mine |= row
        self._held |= row
        return None
