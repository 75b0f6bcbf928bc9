"""The state of a stand-in org: its people, tasks and fields, and the history of every write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.fields import KEY_FIELD, TASK_FIELDS, OrgField

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Row = dict[str, Any]

_CLOSED = "Completed"


@dataclass(slots=True)
class OrgPerson:
    """A Lead or Contact. `converted` applies to leads."""

    id: str
    name: str
    converted: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """One row written: `create` or `update`, which record, and the fields that were sent."""

    operation: str
    id: str
    fields: Mapping[str, Any]


class SalesforceOrg:
    """A Salesforce org as far as activities go. `tasks` and `people` are by id, `history` is in the order written.

    Args:
        assumptions: how it behaves where that is not documented.
        people_must_exist: whether a WhoId must name a person of this org; else its form alone is checked.
        daily_requests: API requests it takes before it refuses more.
    """

    def __init__(
        self,
        *,
        assumptions: Assumptions | None = None,
        people_must_exist: bool = True,
        daily_requests: int = 15_000,
    ) -> None:
        self._ids = ids.Ids()
        self.assumptions = assumptions or Assumptions()
        self.people_must_exist = people_must_exist
        self.daily_requests = daily_requests
        self.requests_used = 0
        self.id = self._ids.new(ids.ORGANIZATION)
        self.user_id = self._ids.new(ids.USER)
        self.people: dict[str, OrgPerson] = {}
        self.tasks: dict[str, Row] = {}
        self.history: list[Write] = []
        self.hidden_fields: set[str] = set()
        self._fields = {field.name: field for field in TASK_FIELDS}
        self._holders: dict[tuple[str, str], list[str]] = {}

    @property
    def fields(self) -> dict[str, OrgField]:
        """Task's fields as the integration user sees them."""
        return {name: field for name, field in self._fields.items() if name not in self.hidden_fields}

    def add_field(self, field: OrgField) -> None:
        """Add a custom field to Task, or replace one; before the first task is written."""
        self._fields[field.name] = field

    def remove_field(self, name: str) -> None:
        """Take a field from Task; before the first task is written."""
        del self._fields[name]

    def add_lead(self, name: str = "", *, converted: bool = False) -> str:
        """A new Lead; its id."""
        return self._add_person(OrgPerson(self._ids.new(ids.LEAD), name, converted=converted))

    def add_contact(self, name: str = "") -> str:
        """A new Contact; its id."""
        return self._add_person(OrgPerson(self._ids.new(ids.CONTACT), name))

    def task_with_key(self, key: str) -> Row | None:
        """The live task that holds this call key, if any."""
        holders = [self.tasks[task_id] for task_id in self.holders(self._fields[KEY_FIELD], key)]
        return next((task for task in holders if not task["IsDeleted"]), None)

    def holders(self, field: OrgField, value: str) -> list[str]:
        """Ids of the tasks that hold this value in an external id field, deleted and archived ones included."""
        return self._holders.get((field.name, _folded(field, value)), [])

    def create(self, values: Row, now: datetime) -> str:
        """Store a checked row as a new task; its id."""
        stamp = stored_datetime(now)
        task: Row = dict.fromkeys(self._fields)
        task.update({name: field.default for name, field in self._fields.items() if field.default is not None})
        task["Id"] = self._ids.new(ids.TASK)
        task["OwnerId"] = task["CreatedById"] = self.user_id
        task["CreatedDate"] = stamp
        self.tasks[task["Id"]] = task
        self.history.append(Write("create", task["Id"], values))
        self._set(task, values, stamp)
        return str(task["Id"])

    def update(self, task_id: str, values: Row, now: datetime) -> None:
        """Change a task's given fields by a checked row."""
        self.history.append(Write("update", task_id, values))
        self._set(self.tasks[task_id], values, stored_datetime(now))

    def archive(self, task_id: str) -> None:
        """What the nightly job does to old closed tasks: `query` hides them, `queryAll` does not."""
        self.tasks[task_id]["IsArchived"] = True

    def delete(self, task_id: str) -> None:
        """Put a task in the recycle bin."""
        self.tasks[task_id]["IsDeleted"] = True

    def _add_person(self, person: OrgPerson) -> str:
        self.people[person.id] = person
        return person.id

    def _set(self, task: Row, values: Row, stamp: str) -> None:
        for field in self._fields.values():
            if field.external_id and field.name in values:
                self._hold(field, task, values[field.name])
        task.update(values)
        was_closed, task["IsClosed"] = task["IsClosed"], task["Status"] == _CLOSED
        if task["IsClosed"] != was_closed:
            task["CompletedDateTime"] = stamp if task["IsClosed"] else None
        task["IsHighPriority"] = task["Priority"] == "High"
        task["LastModifiedById"] = self.user_id
        task["LastModifiedDate"] = task["SystemModstamp"] = stamp

    def _hold(self, field: OrgField, task: Row, value: str | None) -> None:
        old = task[field.name]
        if old is not None:
            self._holders[field.name, _folded(field, old)].remove(task["Id"])
        if value is not None:
            self._holders.setdefault((field.name, _folded(field, value)), []).append(task["Id"])


def stored_datetime(moment: datetime) -> str:
    """An aware UTC time as Salesforce writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def _folded(field: OrgField, value: str) -> str:
    return value if field.case_sensitive else value.casefold()
