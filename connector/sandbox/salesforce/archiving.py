"""Archiving of old activities. Source: Salesforce's "Archived Activities".

`query` leaves archived records out, `queryAll` shows them; they can be changed and deleted; the flag cannot be set.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from connector.sandbox.salesforce.stamps import read_datetime

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.salesforce.tables import Row

_AGE = timedelta(days=365)


def is_due(task: Row, now: datetime) -> bool:
    """Whether the nightly job archives a task: closed, and a year old by its date, else by its creation."""
    day = task["ActivityDate"]
    began = date.fromisoformat(day) if day else read_datetime(task["CreatedDate"]).date()
    return task["IsClosed"] and not task["IsArchived"] and now.date() - began >= _AGE


def brings_back(values: Row) -> bool:
    """Whether a change takes a record out of the archive: one of WhatId does, as users report."""
    return "WhatId" in values
