"""Finds calls by what a person has at hand: a record's id, a lead's id, a phone number."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import SetupError
from connector.mapping.apply import compile_mapping
from connector.sync.discover import EPOCH
from connector.sync.recent import rows
from connector.sync.select import unknown_lead

if TYPE_CHECKING:
    from datetime import datetime

    from connector.ports import Ledger, Source
    from connector.sync.attempt import Attempts
    from connector.sync.run import House

SEARCHED = timedelta(days=30)
"""Apten finds no lead by its number: those that changed in this time are gone through."""
FEWEST_DIGITS = 6


def call_of_record(house: House, attempts: Attempts, record_id: str) -> str:
    """The call of an activity: by the ledger, else by the key that the record holds.

    Raises:
        SetupError: neither knows of one.
    """
    if known := house.ledger.calls_recorded_as(record_id):
        return known[0]
    for target in dict.fromkeys(compile_mapping(file).target for file in house.mappings):
        key = attempts(lambda target=target: house.crm.key_of(target, record_id))  # type: ignore[misc]  # bound default
        call_id = target.call_id(key) if key else None
        if call_id is not None:
            return call_id
    raise SetupError(
        f"{record_id} is not the record of a call: the ledger does not know it, and in the CRM it holds no key.",
        done="Nothing was changed.",
        todo="Check the id; it must be that of an activity that this config's mappings write.",
    )


def calls_of_lead(source: Source, ledger: Ledger, attempts: Attempts, lead_id: str) -> list[str]:
    """The ids of a lead's calls: those that Apten lists, then those that only the ledger remembers.

    Raises:
        SetupError: neither knows of the lead.
    """
    listed = rows(attempts, lambda token: source.events(lead_id, since=EPOCH, token=token))
    found = dict.fromkeys(ref.call_id for ref in listed)
    found |= dict.fromkeys(call.call_id for call in ledger.calls_of_lead(lead_id))
    if not found and attempts(lambda: source.lead(lead_id)) is None:
        raise unknown_lead(lead_id)
    return list(found)


def leads_with_number(source: Source, attempts: Attempts, number: str, now: datetime) -> list[str]:
    """The ids of the leads with this phone number that changed at Apten in the last 30 days.

    Raises:
        SetupError: there are none, or too few digits to tell a number by.
    """
    wanted = _digits(number)
    if len(wanted) < FEWEST_DIGITS:
        raise SetupError(
            f"A phone number has at least {FEWEST_DIGITS} digits.",
            done="Nothing was looked for.",
            todo="Write it whole, with its country code or without: +15551234567, or 555 123 4567.",
        )
    leads = rows(attempts, lambda token: source.leads(updated_since=now - SEARCHED, token=token))
    found = list(dict.fromkeys(lead.id for lead in leads if lead.phone and _digits(lead.phone).endswith(wanted)))
    if not found:
        raise SetupError(
            f"No lead with this number changed at Apten in the last {SEARCHED.days} days.",
            done="Apten finds no lead by its number, so only these were gone through.",
            todo="Check the number, or name the lead by its id at Apten (`--lead`).",
        )
    return found


def _digits(number: str) -> str:
    """The digits that count: without what is dialled before a number within its country, or from another."""
    return re.sub(r"[^0-9]", "", number).lstrip("0")
