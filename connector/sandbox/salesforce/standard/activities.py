"""Task and Event, and the statuses of tasks.

Source: Salesforce's Object Reference ("Task", "Event", "TaskStatus") and Field Reference Guide.
"""

from __future__ import annotations

from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.fields import KEY_FIELD, OrgField, fields
from connector.sandbox.salesforce.objects import OrgObject, named

ACTIVITIES = ("Task", "Event")
"""Custom fields of the two are made on `Activity` and shared, and so is their field-level security."""

_KEY = OrgField(KEY_FIELD, "string", "Apten Call ID", 255, external_id=True, unique=True, case_sensitive=True)

_TASK = fields("""
    Id                     id                       Activity ID                 kept, defaulted
    WhoId                  reference(Contact Lead)  Name ID                     hideable
    WhatId                 reference(Account Campaign Case Opportunity)  Related To ID               hideable
    Subject                combobox(255)            Subject
    ActivityDate           date                     Due Date Only
    Status                 picklist(40)             Status                      default=Not Started
      = Not Started|In Progress|Completed|Waiting on someone else|Deferred
    Priority               picklist(40)             Priority                    default=Normal
      = High|Normal|Low
    IsHighPriority         boolean                  High Priority               kept
    OwnerId                reference(Group User)    Assigned To ID              defaulted
    Description            textarea(32000)          Description                 hideable, unfiltered
    IsDeleted              boolean                  Deleted                     kept
    AccountId              reference(Account)       Account ID                  kept
    IsClosed               boolean                  Closed                      kept
    CreatedDate            datetime                 Created Date                kept, defaulted
    CreatedById            reference(User)          Created By ID               kept, defaulted
    LastModifiedDate       datetime                 Last Modified Date          kept, defaulted
    LastModifiedById       reference(User)          Last Modified By ID         kept, defaulted
    SystemModstamp         datetime                 System Modstamp             kept, defaulted
    IsArchived             boolean                  Archived                    kept
    CallDurationInSeconds  int(8)                   Call Duration
    CallType               picklist(40)             Call Type                   restricted
      = Internal|Inbound|Outbound
    CallDisposition        string(255)              Call Result
    CallObject             string(255)              Call Object Identifier
    ReminderDateTime       datetime                 Reminder Date/Time
    IsReminderSet          boolean                  Reminder Set
    IsRecurrence           boolean                  Create Recurring Series of Tasks  create-only
    TaskSubtype            picklist(40)             Task Subtype                create-only, restricted
      = Task|Email|ListEmail|Cadence|Call|LinkedIn
    CompletedDateTime      datetime                 Completed Date/Time         kept
""")

_EVENT = fields("""
    Id                     id                       Activity ID                 kept, defaulted
    WhoId                  reference(Contact Lead)  Name ID                     hideable
    WhatId                 reference(Account Campaign Case Opportunity)  Related To ID               hideable
    Subject                combobox(255)            Subject
      = Call|Email|Meeting|Send Letter/Quote|Other
    Location               string(255)              Location                    hideable
    IsAllDayEvent          boolean                  All-Day Event               hideable
    ActivityDateTime       datetime                 Due Date Time
    ActivityDate           date                     Due Date Only
    DurationInMinutes      int(8)                   Duration
    StartDateTime          datetime                 Start Date Time
    EndDateTime            datetime                 End Date Time
    EndDate                date                     End Date                    kept
    Description            textarea(32000)          Description                 hideable, unfiltered
    AccountId              reference(Account)       Account ID                  kept
    OwnerId                reference(User)          Assigned To ID              defaulted
    IsPrivate              boolean                  Private
    ShowAs                 picklist(40)             Show Time As                default=Busy, restricted
      = Busy|OutOfOffice|Free
    IsDeleted              boolean                  Deleted                     kept
    IsChild                boolean                  Is Child                    kept
    IsGroupEvent           boolean                  Is Group Event              kept
    GroupEventType         picklist(40)             Group Event Type            kept, default=0, restricted
      = 0|1|2|3
    CreatedDate            datetime                 Created Date                kept, defaulted
    CreatedById            reference(User)          Created By ID               kept, defaulted
    LastModifiedDate       datetime                 Last Modified Date          kept, defaulted
    LastModifiedById       reference(User)          Last Modified By ID         kept, defaulted
    SystemModstamp         datetime                 System Modstamp             kept, defaulted
    IsArchived             boolean                  Archived                    kept
    IsRecurrence           boolean                  Create Recurring Series of Events  create-only
    ReminderDateTime       datetime                 Reminder Date/Time
    IsReminderSet          boolean                  Reminder Set
    EventSubtype           picklist(40)             Event Subtype               create-only, restricted
      = Event
""")

_TASK_STATUS = fields("""
    Id           id           Task Status ID  kept, defaulted
    ApiName      string(255)  API Name        kept
    MasterLabel  string(255)  Master Label    kept
    SortOrder    int(9)       Sort Order      kept
    IsClosed     boolean      Closed          kept
    IsDefault    boolean      Default         kept
""")


def objects() -> list[OrgObject]:
    """The objects of this file, as a new org has them; Event is there for what it shares with Task, not for rows."""
    subject = ("Subject",)
    task = OrgObject("Task", ids.TASK, "Task", "Tasks", named(_TASK, [_KEY]), subject, searchable=True, archives=True)
    event = OrgObject("Event", "00U", "Event", "Events", named(_EVENT, [_KEY]), subject, writable=False, archives=True)
    status = OrgObject("TaskStatus", "01J", "Task Status Value", "Task Status Values", named(_TASK_STATUS))
    status.names, status.writable, status.layoutable = ("MasterLabel",), False, False
    return [task, event, status]
