"""What people do in the org while the connector is not looking: they edit, convert, merge, delete and bring back.

All of it is kept in the history under the user who did it; nothing of it is held against the rules for rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce.history import Write
from connector.sandbox.salesforce.stamps import stored_datetime
from connector.sandbox.salesforce.values import stored

if TYPE_CHECKING:
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg


def edit(org: SalesforceOrg, record_id: str, at: datetime, *, by: str | None = None, **fields: Any) -> None:
    """Somebody changes fields of a record, stored as an org stores them; `by` is the user, else the connector's own."""
    known = org.table_holding(record_id).object.fields
    values = {
        name: None if value is None else stored(known[name], value, org.assumptions) for name, value in fields.items()
    }
    org.update(record_id, values, at, by=by)


def convert(
    org: SalesforceOrg, lead_id: str, at: datetime, *, contact_id: str | None = None, account_id: str | None = None
) -> str:
    """A lead becomes a contact, a new one unless it is given, and its tasks become the contact's; the contact's id.

    Salesforce gives a new contact the lead's name, phones and e-mail address, and both an account.
    """
    lead = org.tables["Lead"].rows[lead_id]
    account_id = account_id or org.add("Account", Name=lead["Company"] or lead["Name"], at=at)
    if contact_id is None:
        kept = ("FirstName", "LastName", "Phone", "MobilePhone", "Email", "OwnerId")
        contact_id = org.add("Contact", at=at, AccountId=account_id, **{name: lead[name] for name in kept})
    result = {
        "IsConverted": True,
        "ConvertedDate": at.date().isoformat(),
        "ConvertedContactId": contact_id,
        "ConvertedAccountId": account_id,
        "Status": "Closed - Converted",
    }
    org.update(lead_id, result, at)
    _move_tasks(org, lead_id, contact_id, at)
    return contact_id


def merge(org: SalesforceOrg, master_id: str, loser_id: str, at: datetime) -> None:
    """Two leads, or two contacts, become one: the loser is deleted and names its master, its tasks move there."""
    org.delete(loser_id, at)
    org.table_holding(loser_id).change(loser_id, {"MasterRecordId": master_id})
    _move_tasks(org, loser_id, master_id, at)


def undelete(org: SalesforceOrg, record_id: str, at: datetime, *, by: str | None = None) -> None:
    """Somebody takes a record out of the recycle bin."""
    table = org.table_holding(record_id)
    org.history.append(Write("undelete", table.name, record_id, {}, by or org.user_id, at))
    table.change(record_id, {"IsDeleted": False, "SystemModstamp": stored_datetime(at)})


def _move_tasks(org: SalesforceOrg, old: str, new: str, at: datetime) -> None:
    for task_id in [task_id for task_id, task in org.tasks.items() if task["WhoId"] == old and not task["IsDeleted"]]:
        org.update(task_id, {"WhoId": new}, at)
