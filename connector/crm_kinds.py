"""The CRMs there are, and what of the language each can do: known without asking one."""

from __future__ import annotations

from dataclasses import dataclass

EXTERNAL_ID, PHONE, EMAIL = CLUES = ("lead.externalLeadId", "lead.phone", "lead.email")
"""What a person can be looked up by."""


@dataclass(frozen=True, slots=True)
class CrmKind:
    """One kind of CRM.

    Args:
        clues: what it can look a person up by.
        people: its objects that hold people, in the order in which they are preferred; empty where a person is but
            the id that Apten knows.
        finds: it can look other records up (`find`), and knows owners and accounts.
    """

    clues: tuple[str, ...]
    people: tuple[str, ...] = ()
    finds: bool = False


CRMS: dict[str, CrmKind] = {
    "salesforce": CrmKind(CLUES, people=("Contact", "Lead"), finds=True),
    "database": CrmKind((EXTERNAL_ID,)),
}
