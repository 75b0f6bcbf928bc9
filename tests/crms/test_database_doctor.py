"""What `doctor` finds out about a database by asking it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.crms.database.adapter import Database
from connector.errors import CrmSetupError
from connector.findings import Level
from connector.model import Target
from connector.preparation import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from connector.findings import Finding

USE = Use("mapping.yaml", Target("calls", "call_id"), ())
WANTED = ObjectSchema("database", "calls", Counted.CHARACTERS, {
    "call_id": FieldSchema("call_id", FieldType.TEXT, length=255, key=True)})  # fmt: skip


def looked(url: str) -> list[Finding]:
    with closing(Database(url, [WANTED])) as database:
        return [finding for check in database.checks([USE]) for finding in check.look()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "activities.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE calls (call_id VARCHAR(255) PRIMARY KEY)")
    return path


def test_a_table_that_may_be_written(file: Path) -> None:
    assert {finding.level for finding in looked(f"sqlite:///{file}")} == {Level.OK}


def test_a_database_that_may_only_be_read(file: Path) -> None:
    with pytest.raises(CrmSetupError, match="refused the writing to calls"):
        looked(f"sqlite:///file:{file}?mode=ro&uri=true")


@pytest.fixture
def denying() -> Iterator[Callable[[int], None]]:
    """Lets no connection do one kind of thing, as a database does whose user lacks a right."""
    denied: list[int] = []

    def deny(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action in denied else sqlite3.SQLITE_OK)

    sa.event.listen(sa.Engine, "connect", deny)
    yield denied.append
    sa.event.remove(sa.Engine, "connect", deny)


@pytest.mark.parametrize("action", [sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE])
def test_a_right_that_is_missing(file: Path, denying: Callable[[int], None], action: int) -> None:
    denying(action)
    with pytest.raises(CrmSetupError, match="refused the writing to calls: something is missing"):
        looked(f"sqlite:///{file}")


def test_what_is_tried_is_taken_back(file: Path) -> None:
    ended: list[str] = []
    for event in ("commit", "rollback"):
        sa.event.listen(sa.Engine, event, lambda _connection, event=event: ended.append(event), once=True)
    looked(f"sqlite:///{file}")
    assert "rollback" in ended
