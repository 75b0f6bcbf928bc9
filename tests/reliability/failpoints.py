"""Named moments of a run, told by thin wrappers around what the product is made of. The product knows nothing of them.

`arm` wraps ports, steps and the transactions of both databases for the rest of the process's life: it is for processes
that are about to be killed. Pages and batches are made small, so that a small world has many of each.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from requests.adapters import HTTPAdapter

from connector.apten import client as apten
from connector.crms.database import adapter as database
from connector.crms.salesforce import adapter as salesforce
from connector.crms.salesforce import soql
from connector.crms.salesforce.connection import Connection
from connector.ledger import backup, lock, migrations, opening, session, tables
from connector.ledger.ledger import SqlLedger
from connector.sync import write
from connector.sync.discover import Discovery
from connector.sync.record import Recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_PAGE, _BATCH = 3, 4
_READING = ("SELECT", "PRAGMA", "BEGIN")
_STEPS = [
    (Discovery, "_save_leads", "leads page"),
    (Discovery, "_save_refs", "events page"),
    (Discovery, "_begin_sweep", "sweep"),
    (write.Write, "_intend", "intent"),
    (Recorder, "flush", "outcomes"),
    (SqlLedger, "start_run", "run row"),
    (SqlLedger, "finish_run", "run's end"),
    (SqlLedger, "claim", "owner"),
    (SqlLedger, "adopt", "scan page"),
    (SqlLedger, "save_leads", "listed lead"),
    (SqlLedger, "set_mark", "mark"),
    (opening, "bring_up_to_date", "tables"),
]
"""Who writes. Whose transaction it is: the step's that begins it, or else the first step's in it."""
_MOMENTS = [
    (lock, "_take", None, "lock taken"),
    (session, "make_file", None, "ledger file made"),
    (opening, "_log_ahead", None, "ledger opened"),
    (apten.Apten, "leads", "leads page asked", "leads page answered"),
    (apten.Apten, "events", "events page asked", "events page answered"),
    (apten.Apten, "call", "call asked", "call fetched"),
    (apten.Apten, "lead", "lead asked", "lead fetched"),
    (SqlLedger, "sweep_leads", None, "sweep chosen"),
    (Connection, "_open", "login asked", "login answered"),
    (database.Database, "_create", "CRM's table asked", "CRM's table made"),
]
_OF_A_CRM = [
    ("identity", "CRM asked whose it is", "CRM known"),
    ("describe", "schema asked", "schema answered"),
    ("scan", "scan page asked", "scan page answered"),
    ("read", "look-up asked", "look-up answered"),
    ("find", "people asked for", "people found"),
    ("write", "write asked", "write answered"),
]


@dataclass
class Hooks:
    """What is wrapped so far; `strike` hears the name of each moment as it comes."""

    strike: Callable[[str], None]
    steps: list[str] = field(default_factory=list)
    label: str = ""
    writing: bool = False

    @property
    def step_under_way(self) -> str:
        return self.steps[-1] if self.steps else ""

    def moment(self, owner: Any, name: str, before: str | None, after: str | None) -> None:
        """Tell when a function begins, and when it has come back."""
        real = getattr(owner, name)

        @functools.wraps(real)
        def told(*args: Any, **kwargs: Any) -> Any:
            if before:
                self.strike(before)
            result = real(*args, **kwargs)
            if after:
                self.strike(after)
            return result

        _replace(owner, name, told)

    def step(self, owner: Any, name: str, label: str) -> None:
        """Name the transactions that a function makes."""
        real = getattr(owner, name)

        @functools.wraps(real)
        def named(*args: Any, **kwargs: Any) -> Any:
            self.steps.append(label)
            self.label = self.label or label
            try:
                return real(*args, **kwargs)
            finally:
                self.steps.pop()

        _replace(owner, name, named)

    def transactions(self) -> None:
        """Tell of each transaction of the ledger that commits something: before it does, and after."""
        real = session.Session.transaction

        @contextmanager
        def transaction(of: session.Session) -> Iterator[sa.Connection]:
            self.label = self.step_under_way
            with real(of) as connection:
                yield connection
                wrote = self.writing
                if wrote:
                    self.strike(f"{self.label} not committed")
            self.writing = False
            if wrote:
                self.strike(f"{self.label} committed")

        _replace(session.Session, "transaction", transaction)

    def collections(self) -> None:
        """Tell of what was saved outside of transactions, which the next one commits with its own."""
        self._collection("save_calls", SqlLedger.save_calls, lambda: self.step_under_way)
        self._collection("save_leads", SqlLedger.save_leads, lambda: "listed lead")

    def _collection(self, name: str, real: Callable[..., None], label: Callable[[], str]) -> None:
        def save(of: SqlLedger, states: Iterable[Any]) -> None:
            saved = list(states)
            real(of, saved)
            if saved and not of._session._inside:
                self.strike(f"{label()} collected")

        _replace(SqlLedger, name, save)

    def statements(self) -> None:
        """Tell of each statement that was executed inside a transaction which writes, or in one of the CRM's."""

        @sa.event.listens_for(sa.Engine, "after_cursor_execute")
        def executed(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().startswith(_READING):
                return
            if not _is_ledger(connection):
                self.strike("rows of the CRM not committed")
                return
            self.writing = True
            self.strike("statement of the ledger not committed")
            for table in ("call", "activity", "attempt"):
                if statement.startswith(f"INSERT INTO {table} "):
                    self.strike(f"rows of `{table}` not committed")

        @sa.event.listens_for(tables.metadata, "after_create")
        @sa.event.listens_for(tables.activity, "after_create")
        @sa.event.listens_for(tables.meta, "after_create")
        def created(*_: Any, **__: Any) -> None:
            self.strike("table of the ledger made, not committed")

    def watermark(self) -> None:
        """Tell when the watermark is moved, within the transaction of its page."""
        real = SqlLedger.set_mark

        def set_mark(ledger: SqlLedger, name: str, at: Any) -> None:
            real(ledger, name, at)
            if name == "watermark":
                self.strike("watermark moved, not committed")

        _replace(SqlLedger, "set_mark", set_mark)

    def selection(self) -> None:
        """Tell of each call that a resync picks."""
        real = SqlLedger.calls_mapped_otherwise

        def picked(*args: Any) -> Iterator[Any]:
            for call in real(*args):
                self.strike("call picked by a resync")
                yield call

        _replace(SqlLedger, "calls_mapped_otherwise", picked)

    def copies(self) -> None:
        """Tell of each page of a ledger that is copied."""
        real = backup.copy_file

        def copy_file(of: Any, target: Any) -> None:
            real(_Paged(of, lambda: self.strike("page of the ledger copied")), target)  # type: ignore[arg-type]  # stands in

        # Imported there by name.
        _replace(opening, "copy_file", copy_file)
        _replace(migrations, "copy_file", copy_file)

    def half_sent(self) -> None:
        """Tell when half of a write's body is on the line."""
        real = HTTPAdapter.send

        def send(adapter: HTTPAdapter, request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.method in {"PATCH", "POST"} and "composite" in request.url:
                request.body = _Halves(request.body.read(), lambda: self.strike("write half sent"))
                response = real(adapter, request, *args, **kwargs)
                self.strike("write taken, its answer not read")
                return response
            return real(adapter, request, *args, **kwargs)

        _replace(HTTPAdapter, "send", send)

    def upgrade(self) -> None:
        """A version of the ledger that is yet to come, whose upgrade takes two statements."""
        real = migrations.bring_up_to_date

        def half(connection: sa.Connection) -> None:
            connection.exec_driver_sql("ALTER TABLE meta ADD COLUMN one TEXT")
            self.strike("upgrade half done")
            connection.exec_driver_sql("ALTER TABLE meta ADD COLUMN two TEXT")

        def to_come(of: session.Session, birth: Any) -> None:
            real(of, birth, [*migrations.UPGRADES, half])

        _replace(opening, "bring_up_to_date", to_come)


class _Paged:
    """A session whose file is copied page by page."""

    def __init__(self, real: Any, told: Callable[[], None]) -> None:
        self._real = real
        self._told = told

    @property
    def driver(self) -> _Paged:
        return self

    def backup(self, copy: Any) -> None:
        self._real.driver.backup(copy, pages=1, progress=lambda *_: self._told())


class _Halves:
    """A body that goes out in two parts."""

    def __init__(self, body: bytes, told: Callable[[], None]) -> None:
        middle = len(body) // 2
        self._parts = [body[:middle], body[middle:]]
        self._told = told
        self.len = len(body)

    def read(self, _size: int = -1) -> bytes:
        if len(self._parts) == 1:
            self._told()
        return self._parts.pop(0) if self._parts else b""

    def __iter__(self) -> Iterator[bytes]:
        while part := self.read():
            yield part


def arm(strike: Callable[[str], None], *, upgrade: bool = False) -> None:
    """Tell `strike` of each moment from now on; with `upgrade` the ledger is one version older than the program."""
    apten.PAGE_SIZE = soql.PAGE = database._PAGE = _PAGE
    database.Database.batch_size = salesforce.Salesforce.batch_size = _BATCH
    hooks = Hooks(strike)
    if upgrade:
        hooks.upgrade()
    for owner, name, label in _STEPS:
        hooks.step(owner, name, label)
    for owner, name, before, after in _MOMENTS:
        hooks.moment(owner, name, before, after)
    for name, before, after in _OF_A_CRM:
        hooks.moment(database.Database, name, before, after)
        hooks.moment(salesforce.Salesforce, name, before, after)
    hooks.transactions()
    hooks.collections()
    hooks.statements()
    hooks.watermark()
    hooks.selection()
    hooks.copies()
    hooks.half_sent()


def _replace(owner: Any, name: str, by: Any) -> None:
    """For the rest of the process's life."""
    setattr(owner, name, by)


def _is_ledger(connection: sa.Connection) -> bool:
    """The ledger's engine has a connection made for it, and no file of its own."""
    return connection.engine.url.database is None
