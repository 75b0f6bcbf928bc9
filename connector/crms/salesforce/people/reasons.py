"""Why nobody was found, in words that never hold the clue; explained in docs/reference/reasons.md."""

from __future__ import annotations

from enum import StrEnum

from connector.model import Unlinked


class Why(StrEnum):
    """What a clue came to."""

    NO_CLUE = "the call gives nothing to find a person by"
    NO_ID = "externalLeadId is not a Salesforce record id"
    OTHER_OBJECT = "externalLeadId is not the id of a Lead or Contact"
    NOT_THERE = "externalLeadId leads to no record that may be seen"
    DELETED = "externalLeadId leads to a deleted record"
    NO_CONTACT = "externalLeadId leads to a converted lead without a contact"
    NOT_WANTED = "externalLeadId leads to an object that the mapping does not look in"
    NO_NUMBER = "phone is not a phone number"
    NO_COUNTRY = "phone names no country, nor does the mapping"
    NO_PHONE = "phone is nobody's"
    PHONES = "phone is of several people"
    NO_ADDRESS = "email is not an e-mail address"
    NO_EMAIL = "email is nobody's"
    EMAILS = "email is of several people"

    def unlinked(self) -> Unlinked:
        """The reason as the outcome of a look-up."""
        return Unlinked(self.value, many=self in {Why.PHONES, Why.EMAILS})


def together(reasons: list[Unlinked]) -> Unlinked:
    """The reasons of all clues, in their order."""
    if not reasons:
        return Why.NO_CLUE.unlinked()
    return Unlinked("; ".join(each.reason for each in reasons), many=any(each.many for each in reasons))
