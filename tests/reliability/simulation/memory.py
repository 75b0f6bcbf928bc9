"""The real ledger on a database in memory: it can be lost, kept as a backup and put back, and dies with its process."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine, event

from connector.ledger.ledger import SqlLedger, birth
from connector.ledger.migrations import bring_up_to_date
from connector.ledger.session import Session
from tests.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tests.reliability.simulation.weather import Weather

_SECRET = b"s" * 32
_CREATED = "created"


class LedgerFile:
    """What would be a file; `content` is a backup of it.

    All share one connection, whose statements are compiled only once; one is in use at a time.
    """

    def __init__(self, content: bytes | None = None) -> None:
        self.content = content

    @contextmanager
    def opened(self, now: datetime) -> Iterator[SqlLedger]:
        """The ledger, made if there is none."""
        session = _session()
        session.driver.deserialize(self.content or _new())
        ledger = SqlLedger(session, now)
        if self.content is None:
            ledger.set_mark(_CREATED, now)
        try:
            yield ledger
        except Exception:
            session.connection.commit()
            raise
        except BaseException:
            # The process has died, and with it what was not durable yet.
            session.connection.rollback()
            raise
        else:
            session.connection.commit()
        finally:
            self.content = session.driver.serialize()


class Mortal:
    """A ledger that each step of may be the process's last; satisfies `ports.Ledger`."""

    def __init__(self, ledger: SqlLedger, weather: Weather) -> None:
        self._ledger = ledger
        self._weather = weather

    @property
    def secret(self) -> bytes:
        return self._ledger.secret

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._weather.step()
        with self._ledger.transaction():
            yield
            self._weather.step()
        self._weather.step()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found = getattr(self._ledger, name)

        def step(*arguments: Any, **named: Any) -> Any:
            self._weather.step()
            answer = found(*arguments, **named)
            self._weather.step()
            return answer

        return step


@cache
def _session() -> Session:
    return _connect()


def _connect() -> Session:
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(":memory:", isolation_level=None), poolclass=NullPool
    )

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return Session(Path("ledger.db"), Path("ledger.db"), engine.connect())


@cache
def _new() -> bytes:
    """A ledger just made."""
    session = _connect()
    bring_up_to_date(session, birth(_SECRET, NOON))
    return session.driver.serialize()
