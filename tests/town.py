"""A small world to run whole syncs in: Apten and a CRM served over HTTP, a clock that tests own, real adapters."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connector.config import Config, load_config
from connector.crms.salesforce.ids import person_object
from connector.record_ids import full_id, is_id
from connector.sandbox.shelf import stamp_text
from connector.shipped import shipped
from connector.sync.run import Report, run
from connector.sync.select import EverythingNew, Selection
from connector.wiring import make_rules, open_house
from tests.clock import FakeClock, SilentLog

if TYPE_CHECKING:
    from pathlib import Path

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.server import LocalServer
    from connector.sandbox.world import World

ENVIRON = {
    "APTEN_API_KEY": "sandbox-key",
    "SALESFORCE_CONSUMER_KEY": "sandbox-consumer-key",
    "SALESFORCE_CONSUMER_SECRET": "sandbox-consumer-secret",
}
START = "2026-05-01"


@dataclass
class Town:
    """Everything around one connector.

    Args:
        kind: which CRM it writes to.
        folder: holds config, mapping, ledger and, for `database`, the database.
        world: what Apten knows.
        apten, salesforce: the servers, with their faults and the requests they saw.
        org: the Salesforce stand-in's state.
    """

    kind: str
    folder: Path
    world: World
    apten: LocalServer
    salesforce: LocalServer
    org: SalesforceOrg
    clock: FakeClock
    log: SilentLog = field(default_factory=SilentLog)

    def __post_init__(self) -> None:
        self.config_path.write_text(self._config_text())
        for name in (f"{self.kind}.yaml", f"{self.kind}.schema.yaml"):
            (self.folder / name).write_text(shipped(f"mappings/{name}").read_text())

    @property
    def config_path(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def mapping_path(self) -> Path:
        return self.folder / f"{self.kind}.yaml"

    def config(self) -> Config:
        return load_config(self.config_path, ENVIRON)

    def run(self, selection: Selection | None = None, **rules: Any) -> Report:
        selection = selection or EverythingNew()
        config = self.config()
        with open_house(config, clock=self.clock, log=self.log) as house:
            ruled = replace(make_rules(config, self.clock), resync=selection.kind == "resync", **rules)
            return run(house, ruled, selection)

    def activities(self) -> list[dict[str, Any]]:
        """Every activity in the CRM, read behind the adapter's back."""
        if self.kind == "salesforce":
            return [dict(task) for task in self.org.tasks.values() if not task["IsDeleted"]]
        path = self.folder / "activities.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as connection:
            connection.row_factory = sqlite3.Row
            made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone()
            return [dict(row) for row in connection.execute("SELECT * FROM calls")] if made else []

    def sql(self, statement: str) -> None:
        """Somebody else writes to the database."""
        with closing(sqlite3.connect(self.folder / "activities.db")) as connection:
            connection.execute(statement)
            connection.commit()

    @property
    def key_field(self) -> str:
        return "Apten_Call_Id__c" if self.kind == "salesforce" else "call_id"

    def logged(self) -> list[str]:
        """The keys of all activities, sorted, doubles included."""
        return sorted(row[self.key_field] for row in self.activities())

    def activity(self, call_id: str) -> dict[str, Any]:
        """The one activity of a call."""
        (found,) = [row for row in self.activities() if row[self.key_field] == call_id]
        return found

    def loggable(self) -> list[str]:
        """The ids of all calls that must be in the CRM, sorted."""
        return sorted(call["id"] for call in self.world.loggable_calls())

    def let_people_in(self) -> None:
        """Every lead of the world that has a Salesforce id is a person of the org."""
        for lead in self.world.leads():
            person_id = salesforce_id(lead.get("externalLeadId"))
            if person_id and not self.org.record(person_id):
                self.org.add(str(person_object(person_id)), record_id=person_id, LastName="Somebody")

    def fill_the_bin(self, number: int) -> list[str]:
        """So many calls have a task in the org's recycle bin that holds on to its key: no other is taken; their ids."""
        self.org.assumptions = replace(self.org.assumptions, deleted_rows_hold_their_key=True)
        refused = self.loggable()[:number]
        for call_id in refused:
            self.org.add("Task", Apten_Call_Id__c=call_id, IsDeleted=True)
        return refused

    def empty_the_bin(self) -> None:
        """What was deleted in the org is gone for good."""
        for task_id in [task_id for task_id, task in self.org.tasks.items() if task["IsDeleted"]]:
            self.org.remove(task_id)

    def requests(self) -> tuple[int, int]:
        """How many requests Apten and Salesforce have seen."""
        return len(self.apten.requests), len(self.salesforce.requests)

    def _config_text(self) -> str:
        crm = {
            "salesforce": f"""\
  kind: salesforce
  mapping: salesforce.yaml
  auth: client_credentials
  domain: acme.my
  consumer_key: ${{SALESFORCE_CONSUMER_KEY}}
  consumer_secret: ${{SALESFORCE_CONSUMER_SECRET}}
  base_url: {self.salesforce.url}
""",
            "database": """\
  kind: database
  mapping: database.yaml
  url: sqlite:///activities.db
""",
        }[self.kind]
        return f"""\
apten:
  base_url: {self.apten.url}/v1
  api_key: ${{APTEN_API_KEY}}
crm:
{crm}
ledger: sqlite:///ledger.db
sync:
  start: {START}
"""


def add_lead_with_call(world: World, number: int, at: datetime, **lead: Any) -> str:
    """A lead comes to Apten and is called at once; the call's id. What is None of the lead is not known."""
    stamp, lead_id, call_id = stamp_text(at), f"lead-{number}", f"call-{number}"
    stamps = {"createdAt": stamp, "updatedAt": stamp, "lastActivityAt": stamp}
    known = {name: value for name, value in lead.items() if value is not None}
    world.add_lead({"id": lead_id, "firstName": "Lee", "tags": [], "deleted": False, **stamps, **known})
    said = {"summary": "They agreed on Monday.", "transcript": [{"role": "user", "content": "Monday is fine."}]}
    call = {"id": call_id, "leadId": lead_id, "direction": "OUTBOUND", "callStatus": "COMPLETE", "durationSeconds": 60}
    world.add_call({**call, **said, "createdAt": stamp, "updatedAt": stamp})
    return call_id


def salesforce_id(external_id: str | None) -> str:
    """The 18-character id of a Lead or Contact; empty for anything else."""
    is_person = external_id and is_id(external_id) and person_object(external_id)
    return full_id(external_id) if external_id and is_person else ""


def at(text: str) -> datetime:
    """An ISO stamp."""
    return datetime.fromisoformat(text)
