"""Walks a paged listing of Apten's to its end, whatever becomes of its page tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from connector.errors import ExpiredTokenError, OutOfAttemptsError
from connector.sync.cost import Step
from connector.sync.settle import SKEW

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connector.model import Page
    from connector.sync.context import Context
    from connector.sync.task import Task

Row = TypeVar("Row")

MAX_STALLS = 3


@dataclass(slots=True)
class Listing(Generic[Row]):
    """Walks a paged listing to its end, starting again where a page token is refused or comes back a second time.

    Args:
        context: the run.
        name: `leads` or `events`, for messages.
        stamp: the stamp that the listing is sorted by.
        save: makes a page durable.
    """

    context: Context
    name: str
    stamp: Callable[[Row], datetime | None]
    save: Callable[[Page[Row]], None]

    def walk(self, page_at: Callable[[datetime, str | None], Task[Page[Row]]], since: datetime) -> Task[None]:
        """Save every page since then; `page_at` asks for the page at a stamp and token.

        Raises:
            OutOfAttemptsError: three restarts in a row brought nothing new.
        """
        token: str | None = None
        used: set[str] = set()
        reached, stalls = since, 0
        while True:
            try:
                page = yield from page_at(since, token)
            except ExpiredTokenError:
                token = None
            else:
                self.context.server.learn(page.server_time)
                self._tell_unreadable(page)
                with self.context.stopwatch.timing(Step.DISCOVERING):
                    self.save(page)
                reached = max([reached, *self._believable(page)])
                if page.next_token is None:
                    return
                token = page.next_token if page.next_token not in used else None
            if token is not None:
                used.add(token)
                continue
            stalls = 0 if reached > since else stalls + 1
            if stalls == MAX_STALLS:
                raise OutOfAttemptsError(
                    f"Apten's listing of {self.name} keeps refusing or repeating its page tokens.",
                    done="The run was stopped; everything listed so far is remembered.",
                    todo="Run it again; if it stops here again, report it to Apten's support.",
                )
            self.context.log.warning("listing.restarted", listing=self.name)
            since = reached
            used.clear()

    def _tell_unreadable(self, page: Page[Row]) -> None:
        """A row or field that cannot be read holds up nothing else, but somebody has to know."""
        self.context.counts["unreadable"] += len(page.unreadable)
        for what in page.unreadable:
            self.context.log.warning("row.unreadable", listing=self.name, what=what)

    def _believable(self, page: Page[Row]) -> list[datetime]:
        limit = self.context.server.now() + SKEW
        return [stamp for stamp in map(self.stamp, page.rows) if stamp is not None and stamp <= limit]
