"""The line to a database: reads its URL, opens it at first use, does one piece of work per transaction."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from connector.crms.database.errors import of_failure
from connector.errors import CallError, ConfigError, ConnectorError, CrmSetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

T = TypeVar("T")
_EXTRAS = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


class Line:
    """Transactions on one database.

    Args:
        url: a SQLAlchemy URL.

    Raises:
        ConfigError: the URL cannot be read.
        CrmSetupError: the driver for that database is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = _parse(url)
        self._engine = _engine(self.url)

    def run(self, doing: str, work: Callable[[sa.Connection], T]) -> T:
        """What `work` returns, done in one transaction; `doing` names it in errors.

        An error is raised outside the handler, so that it does not carry the foreign exception with it.
        """
        committing = False
        try:
            _keep_to_ourselves(self.url)
            with self._engine.connect() as connection:
                result = work(connection)
                committing = True
                connection.commit()
                return result
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001  # drivers raise nearly anything; all of it ends here
            failure = of_failure(error, doing, committing=committing)
        raise failure

    @property
    def is_yet_to_be_made(self) -> bool:
        """Whether the database is a file that is not there: reading would make an empty one."""
        return _is_file(self.url) and not os.path.lexists(str(self.url.database))

    @property
    def dialect(self) -> sa.Dialect:
        """The database's own way of writing statements."""
        return self._engine.dialect

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def alone(
    connection: sa.Connection, doing: str, work: Callable[[sa.Connection], T], *, columns: Collection[str], call_id: str
) -> T | CallError:
    """What `work` returns, done inside a savepoint, or why the row does not pass; the transaction stays usable."""
    try:
        with connection.begin_nested():
            return work(connection)
    except sa.exc.SQLAlchemyError as error:
        failure = of_failure(error, doing, columns=columns, call_id=call_id)
    if isinstance(failure, CallError):
        return failure
    raise failure


def _parse(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        pass
    raise ConfigError(
        "The database URL cannot be read.",
        todo="Set `crm.url` to one such as sqlite:///activities.db or postgresql+psycopg://…",
    )


def _engine(url: sa.URL) -> sa.Engine:
    options: dict[str, Any] = {"hide_parameters": True}
    if url.get_backend_name() != "sqlite":
        options["pool_pre_ping"] = True
    elif url.database in {None, "", ":memory:"}:
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    else:
        options["poolclass"] = NullPool
    try:
        engine = sa.create_engine(url, **options)
    except (ImportError, sa.exc.NoSuchModuleError):
        pass
    else:
        if engine.dialect.name == "sqlite":
            _begin_by_ourselves(engine)
        return engine
    name = url.get_backend_name()
    extra = _EXTRAS.get(name)
    raise CrmSetupError(
        f"The driver for {name} databases is not installed.",
        todo=f'Install it: pip install "apten-crm-connector[{extra}]"'
        if extra
        else "Install SQLAlchemy's dialect for it.",
    )


def _keep_to_ourselves(url: sa.URL) -> None:
    """A SQLite file holds whole calls: one that is made here is for its owner's eyes, unless they say otherwise."""
    if _is_file(url):
        # It is there already, or cannot be made: connecting tells which.
        with suppress(OSError):
            os.close(os.open(str(url.database), os.O_CREAT | os.O_EXCL, 0o600))


def _is_file(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"} and not url.query


def _begin_by_ourselves(engine: sa.Engine) -> None:
    """Python's driver begins transactions late and not for savepoints; then a batch would not be one transaction."""

    @sa.event.listens_for(engine, "connect")
    def leave_it(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")
