"""Rows of one kind, kept in the order of their stamps and ready to send."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]
Position = tuple[datetime, str]
"""Where a row stands in a listing: its stamp, then its id."""


class Shelf:
    """Rows by id, and for each of `stamps` (`updatedAt`, …) their order by that stamp."""

    def __init__(self, *stamps: str) -> None:
        self._rows: dict[str, Row] = {}
        self._order: dict[str, list[Position]] = {stamp: [] for stamp in stamps}
        self._sent: dict[str, bytes] = {}

    def __contains__(self, row_id: str) -> bool:
        return row_id in self._rows

    def __getitem__(self, row_id: str) -> Row:
        return self._rows[row_id]

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, row: Row) -> None:
        """Add a row, or replace the one with its id."""
        self.drop(row["id"])
        self._rows[row["id"]] = row
        for stamp, order in self._order.items():
            insort(order, _position(row, stamp))

    def drop(self, row_id: str) -> None:
        """Take a row away, if it is there."""
        row = self._rows.pop(row_id, None)
        self._sent.pop(row_id, None)
        if row is not None:
            for stamp, order in self._order.items():
                del order[bisect_left(order, _position(row, stamp))]

    def page(
        self, stamp: str, *, since: datetime, after: Position | None, limit: int
    ) -> tuple[list[Row], Position | None]:
        """Up to `limit` rows from `since` (inclusive) or, further on, after a position; and where the page ended.

        The position is None if the page was not full, so that nothing can follow.
        """
        order = self._order[stamp]
        begin = bisect_left(order, (since, ""))
        if after is not None:
            begin = max(begin, bisect_right(order, after))
        page = order[begin : begin + limit]
        return [self._rows[row_id] for _, row_id in page], page[-1] if len(page) == limit else None

    def json(self, row_id: str) -> bytes:
        """The row as it goes over the wire."""
        if row_id not in self._sent:
            self._sent[row_id] = to_json(self._rows[row_id])
        return self._sent[row_id]

    def newest(self, stamp: str) -> datetime | None:
        """The newest stamp of all rows."""
        return self._order[stamp][-1][0] if self._order[stamp] else None


def to_json(value: Any) -> bytes:
    r"""UTF-8 JSON. A lone surrogate, which UTF-8 cannot hold, is escaped: `\ud83d`."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def join(parts: Iterable[bytes]) -> bytes:
    """A JSON array of parts that are JSON already."""
    return b"[" + b",".join(parts) + b"]"


def stamp_text(at: datetime) -> str:
    """A time as Apten writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_stamp(text: str) -> datetime:
    """The time that a row's or a query's text means; without a zone it is UTC.

    Raises:
        ValueError: it is none.
    """
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _position(row: Row, stamp: str) -> Position:
    return read_stamp(row[stamp]), row["id"]
