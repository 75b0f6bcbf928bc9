"""What a CRM in memory holds, who wrote it when, and the rules by which it takes a row."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from connector.canonical import canonical_text
from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema, length_of
from connector.errors import RejectedError
from connector.model import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from connector.model import Value

OBJECT, KEY = "calls", "call_id"
TARGET = Target(OBJECT, KEY)
_FIELDS = (
    FieldSchema("person_id", FieldType.TEXT, length=40),
    FieldSchema("status", FieldType.TEXT, length=40),
    FieldSchema("seconds", FieldType.INTEGER),
    FieldSchema("day", FieldType.DATE),
    FieldSchema("subject", FieldType.TEXT, length=255),
    FieldSchema("notes", FieldType.LONG_TEXT),
)
_TYPES = {FieldType.INTEGER: int, FieldType.DATE: date}


@cache
def schema(*, unique: bool = True, create_only: bool = True) -> ObjectSchema:
    """The object's fields: whether a key can be there only once, and `kind` be set at creation only."""
    key = FieldSchema(KEY, FieldType.TEXT, length=255, key=unique)
    kind = FieldSchema("kind", FieldType.TEXT, length=40, updateable=not create_only)
    return ObjectSchema("salesforce", OBJECT, Counted.CHARACTERS, {each.name: each for each in (key, kind, *_FIELDS)})


@dataclass(frozen=True, slots=True)
class Written:
    """One change of a record: by the connector, or by `hand`; `fields` as they were before and are now."""

    at: datetime
    record_id: str
    key: str
    what: str
    by_hand: bool
    before: Mapping[str, Value]
    fields: Mapping[str, Value]


@dataclass
class Records:
    """Everything in the CRM.

    Args:
        unique, create_only: see `schema`.
        people: the ids of those it knows.
        refused: keys of rows that a rule of an admin's refuses, and with them the batch that they are in.
        was_refusing: whether there ever was such a rule.
    """

    unique: bool = True
    create_only: bool = True
    people: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    was_refusing: bool = False
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)
    history: list[Written] = field(default_factory=list)
    ids_of: dict[str, list[str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _late: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    @property
    def schema(self) -> ObjectSchema:
        """The object's fields."""
        return schema(unique=self.unique, create_only=self.create_only)

    def later(self, at: datetime, effect: Callable[[], object]) -> None:
        """A write that nobody waits for any more takes effect only then."""
        heapq.heappush(self._late, (at, next(self._numbers), effect))

    def catch_up(self, now: datetime) -> None:
        """Let every late write take effect that is due by now."""
        while self._late and self._late[0][0] <= now:
            heapq.heappop(self._late)[2]()

    def refuse(self, key: str) -> None:
        """An admin's rule is made that takes no row with this key."""
        self.refused.add(key)
        self.was_refusing = True

    def refusal(self, key: str, fields: Mapping[str, Value]) -> RejectedError | None:
        """Why a row is not taken: an admin's rule, or the schema; None if it is."""
        if key in self.refused:
            return RejectedError("A rule refused the row.", code="RULE")
        for name, value in fields.items():
            known = self.schema.fields.get(name)
            if known is None:
                return RejectedError("There is no such field.", code="INVALID_FIELD", fields=(name,))
            if value is not None and type(value) is not _TYPES.get(known.type, str):
                return RejectedError("A value is of another type.", code="INVALID_TYPE", fields=(name,))
            if known.length and isinstance(value, str) and length_of(value, Counted.CHARACTERS) > known.length:
                return RejectedError("A text is too long.", code="STRING_TOO_LONG", fields=(name,))
        return None

    def create(self, at: datetime, key: str, fields: Mapping[str, Value]) -> str:
        """A new record; its id."""
        record_id = f"record-{next(self._numbers):06}"
        if self.unique and self.ids_of.get(key):
            raise AssertionError("a key that must be unique was about to be there twice")
        self.ids_of.setdefault(key, []).append(record_id)
        self.rows[record_id] = {KEY: key}
        self._put(at, record_id, "create", fields, by_hand=False)
        return record_id

    def update(self, at: datetime, record_id: str, fields: Mapping[str, Value], *, by_hand: bool = False) -> None:
        """Change a record."""
        self._put(at, record_id, "update", fields, by_hand=by_hand)

    def delete(self, at: datetime, record_id: str) -> None:
        """A person deletes a record."""
        row = self.rows.pop(record_id)
        key = str(row[KEY])
        self.ids_of[key].remove(record_id)
        self.history.append(Written(at, record_id, key, "delete", by_hand=True, before=row, fields={}))

    def ids(self, key: str) -> list[str]:
        """The records that hold this key, oldest first."""
        return self.ids_of.get(key, [])

    def _put(self, at: datetime, record_id: str, what: str, fields: Mapping[str, Value], *, by_hand: bool) -> None:
        row = self.rows[record_id]
        stored = {name: _stored(value) for name, value in fields.items()}
        before = {name: row.get(name) for name in stored}
        row.update(stored)
        self.history.append(Written(at, record_id, str(row[KEY]), what, by_hand, before, stored))


def _stored(value: Value) -> Value:
    r"""As CRMs keep texts: trimmed, with `\r\n`, an empty one as none."""
    if not isinstance(value, str):
        return value
    return canonical_text(value).replace("\n", "\r\n") or None


def read_back(value: Value) -> Value:
    """As an adapter reads it: canonical."""
    return canonical_text(value) if isinstance(value, str) else value
