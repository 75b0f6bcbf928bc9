"""Apten as a `Source` without a network: the stand-in's world, paged and refused as its server does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from connector.apten.rows import CallEvent, read_rows
from connector.errors import CallGoneError, CredentialsError, ExpiredTokenError
from connector.model import CallRef, Page
from connector.sandbox.shelf import read_stamp
from connector.source_model import Call, Lead
from connector.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connector.sandbox.shelf import Position, Row, Shelf
    from connector.sandbox.world import World
    from tests.reliability.simulation.time import VirtualTime
    from tests.reliability.simulation.weather import Weather

T = TypeVar("T")


class WorldSource:
    """Satisfies `ports.Source`.

    Args:
        world: what it shows.
        time: its clock.
        weather: what becomes of each request.
        page_size: most rows of a page.
        refuses: whether the key is not accepted now.
    """

    host = "apten.simulated"
    usage = Usage()
    server_time: datetime | None = None

    def __init__(
        self,
        world: World,
        time: VirtualTime,
        weather: Weather,
        *,
        page_size: int = 1000,
        refuses: Callable[[], bool] = lambda: False,
    ) -> None:
        self._world = world
        self._time = time
        self._weather = weather
        self._page_size = page_size
        self._refuses = refuses

    def leads(self, *, updated_since: datetime, token: str | None = None) -> Page[Lead]:
        def answer() -> Page[Lead]:
            rows, next_token = self._page(self._world.lead_shelf, updated_since, token)
            leads, unreadable = read_rows(Lead, rows)
            return Page(leads, next_token, self._date(), unreadable)

        return self._ask(answer)

    def lead(self, lead_id: str) -> Lead | None:
        def answer() -> Lead | None:
            shelf = self._world.lead_shelf
            return Lead.model_validate(shelf[lead_id]) if lead_id in shelf else None

        return self._ask(answer)

    def events(self, lead_id: str, *, since: datetime, token: str | None = None) -> Page[CallRef]:
        def answer() -> Page[CallRef]:
            shelf = self._world.event_shelf(lead_id)
            if shelf is None:
                return Page((), None, gone=True)
            rows, next_token = self._page(shelf, since, token)
            events, unreadable = read_rows(CallEvent, (row for row in rows if row["type"] == "CALL"))
            refs = tuple(CallRef(event.id, lead_id=lead_id, updated_at=event.updated_at) for event in events)
            return Page(refs, next_token, self._date(), unreadable)

        return self._ask(answer)

    def call(self, call_id: str) -> Call:
        def answer() -> Call:
            shelf = self._world.call_shelf
            if call_id not in shelf:
                raise CallGoneError(f"Apten has no call {call_id}.", code="call_gone")
            return Call.model_validate(shelf[call_id])

        return self._ask(answer)

    def _ask(self, answer: Callable[[], T]) -> T:
        def admitted() -> T:
            with self._world.lock:
                self._world.catch_up(self._time.now)
                if self._refuses():
                    raise CredentialsError("Apten refused the key.", todo="Check apten.api_key.")
                self.server_time = self._date()
                return answer()

        return self._weather.ask_source(admitted)

    def _date(self) -> datetime:
        """As in the header `Date`: whole seconds."""
        return self._time.now.replace(microsecond=0)

    def _page(self, shelf: Shelf, since: datetime, token: str | None) -> tuple[list[Row], str | None]:
        # Apten counts in milliseconds.
        since = since.replace(microsecond=since.microsecond // 1000 * 1000)
        after = None if token is None else self._position(token)
        rows, end = shelf.page("updatedAt", since=since, after=after, limit=self._page_size)
        return rows, end and json.dumps([end[0].isoformat(), end[1]])

    def _position(self, token: str) -> Position:
        if not self._weather.token_expires():
            try:
                stamp, row_id = json.loads(token)
                return read_stamp(stamp), row_id
            except ValueError:
                pass
        raise ExpiredTokenError("Apten no longer takes this page token.", todo="List again.")
