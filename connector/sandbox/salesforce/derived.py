"""Fields the platform fills in itself, from the others of the record and from what the record points to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.sandbox.salesforce.tables import Row, Table

    Tables = Mapping[str, Table]


def derived(tables: Tables, name: str, row: Row, stamp: str) -> Row:
    """The derived fields of a record as it is now, `stamp` being the time of the change."""
    derive = _DERIVED.get(name, _named_by_id if name.endswith("__c") else _nothing)
    return derive(tables, row, stamp)


def _nothing(_tables: Tables, _row: Row, _stamp: str) -> Row:
    return {}


def _task(tables: Tables, row: Row, stamp: str) -> Row:
    closed = any(each["IsClosed"] and each["ApiName"] == row["Status"] for each in tables["TaskStatus"].rows.values())
    found = {"IsClosed": closed, "IsHighPriority": row["Priority"] == "High", "AccountId": _account(tables, row)}
    if closed != row["IsClosed"]:
        found["CompletedDateTime"] = stamp if closed else None
    return found


def _account(tables: Tables, row: Row) -> str | None:
    """The account of what a task is about, else of whom it is with."""
    what, who = row["WhatId"], row["WhoId"]
    if what in tables["Account"].rows:
        return str(what)
    for kind, pointed in (("Opportunity", what), ("Case", what), ("Contact", who)):
        if pointed in tables[kind].rows:
            account: str | None = tables[kind].rows[pointed]["AccountId"]
            return account
    return None


def _person(_tables: Tables, row: Row, _stamp: str) -> Row:
    return {"Name": " ".join(filter(None, (row["FirstName"], row["LastName"])))}


def _opportunity(_tables: Tables, row: Row, _stamp: str) -> Row:
    return {"IsClosed": str(row["StageName"]).startswith("Closed")}


def _case(_tables: Tables, row: Row, _stamp: str) -> Row:
    return {"IsClosed": row["Status"] == "Closed", "CaseNumber": row["CaseNumber"] or row["Id"][7:15]}


def _named_by_id(_tables: Tables, row: Row, _stamp: str) -> Row:
    return {"Name": row["Name"] or row["Id"]}


_DERIVED: dict[str, Callable[[Tables, Row, str], Row]] = {
    "Task": _task,
    "Lead": _person,
    "Contact": _person,
    "User": _person,
    "Opportunity": _opportunity,
    "Case": _case,
}
