"""The state of a stand-in org: its objects and records, who may see what, and the history of every write."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from connector.sandbox.salesforce import archiving, ids
from connector.sandbox.salesforce.access import Access
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.derived import derived
from connector.sandbox.salesforce.fields import KEY_FIELD, OrgField
from connector.sandbox.salesforce.history import Write
from connector.sandbox.salesforce.locks import Locks
from connector.sandbox.salesforce.objects import custom_object
from connector.sandbox.salesforce.stamps import stored_datetime
from connector.sandbox.salesforce.standard import activities, automation, business, people, permissions, users
from connector.sandbox.salesforce.tables import Row, Table

API_VERSIONS = range(31, 69)
"""Those it speaks."""
_FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
_CHILDREN = {"PermissionSet": ("FieldPermissions", "ObjectPermissions", "PermissionSetAssignment")}


class SalesforceOrg:
    """A Salesforce org. `tables` are by object; `history` is in the order written, without what `add` put there.

    Args:
        assumptions: how it behaves where that is not documented.
        people_must_exist: whether WhoId, OwnerId and the like must name records of this org; else their form alone is
            checked.
        daily_requests: API requests it takes in 24 hours before it refuses more.
        org_id: its id, if it matters.

    `requests_used` counts them, `requests_by_kind` says what they were for; `locks` makes records hard to come by,
    `trigger_takes` is how many rows of a request its own trigger copes with; None for all.
    """

    def __init__(
        self,
        *,
        assumptions: Assumptions | None = None,
        people_must_exist: bool = True,
        daily_requests: int = 15_000,
        org_id: str | None = None,
    ) -> None:
        self._ids = ids.Ids()
        self._prefixes = count()
        self.assumptions = assumptions or Assumptions()
        self.people_must_exist = people_must_exist
        self.daily_requests = daily_requests
        self.requests_used = 0
        self.requests_by_kind: Counter[str] = Counter()
        self.tables: dict[str, Table] = {}
        edit_tasks = self.assumptions.edit_tasks_field
        known = [*activities.objects(), *people.objects(), *business.objects(), *users.objects()]
        for its_object in (*known, *permissions.objects(edit_tasks), *automation.objects()):
            self.tables[its_object.name] = Table(its_object)
        self.history: list[Write] = []
        self.locks = Locks()
        self.trigger_takes: int | None = None
        self.user_id = self._ids.new(ids.USER)
        self.add("Organization", record_id=org_id, Name="Sandbox", IsSandbox=True, OrganizationType="Developer Edition")
        self.access = Access(self.tables, self.user_id, edit_tasks)
        self.add("User", record_id=self.user_id, LastName="Integration", Username="integration@example.com")
        for name in self.tables["Task"].object.fields["Status"].values:
            self._add_status(name, closed=name == "Completed")

    # --- what is there ---

    def table(self, name: str) -> Table | None:
        """An object's records; None if there is no such object. Upper and lower case count for nothing."""
        found = next((each for each in self.tables if each.casefold() == name.casefold()), None)
        return self.tables[found] if found else None

    def table_of(self, record_id: str) -> Table | None:
        """The table that a record id belongs to, by its prefix."""
        return next((each for each in self.tables.values() if each.object.key_prefix == record_id[:3]), None)

    def table_holding(self, record_id: str) -> Table:
        """The table of a record that is there. StopIteration if it is not."""
        return next(table for table in self.tables.values() if record_id in table.rows)

    def record(self, record_id: str | None) -> Row | None:
        """A record of any object, deleted and archived ones included."""
        table = self.table_of(record_id or "")
        return table.rows.get(ids.whole(record_id)) if table and record_id else None

    @property
    def id(self) -> str:
        """The org's id."""
        return next(iter(self.tables["Organization"].rows))

    @property
    def fields(self) -> dict[str, OrgField]:
        """Task's fields as the integration user sees them."""
        return self.access.fields("Task")

    @property
    def tasks(self) -> dict[str, Row]:
        """All tasks by id."""
        return self.tables["Task"].rows

    @property
    def people(self) -> dict[str, Row]:
        """All leads and contacts by id, deleted ones included."""
        return {**self.tables["Lead"].rows, **self.tables["Contact"].rows}

    def task_with_key(self, key: str) -> Row | None:
        """The live task that holds this call key, if any."""
        table = self.tables["Task"]
        holders = [table.rows[task_id] for task_id in table.holders(table.object.fields[KEY_FIELD], key)]
        return next((task for task in holders if not task["IsDeleted"]), None)

    def history_of(self, record_id: str) -> list[Write]:
        """What was written to one record, oldest first."""
        return [write for write in self.history if write.id == record_id]

    # --- how it is set up ---

    def add_object(self, name: str, *own: OrgField, label: str = "", with_activities: bool = False) -> Table:
        """A custom object that the integration user may use; `with_activities` lets tasks be about its records."""
        prefix = f"a{next(self._prefixes):02d}"
        table = self.tables[name] = Table(custom_object(name, prefix, label or name.removesuffix("__c"), own))
        if with_activities:
            for activity in activities.ACTIVITIES:
                what = self.tables[activity].object.fields["WhatId"]
                self.tables[activity].put_field(replace(what, references=(*what.references, name)))
        return table

    def add_field(self, field: OrgField, of: str = "Task") -> None:
        """Add a field that the integration user may use, or replace one. A custom one of Task is Event's as well."""
        for name in _sharing(field.name, of):
            self.tables[name].put_field(field)

    def remove_field(self, name: str, of: str = "Task") -> None:
        """Remove a field with all its values."""
        for each in _sharing(name, of):
            self.tables[each].drop_field(name)

    def add_task_status(self, name: str, *, closed: bool) -> None:
        """A status for tasks that an admin thought of."""
        status = self.tables["Task"].object.fields["Status"]
        self.tables["Task"].put_field(replace(status, values=(*status.values, name)))
        self._add_status(name, closed=closed)

    def add_record_type(self, of: str, developer_name: str, name: str = "") -> str:
        """A record type; its id. From the first one on, the object has RecordTypeId."""
        if "RecordTypeId" not in self.tables[of].object.fields:
            field = OrgField(
                "RecordTypeId", "reference", "Record Type ID", 18, references=("RecordType",), defaulted=True
            )
            self.tables[of].put_field(field)
        return self.add("RecordType", DeveloperName=developer_name, Name=name or developer_name, SobjectType=of)

    # --- who is there, without history ---

    def add(self, name: str, /, *, record_id: str | None = None, at: datetime = _FOUNDED, **values: Any) -> str:
        """A record that was there before anybody looked, stored as given; its id.

        ValueError for an unknown field, and for an id that is taken.
        """
        unknown = values.keys() - self.tables[name].object.fields.keys()
        if unknown:
            raise ValueError(f"{name} has no field {', '.join(sorted(unknown))}")
        if record_id and self.record(record_id):
            raise ValueError(f"{record_id} is there already")
        record_id = ids.whole(record_id) if record_id else self._ids.new(self.tables[name].object.key_prefix)
        self._store(self.tables[name], record_id, {"IsActive": True, **values}, at, self.user_id)
        return record_id

    def add_lead(self, name: str = "", *, converted: bool = False, **values: Any) -> str:
        """A Lead; its id."""
        return self.add("Lead", LastName=name, IsConverted=converted, **values)

    def add_contact(self, name: str = "", **values: Any) -> str:
        """A Contact; its id."""
        return self.add("Contact", LastName=name, **values)

    def remove(self, record_id: str) -> None:
        """A record that was never there."""
        self.table_holding(record_id).remove(record_id)

    # --- what happens ---

    def create(self, name: str, values: Row, now: datetime, *, by: str | None = None) -> str:
        """Store a checked row as a new record, by the integration user or somebody else; its id."""
        table, by = self.tables[name], by or self.user_id
        record_id = self._ids.new(table.object.key_prefix)
        self.history.append(Write("create", name, record_id, values, by, now))
        self._store(table, record_id, values, now, by)
        return record_id

    def update(self, record_id: str, values: Row, now: datetime, *, by: str | None = None) -> None:
        """Change a record's given fields by a checked row."""
        table, by = self.table_holding(record_id), by or self.user_id
        self.history.append(Write("update", table.name, record_id, values, by, now))
        if table.object.archives and archiving.brings_back(values):
            table.change(record_id, {"IsArchived": False})
        self._change(table, record_id, values, now, by)

    def delete(self, record_id: str, now: datetime = _FOUNDED, *, by: str | None = None) -> None:
        """Put a record in the recycle bin; what has none is gone for good, with all that belongs to it."""
        table = self.table_holding(record_id)
        self.history.append(Write("delete", table.name, record_id, {}, by or self.user_id, now))
        if "IsDeleted" in table.object.fields:
            table.change(record_id, {"IsDeleted": True, "SystemModstamp": stored_datetime(now)})
            return
        for child in map(self.tables.__getitem__, _CHILDREN.get(table.name, ())):
            belonging = [each for each, row in child.rows.items() if record_id in row.values()]
            for each in belonging:
                child.remove(each)
        table.remove(record_id)

    def archive(self, record_id: str) -> None:
        """What the nightly job does to old closed tasks: `query` hides them, `queryAll` does not."""
        self.table_holding(record_id).change(record_id, {"IsArchived": True})

    def archive_old(self, now: datetime) -> list[str]:
        """The nightly job: archives the tasks that are due; their ids."""
        due = [task_id for task_id, task in self.tasks.items() if archiving.is_due(task, now)]
        for task_id in due:
            self.archive(task_id)
        return due

    def _store(self, table: Table, record_id: str, values: Row, now: datetime, by: str) -> None:
        row = table.new_row(record_id)
        made = {"OwnerId": self.user_id, "CreatedById": by, "CreatedDate": stored_datetime(now)}
        row.update({name: value for name, value in made.items() if name in row})
        table.insert(row)
        self._change(table, record_id, values, now, by)

    def _change(self, table: Table, record_id: str, values: Row, now: datetime, by: str) -> None:
        known = table.object.fields
        stamp = stored_datetime(now)
        touched = {"LastModifiedById": by, "LastModifiedDate": stamp, "SystemModstamp": stamp}
        table.change(record_id, {name: value for name, value in {**touched, **values}.items() if name in known})
        table.change(record_id, derived(self.tables, table.name, table.rows[record_id], stamp))

    def _add_status(self, name: str, *, closed: bool) -> None:
        order = len(self.tables["TaskStatus"].rows) + 1
        self.add("TaskStatus", ApiName=name, MasterLabel=name, IsClosed=closed, IsDefault=order == 1, SortOrder=order)


def _sharing(name: str, of: str) -> tuple[str, ...]:
    """The objects that have a field together: custom ones of activities are Task's and Event's."""
    return activities.ACTIVITIES if of in activities.ACTIVITIES and name.endswith("__c") else (of,)
