"""The Task object's fields, compactly. Source: Salesforce's Object Reference ("Task") and Field Reference Guide."""

from __future__ import annotations

from dataclasses import dataclass

KEY_FIELD = "Apten_Call_Id__c"
TEXT_TYPES = frozenset({"string", "textarea", "picklist", "combobox", "phone", "url", "email", "multipicklist"})


@dataclass(frozen=True, slots=True)
class OrgField:
    """One field of an org, in Salesforce's own terms.

    `digits` limits an int, `precision` and `scale` a double; `default` is given to a row created without the field;
    `values` are a picklist's API values (shown as their labels too).
    """

    name: str
    type: str
    label: str = ""
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    default: str | bool | None = None
    defaulted: bool = False
    restricted: bool = False
    values: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    filterable: bool = True
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False

    @property
    def custom(self) -> bool:
        """Whether an admin added it."""
        return self.name.endswith("__c")

    @property
    def is_text(self) -> bool:
        """Whether it holds a text with a length."""
        return self.type in TEXT_TYPES


def _text(name: str, label: str, length: int = 255, kind: str = "string") -> OrgField:
    return OrgField(name, kind, label, length=length)


def _choice(
    name: str, label: str, values: str, *, default: str | None = None, restricted: bool = False, updateable: bool = True
) -> OrgField:
    return OrgField(
        name,
        "picklist",
        label,
        length=40,
        values=tuple(values.split("|")),
        default=default,
        defaulted=default is not None,
        nillable=default is None,
        restricted=restricted,
        updateable=updateable,
    )


def _reference(name: str, label: str, *objects: str, nillable: bool = True) -> OrgField:
    return OrgField(name, "reference", label, 18, references=objects, nillable=nillable, defaulted=not nillable)


def _flag(name: str, label: str, *, createable: bool = True, updateable: bool = True) -> OrgField:
    return OrgField(
        name,
        "boolean",
        label,
        createable=createable,
        updateable=updateable,
        nillable=False,
        default=False,
        defaulted=True,
    )


def _kept(name: str, kind: str, label: str, *objects: str, nillable: bool = False) -> OrgField:
    """A field only the platform sets."""
    length = 18 if kind in {"id", "reference"} else 0
    return OrgField(
        name,
        kind,
        label,
        length,
        createable=False,
        updateable=False,
        nillable=nillable,
        defaulted=not nillable,
        references=objects,
    )


TASK_FIELDS = (
    _kept("Id", "id", "Activity ID"),
    _reference("WhoId", "Name ID", "Contact", "Lead"),
    _reference("WhatId", "Related To ID", "Account", "Case", "Opportunity"),
    _text("Subject", "Subject", kind="combobox"),
    OrgField("ActivityDate", "date", "Due Date Only"),
    _choice(
        "Status",
        "Status",
        "Not Started|In Progress|Completed|Waiting on someone else|Deferred",
        default="Not Started",
    ),
    _choice("Priority", "Priority", "High|Normal|Low", default="Normal"),
    _flag("IsHighPriority", "High Priority", createable=False, updateable=False),
    _reference("OwnerId", "Assigned To ID", "Group", "User", nillable=False),
    OrgField("Description", "textarea", "Description", 32_000, filterable=False),
    _flag("IsDeleted", "Deleted", createable=False, updateable=False),
    _kept("AccountId", "reference", "Account ID", "Account", nillable=True),
    _flag("IsClosed", "Closed", createable=False, updateable=False),
    _kept("CreatedDate", "datetime", "Created Date"),
    _kept("CreatedById", "reference", "Created By ID", "User"),
    _kept("LastModifiedDate", "datetime", "Last Modified Date"),
    _kept("LastModifiedById", "reference", "Last Modified By ID", "User"),
    _kept("SystemModstamp", "datetime", "System Modstamp"),
    _flag("IsArchived", "Archived", createable=False, updateable=False),
    OrgField("CallDurationInSeconds", "int", "Call Duration", digits=8),
    _choice("CallType", "Call Type", "Internal|Inbound|Outbound", restricted=True),
    _text("CallDisposition", "Call Result"),
    _text("CallObject", "Call Object Identifier"),
    OrgField("ReminderDateTime", "datetime", "Reminder Date/Time"),
    _flag("IsReminderSet", "Reminder Set"),
    _flag("IsRecurrence", "Create Recurring Series of Tasks", updateable=False),
    _choice(
        "TaskSubtype", "Task Subtype", "Task|Email|ListEmail|Cadence|Call|LinkedIn", restricted=True, updateable=False
    ),
    _kept("CompletedDateTime", "datetime", "Completed Date/Time", nillable=True),
    OrgField(KEY_FIELD, "string", "Apten Call ID", 255, external_id=True, unique=True, case_sensitive=True),
)
