"""The ledger's tables: ids, stamps, fingerprints, reasons and codes; never a word of a call.

A change here needs an upgrade in `migrations.py`, so that old ledgers end up with the same tables as new ones. Tables
are named after their rows, columns after the fields they remember.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)

from connector.model import State

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Stamp(TypeDecorator[datetime]):
    """An aware time as integer microseconds UTC: sorts alike in every database and reads back equal to what was saved.

    Coarser units would make a stamp differ from itself, and a stamp that differs means a call to fetch again.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  # SQLAlchemy's signature
        """To the database."""
        return None if value is None else (value - _EPOCH) // _TICK

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """From the database."""
        return None if value is None else _EPOCH + value * _TICK


_STATE = Enum(State, native_enum=False, length=16, values_callable=lambda states: [state.value for state in states])
OPEN_STATES = (State.INTENT, State.WAITING, State.PARKED, State.LEFT_OVER)
"""States that a call leaves again: few calls at a time, asked for in every run."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("started_at", Stamp, nullable=False),
    Column("finished_at", Stamp),
    # Null in a finished run: it was killed, and the run after it closed the record.
    Column("exit_code", Integer),
    Column("counts", JSON(none_as_null=True)),
    # The class of the error that ended it.
    Column("error", Text),
)

lead = Table(
    "lead",
    metadata,
    Column("lead_id", Text, primary_key=True),
    Column("activity_at", Stamp),
    Column("events_since", Stamp),
    Column("due_at", Stamp),
    Column("deleted", Boolean, nullable=False),
    # When the run began that saved it.
    Column("saved_at", Stamp, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "lead_due",
    lead.c.due_at,
    lead.c.lead_id,
    sqlite_where=lead.c.due_at.is_not(None),
)

call = Table(
    "call",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("lead_id", Text),
    Column("updated_at", Stamp),
    Column("created_at", Stamp),
    Column("due_at", Stamp),
    Column("looks", Integer, nullable=False),
    Column("source_hash", LargeBinary),
    sqlite_with_rowid=False,
)
Index(
    "call_due",
    call.c.due_at,
    call.c.call_id,
    sqlite_where=call.c.due_at.is_not(None),
)

target = Table(
    "target",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)

activity = Table(
    "activity",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("target_id", Integer, ForeignKey(target.c.id), primary_key=True, autoincrement=False),
    Column("state", _STATE, nullable=False),
    Column("record_id", Text),
    Column("fingerprint", LargeBinary),
    Column("prints", LargeBinary),
    Column("mapping", LargeBinary),
    Column("reason", Text),
    Column("unlinked", Text),
    Column("at", Stamp),
    # When the first of the attempts was that have failed in a row, the last of them `at`; null where none has.
    Column("since", Stamp),
    sqlite_with_rowid=False,
)
IS_OPEN = activity.c.state.in_([literal_column(f"'{state.value}'") for state in OPEN_STATES])
"""The condition of the index below, word for word: a query must repeat it for SQLite to use that index."""
Index("activity_open", activity.c.state, activity.c.call_id, sqlite_where=IS_OPEN)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey(run.c.id), nullable=False),
    Column("call_id", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", Stamp, nullable=False),
    Column("code", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("fields", JSON, nullable=False),
)
Index("attempt_of_call", attempt.c.call_id)
Index("attempt_age", attempt.c.at)
