"""The CRMs there are, and what of the language each can do: known without asking one."""

from __future__ import annotations

from dataclasses import dataclass

EXTERNAL_ID, PHONE, EMAIL = CLUES = ("lead.externalLeadId", "lead.phone", "lead.email")
"""What a person can be looked up by."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rule between two fields: where `field` holds a record of `object`, `other` must be empty."""

    field: str
    object: str
    other: str


@dataclass(frozen=True, slots=True)
class CrmKind:
    """One kind of CRM.

    Args:
        clues: what it can look a person up by.
        people: its objects that hold people, in the order in which they are preferred; empty where a person is but
            the id that Apten knows.
        finds: it can look other records up (`find`), and knows owners and accounts.
        without_account: those of `people` that belong to no account.
        exclusions: rules between fields that its schema does not tell.
    """

    clues: tuple[str, ...]
    people: tuple[str, ...] = ()
    finds: bool = False
    without_account: frozenset[str] = frozenset()
    exclusions: tuple[Exclusion, ...] = ()


CRMS: dict[str, CrmKind] = {
    # Source of the exclusion: Salesforce's Object Reference, Task and Event, on WhoId and WhatId.
    "salesforce": CrmKind(
        CLUES,
        people=("Contact", "Lead"),
        finds=True,
        without_account=frozenset({"Lead"}),
        exclusions=(Exclusion("WhoId", "Lead", "WhatId"),),
    ),
    "database": CrmKind((EXTERNAL_ID,)),
}
