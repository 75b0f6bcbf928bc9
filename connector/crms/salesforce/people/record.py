"""A Lead or Contact as the look-ups read it: which of its fields, and what they say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.model import Person
from connector.record_ids import full_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector.crms.salesforce.queries import Row

LEAD, CONTACT = "Lead", "Contact"


def columns(name: str, parts: Collection[str]) -> list[str]:
    """The fields to read of an object's records. Owner and account are asked for only where they are wanted."""
    converted = ["IsConverted", "ConvertedContactId"] if name == LEAD else []
    owner = ["OwnerId"] if "owner" in parts else []
    account = ["AccountId"] if "account" in parts and name == CONTACT else []
    return ["Id", *converted, *owner, *account]


def person(name: str, row: Row) -> Person:
    """The person a record is. `owner` is whoever owns it, active or not."""
    return Person(full_id(row["Id"]), name, owner=row.get("OwnerId"), account=row.get("AccountId"))


def is_converted(row: Row) -> bool:
    """Whether a lead lives on as a contact."""
    return bool(row.get("IsConverted"))


def contact_of(row: Row) -> str | None:
    """The contact a converted lead became; None if there is none, or it may not be seen."""
    became = row.get("ConvertedContactId")
    return full_id(became) if became else None
