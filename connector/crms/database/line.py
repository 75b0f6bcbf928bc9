"""The line to a database: reads its URL, opens it at first use, does one piece of work per transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from connector.crms.database.errors import of_failure
from connector.errors import ConfigError, ConnectorError, CrmSetupError

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

    def run(
        self,
        doing: str,
        work: Callable[[sa.Connection], T],
        *,
        columns: Collection[str] = (),
        call_id: str | None = None,
    ) -> T:
        """What `work` returns, done in one transaction; see `errors.of_failure` for the other arguments.

        An error is raised outside the handler, so that it does not carry the foreign exception with it.
        """
        committing = False
        try:
            with self._engine.connect() as connection:
                result = work(connection)
                committing = True
                connection.commit()
                return result
        except ConnectorError:
            raise
        except Exception as error:  # noqa: BLE001  # drivers raise nearly anything; all of it ends here
            failure = of_failure(error, doing, committing=committing, columns=columns, call_id=call_id)
        raise failure

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


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
        return sa.create_engine(url, **options)
    except (ImportError, sa.exc.NoSuchModuleError):
        pass
    name = url.get_backend_name()
    extra = _EXTRAS.get(name)
    raise CrmSetupError(
        f"The driver for {name} databases is not installed.",
        todo=f'Install it: pip install "apten-crm-connector[{extra}]"'
        if extra
        else "Install SQLAlchemy's dialect for it.",
    )
