from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.crms.database import statements
from connector.crms.database.tables import table_for

WANTED = ObjectSchema(
    "database",
    "calls",
    Counted.CHARACTERS,
    {
        "call_id": FieldSchema("call_id", FieldType.TEXT, key=True),
        "subject": FieldSchema("subject", FieldType.TEXT, length=80),
        "notes": FieldSchema("notes", FieldType.LONG_TEXT),
    },
)


def test_each_database_upserts_in_its_own_words() -> None:
    table = table_for(WANTED)
    statement = statements._upsert("postgresql", table, "call_id", ["subject"])
    spoken = str(statement.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call,union-attr]  # untyped there
    assert "ON CONFLICT (call_id) DO UPDATE SET subject = excluded.subject" in spoken
    assert statements._upsert("mysql", table, "call_id", ["subject"]) is None
    assert statements._upsert("oracle", table, "call_id", ["subject"]) is None


def test_a_database_without_upserts_by_key_alone_writes_no_call_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine("sqlite://")
    table = table_for(WANTED)
    table.append_constraint(sa.UniqueConstraint("subject"))
    with engine.begin() as connection:
        table.create(connection)
        monkeypatch.setattr(connection.dialect, "name", "mysql")
        statements.upsert(connection, table, "call_id", [{"call_id": "a", "subject": "x", "notes": "edited"}])
        with pytest.raises(sa.exc.IntegrityError):
            statements.upsert(connection, table, "call_id", [{"call_id": "b", "subject": "x", "notes": "mine"}])
        assert connection.execute(sa.select(table.c.call_id, table.c.notes)).all() == [("a", "edited")]
    engine.dispose()


def test_a_database_without_upserts_updates_then_inserts(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine("sqlite://")
    table = table_for(WANTED)
    with engine.begin() as connection:
        table.create(connection)
        monkeypatch.setattr(connection.dialect, "name", "another")
        rows = [{"call_id": "a", "subject": "x"}, {"call_id": "b"}]
        assert statements.upsert(connection, table, "call_id", rows) == set()
        assert statements.upsert(connection, table, "call_id", [{"call_id": "a", "notes": "n"}, rows[1]]) == {"a", "b"}
        columns = sa.select(table.c.call_id, table.c.subject, table.c.notes).order_by(table.c.call_id)
        assert connection.execute(columns).all() == [("a", "x", "n"), ("b", None, None)]
    engine.dispose()
