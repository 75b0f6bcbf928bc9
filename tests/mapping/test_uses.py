"""What a mapping uses of the CRM is known from the file."""

from __future__ import annotations

import pytest

from connector.diagnostics import SourceFile
from connector.mapping.apply import compile_mapping
from connector.mapping.load import load
from connector.mapping.uses import use_of
from connector.preparation import Use
from connector.shipped import shipped

HEAD = "version: 1\nactivity: salesforce/Task\nkey: {field: Call__c, suffix: later}\n"


def use(text: str) -> Use:
    mapping = load(SourceFile("mapping.yaml", text))
    return use_of(mapping, compile_mapping(mapping).target)


def test_the_shipped_mapping() -> None:
    found = use(shipped("mappings/salesforce.yaml").read_text())
    assert found.target.name == "Task.Apten_Call_Id__c"
    assert {"WhoId", "Description", "Status"} <= set(found.fields)
    assert (found.people, found.clues) == (("Contact", "Lead"), ("lead.externalLeadId",))
    assert (found.finds, found.accounts, found.time_zone) == ({}, False, "America/New_York")


def test_a_mapping_that_asks_for_nothing() -> None:
    found = use(HEAD + "fields: {Status: Completed}\n")
    assert found == Use("mapping.yaml", found.target, ("Status",))


def test_records_are_found_wherever_a_value_may_stand() -> None:
    found = use(
        HEAD
        + """
person: {by: [lead.phone, lead.email], in: [Lead, Contact]}
fields:
  OwnerId:
    cases:
      - {when: {isTransfer: true}, find: User, where: {Username: a@b.c}}
      - {find: User, where: {Email: {from: lead.additionalInfo.rep}}, default: {find: Group, where: {Name: Sales}}}
  WhatId: {from: person.account, default: {find: Account, where: {Name: Unknown}}}
"""
    )
    assert found.finds == {"User": ("Username", "Email"), "Group": ("Name",), "Account": ("Name",)}
    assert (found.people, found.clues, found.accounts) == (("Lead", "Contact"), ("lead.phone", "lead.email"), True)


@pytest.mark.parametrize(
    ("zone", "told"),
    [("Europe/Berlin", "Europe/Berlin"), ("{from: lead.additionalInfo.zone, default: Europe/Berlin}", None)],
)
def test_a_zone_counts_where_it_is_the_same_for_all_calls(zone: str, told: str | None) -> None:
    assert use(HEAD + f"timezone: {zone}\nfields: {{Status: Completed}}\n").time_zone == told
