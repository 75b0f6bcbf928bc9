"""Watches a town from its beginning: every picture of a call that Apten ever showed, every write the CRM ever took.

A stand-in for Salesforce keeps its own history. A table keeps none, so that triggers write one down.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from connector.admin_files import read_mapping
from connector.crms.database.tables import table_for
from connector.mapping.apply import compile_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sandbox.shelf import Row
    from tests.town import Town

Picture = tuple["Row", "Row | None"]
"""A call and its lead, as Apten showed them together."""


class Watch:
    """Looks on; the town's world and, with `triggers`, its table are to be changed only after it came.

    Attributes:
        pictures: of each call all that Apten showed, oldest first.
        mapping: the mapping's text as it was at first.
    """

    def __init__(self, town: Town, *, triggers: bool = True) -> None:
        self.pictures: dict[str, list[Picture]] = defaultdict(list)
        self.mapping = town.mapping_path.read_text()
        self._town = town
        for call in town.world.calls():
            self._picture(call["id"])
        self._listen()
        if triggers and town.kind == "database":
            _write_down(town)

    def writes(self) -> dict[str, list[Mapping[str, Any]]]:
        """By key, the fields of each write of ours as they were stored, oldest first."""
        town, found = self._town, defaultdict(list)
        if town.kind == "salesforce":
            tasks = town.org.tables["Task"].rows
            for write in town.org.history:
                if write.object == "Task" and write.operation in {"create", "update"} and write.by == town.org.user_id:
                    found[tasks[write.id][town.key_field]].append(write.fields)
            return found
        with closing(sqlite3.connect(town.folder / "activities.db")) as database, suppress(sqlite3.OperationalError):
            # No such table: nobody watches it.
            for key, row in database.execute("SELECT call_id, row FROM history ORDER BY number"):
                found[key].append(json.loads(row))
        return found

    def _listen(self) -> None:
        world = self._town.world
        calls, leads = world.call_shelf, world.lead_shelf
        put_call, put_lead = calls.put, leads.put

        def call(row: Row) -> None:
            put_call(row)
            self._picture(row["id"])

        def lead(row: Row) -> None:
            put_lead(row)
            for event in world.event_shelf(row["id"]) or ():
                self._picture(event["id"])

        calls.put, leads.put = call, lead  # type: ignore[method-assign]  # the one way in for every change

    def _picture(self, call_id: str) -> None:
        world = self._town.world
        if call_id not in world.call_shelf:
            return
        call = world.call_shelf[call_id]
        lead_id = call.get("leadId")
        self.pictures[call_id].append((call, world.lead_shelf[lead_id] if lead_id else None))


def _write_down(town: Town) -> None:
    """Make the mapping's table as its first run would, with triggers that note each row written, as JSON."""
    schema = compile_mapping(read_mapping(town.mapping_path)).table_schema()
    engine = sa.create_engine(f"sqlite:///{town.folder / 'activities.db'}", poolclass=sa.NullPool)
    table_for(schema).create(engine)
    row = ", ".join(f"'{name}', NEW.{name}" for name in schema.fields)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE history (number INTEGER PRIMARY KEY, call_id TEXT, row TEXT)")
        for event in ("INSERT", "UPDATE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER note_{event} AFTER {event} ON calls BEGIN "
                f"INSERT INTO history (call_id, row) VALUES (NEW.call_id, json_object({row})); END"
            )
