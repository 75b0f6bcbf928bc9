"""Writes a batch of activities to a table, together or each for itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from connector.crms.database import statements
from connector.crms.database.line import alone
from connector.crms.database.tables import column_of
from connector.crms.database.values import to_column
from connector.errors import CallError
from connector.model import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from connector.model import Activity


@dataclass(frozen=True, slots=True)
class Batch:
    """Where activities go: a table, and its key column."""

    table: sa.Table
    key: str

    def write(self, connection: sa.Connection, activities: Sequence[Activity]) -> list[Receipt]:
        """Write all of them; the first row that does not pass raises."""
        if activities[0].record_id is not None:
            return [self._update(connection, activity, activity.record_id) for activity in activities]
        rows = [{**self._row(activity), self.key: activity.key} for activity in activities]
        known = statements.upsert(connection, self.table, self.key, rows)
        return [Receipt(each.key, record_id=each.key, created=each.key not in known) for each in activities]

    def write_apart(self, connection: sa.Connection, doing: str, activities: Sequence[Activity]) -> list[Receipt]:
        """Write each for itself, so that a row that does not pass fails alone."""
        receipts = []
        for activity in activities:
            columns = self.table.columns.keys()
            result = alone(
                connection,
                doing,
                partial(self.write, activities=[activity]),
                columns=columns,
                call_id=activity.call_id,
            )
            receipts += [Receipt(activity.key, error=result)] if isinstance(result, CallError) else result
        return receipts

    def _update(self, connection: sa.Connection, activity: Activity, record_id: str | None) -> Receipt:
        there = statements.update(connection, self.table, self.key, str(record_id), self._row(activity))
        return Receipt(activity.key, record_id=record_id) if there else Receipt(activity.key, gone=True)

    def _row(self, activity: Activity) -> dict[str, Any]:
        return {name: to_column(column_of(self.table, name), value) for name, value in activity.fields.items()}
