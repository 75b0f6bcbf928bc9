"""Every shipped CRM sits the exam."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.crms.database.adapter import Database
from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import ClientCredentials
from connector.model import Target
from connector.sandbox.faults import Fault, When
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON
from tests.contracts.crm import CANARY, CrmContract, Names, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from connector.ports import Crm

SECRET = "the-consumer-secret"


class TestSalesforce(CrmContract):
    target = Target("Task", "Apten_Call_Id__c")
    names = Names(text="Subject", long_text="Description", integer="CallDurationInSeconds", day="ActivityDate")
    secrets = (SECRET, "00D!")
    person_id = "00Q000000000001"

    @contextmanager
    def running(self, tmp_path: Path) -> Iterator[None]:
        del tmp_path
        self.org = SalesforceOrg()
        self.org.add("Lead", record_id=self.person_id)
        app = SalesforceStandIn(self.org, now=lambda: NOON, consumer_secret=SECRET).app
        with LocalServer(app) as self.server:
            yield

    def connect(self) -> Crm:
        login = ClientCredentials("acme.my", "sandbox-consumer-key", SECRET)
        return Salesforce(login, base_url=self.server.url)

    def stored(self) -> Mapping[str, Mapping[str, Any]]:
        tasks = self.org.tasks.values()
        assert len({task["Apten_Call_Id__c"] for task in tasks}) == len(tasks)
        return {task["Apten_Call_Id__c"]: task for task in tasks}

    def lose_next_answer(self) -> None:
        self.server.faults.add(Fault("^PATCH ", when=When.AFTER, drop=True))

    def refusal(self) -> Refusal:
        return Refusal({"CallDisposition": "x" * 256}, "STRING_TOO_LONG", "CallDisposition")


class TestDatabase(CrmContract):
    target = Target("apten_calls", "call_id")
    names = Names(text="subject", long_text="notes", integer="seconds", day="day")
    secrets = ("hunter2",)
    person_id = "any id at all"

    @contextmanager
    def running(self, tmp_path: Path) -> Iterator[None]:
        self.file = tmp_path / "activities.db"
        self.losing = False
        sa.event.listen(sa.Engine, "do_connect", self._open)
        try:
            yield
        finally:
            sa.event.remove(sa.Engine, "do_connect", self._open)

    def connect(self) -> Crm:
        columns = (
            FieldSchema("call_id", FieldType.TEXT, length=255, key=True),
            FieldSchema("subject", FieldType.TEXT, length=255),
            FieldSchema("notes", FieldType.LONG_TEXT),
            FieldSchema("seconds", FieldType.INTEGER),
            FieldSchema("day", FieldType.DATE),
        )
        wanted = ObjectSchema("database", "apten_calls", Counted.CHARACTERS, {field.name: field for field in columns})
        return Database(f"sqlite:///{self.file}", [wanted])

    def stored(self) -> Mapping[str, Mapping[str, Any]]:
        with sqlite3.connect(self.file) as connection:
            connection.row_factory = sqlite3.Row
            rows = [dict(row) for row in connection.execute("SELECT * FROM apten_calls")]
        connection.close()
        assert len({row["call_id"] for row in rows}) == len(rows)
        return {row["call_id"]: row for row in rows}

    def lose_next_answer(self) -> None:
        self.losing = True

    def refusal(self) -> Refusal:
        with sqlite3.connect(self.file) as connection:
            connection.execute(
                "CREATE TABLE apten_calls (call_id VARCHAR(255) PRIMARY KEY, subject VARCHAR(255) NOT NULL, notes TEXT)"
            )
        connection.close()
        return Refusal({"subject": None}, "NO_VALUE", "subject")

    def _open(self, _dialect: Any, _record: Any, args: Any, kwargs: Any) -> sqlite3.Connection:
        """A connection whose commit takes effect and then breaks, once, when told so."""
        contract = self

        class Breaking(sqlite3.Connection):
            def commit(self) -> None:
                super().commit()
                if contract.losing:
                    contract.losing = False
                    raise sqlite3.OperationalError(f"disk I/O error near {CANARY}")

        return sqlite3.connect(*args, **kwargs, factory=Breaking)


def test_a_crm_without_all_hooks_is_not_examined_at_all() -> None:
    with pytest.raises(TypeError, match="lose_next_answer"):
        type("TestHalf", (CrmContract,), {"target": Target("Task", "Key"), "stored": dict})
