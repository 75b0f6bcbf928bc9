"""A CRM of ours without a network, over `Records`."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from connector.errors import RejectedError, UncertainWriteError
from connector.model import Page, Person, Receipt, Record, Unlinked
from connector.usage import Usage
from tests.reliability.simulation.records import OBJECT, read_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.model import Activity, Lookup, PersonSearch, Target
    from tests.reliability.simulation.records import Records
    from tests.reliability.simulation.time import VirtualTime
    from tests.reliability.simulation.weather import Weather

T = TypeVar("T")

_SCAN = 2_000
LONGEST_REQUEST = timedelta(minutes=10)
"""How long this CRM may go on with a request that nobody listens to any more."""


class MemoryCrm:
    """Satisfies `ports.Crm`: one connection to what `records` holds.

    Where the key is not unique, a create looks for it first, and one whose answer was lost may come late, as
    Salesforce and its adapter have it.
    """

    usage = Usage()

    def __init__(self, records: Records, time: VirtualTime, weather: Weather, *, batch_size: int = 200) -> None:
        self.batch_size = batch_size
        self._records = records
        self._time = time
        self._weather = weather

    def identity(self) -> str:
        return self._ask(lambda: "simulated")

    def describe(self, target: Target) -> ObjectSchema:
        assert target.object == OBJECT
        return self._ask(lambda: self._records.schema)

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        return self._ask(lambda: [self._person(search) for search in searches])

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        return [() for _ in lookups]

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        del target
        assert len(keys) <= self.batch_size
        ids = self._records.ids
        return self._ask(lambda: {key: self._record(ids(key), fields) for key in keys if ids(key)})

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        del target

        def answer() -> Page[tuple[str, str]]:
            held = sorted((key, ids[0]) for key, ids in self._records.ids_of.items() if ids and key > (token or ""))
            rows = tuple(held[:_SCAN])
            return Page(rows, rows[-1][0] if len(held) > _SCAN else None)

        return self._ask(answer)

    def key_of(self, target: Target, record_id: str) -> str | None:
        row = self._ask(lambda: self._records.rows.get(record_id))
        return None if row is None else str(row[target.key_field])

    def link(self, _record_id: str) -> str | None:
        return None

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        assert len({activity.key for activity in activities}) == len(activities) <= self.batch_size
        if activities and activities[0].record_id is None and not self._records.unique:
            return self._create_missing(target, activities)
        return self._write(lambda: self._take(activities))

    def close(self) -> None:
        return

    def _ask(self, answer: Callable[[], T]) -> T:
        self._records.catch_up(self._time.now)
        return self._weather.ask_crm(answer)

    def _write(self, effect: Callable[[], T]) -> T:
        self._records.catch_up(self._time.now)
        return self._weather.write(effect)

    def _create_missing(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        there = self.read(target, [activity.key for activity in activities], ())
        missing = [activity for activity in activities if activity.key not in there]

        def effect() -> list[Receipt]:
            late = self._weather.comes_late(LONGEST_REQUEST)
            if late is None:
                return self._take(missing)
            self._records.later(self._time.now + late, lambda: self._take_unheard(missing))
            raise UncertainWriteError("No answer came to the writing.")

        receipts: dict[str, Receipt] = {}
        if missing:
            try:
                receipts = {receipt.key: receipt for receipt in self._write(effect)}
            except UncertainWriteError as error:
                raise UncertainWriteError(error.happened, retry_after=LONGEST_REQUEST.total_seconds()) from None
        return [receipts.get(each.key) or Receipt(each.key, exists=True) for each in activities]

    def _take(self, activities: Sequence[Activity]) -> list[Receipt]:
        """All rows, each for itself; but a row that an admin's rule refuses takes the whole batch with it."""
        if len(activities) > 1 and any(activity.key in self._records.refused for activity in activities):
            raise RejectedError("The CRM refused the batch.", code="TRIGGER_FAILED")
        return [self._take_one(activity) for activity in activities]

    def _take_unheard(self, activities: Sequence[Activity]) -> None:
        with suppress(RejectedError):
            self._take(activities)

    def _take_one(self, activity: Activity) -> Receipt:
        records, now, key = self._records, self._time.now, activity.key
        if error := records.refusal(key, activity.fields) or self._weather.row_locked():
            return Receipt(key, error=error)
        record_id = activity.record_id or next(iter(records.ids(key) if records.unique else ()), None)
        if record_id is None:
            return Receipt(key, record_id=records.create(now, key, activity.fields), created=True)
        if record_id not in records.rows:
            return Receipt(key, gone=True)
        if not records.schema.create_only.isdisjoint(activity.fields):
            return Receipt(key, exists=True)
        records.update(now, record_id, activity.fields)
        return Receipt(key, record_id=record_id)

    def _person(self, search: PersonSearch) -> Person | Unlinked:
        for clue in search.clues:
            if clue.value in self._records.people:
                return Person(clue.value)
        return Unlinked("nobody has this id")

    def _record(self, ids: Sequence[str], fields: Sequence[str]) -> Record:
        row = self._records.rows[ids[0]]
        return Record(ids[0], {name: read_back(row.get(name)) for name in fields}, doubles=tuple(ids[1:]))
