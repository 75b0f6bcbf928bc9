"""Whoever a record id leads to, at the end of all merging and converting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.model import Person, Unlinked
from connector.sandbox.salesforce import by_hand
from connector.sandbox.salesforce.ids import whole
from tests.clock import NOON
from tests.crms.searches import ID, asked, found, search
from tests.crowd import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ("0010000000abcDE", "externalLeadId is not the id of a Lead or Contact"),
        ("hubspot-12345", "externalLeadId is not a Salesforce record id"),
        ("003xx000004Tmi!", "externalLeadId is not a Salesforce record id"),
        ("", "externalLeadId is not a Salesforce record id"),
        ("00Q5g00000FnD3a", "externalLeadId leads to no record that may be seen"),
    ],
)
def test_what_leads_to_nobody_says_why(crm: Salesforce, given_: str, reason: str) -> None:
    assert found(crm, (ID, given_)) == reason


FORMS: tuple[Callable[[str], str], ...] = (whole, lambda id_: id_[:15], lambda id_: f"{id_[:15]}AAA", " {}\n".format)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["Lead", "Contact"])
def test_an_id_is_taken_in_any_of_its_forms(
    world: World, crm: Salesforce, form: Callable[[str], str], name: str
) -> None:
    person = world.org.add(name, LastName="Lee")
    assert crm.find([search((ID, form(person)))]) == [Person(person, name)]


def test_a_converted_lead_is_the_contact_it_became(world: World, crm: Salesforce) -> None:
    lead = world.org.add_lead("Lee")
    contact = by_hand.convert(world.org, lead, NOON)
    assert crm.find([search((ID, lead))]) == [Person(contact, "Contact")]


@pytest.mark.parametrize("reach_others", [True, False])
def test_a_merged_record_is_its_master_however_often_it_was_merged(world: World, *, reach_others: bool) -> None:
    org, crm = world.org, world.connect()
    org.assumptions = replace(org.assumptions, deleted_records_reach_others=reach_others)
    first, second, third, last = (org.add_lead(f"Lee {number}") for number in range(4))
    by_hand.merge(org, second, first, NOON)
    by_hand.merge(org, third, second, NOON)
    by_hand.merge(org, last, third, NOON)
    assert {found(crm, (ID, each)) for each in (first, second, third, last)} == {last}
    contact = by_hand.convert(org, last, NOON)
    master = org.add_contact("Lee")
    by_hand.merge(org, master, contact, NOON)
    assert {found(crm, (ID, each)) for each in (first, second, third, last, contact)} == {master}


def test_200_merged_records_are_one_query(world: World, crm: Salesforce) -> None:
    masters = [world.org.add_lead(f"Lee {number}") for number in range(200)]
    losers = [world.org.add_lead("Lee") for _ in masters]
    for master, loser in zip(masters, losers, strict=True):
        by_hand.merge(world.org, master, loser, NOON)
    assert crm.find([search((ID, each)) for each in losers]) == [Person(each, "Lead") for each in masters]
    assert asked(world) == ["Lead"]


def test_records_that_stand_for_each_other_in_a_ring_are_nobody(world: World, crm: Salesforce) -> None:
    one, other = world.org.add_lead("Lee"), world.org.add_lead("Lee")
    by_hand.merge(world.org, one, other, NOON)
    by_hand.merge(world.org, other, one, NOON)
    assert "leads to" in found(crm, (ID, one))


def test_a_deleted_record_and_one_that_leads_nowhere_are_nobody(world: World, crm: Salesforce) -> None:
    org = world.org
    deleted, lost = org.add_lead("Lee"), org.add_lead("Lee", converted=True)
    org.delete(deleted, NOON)
    assert found(crm, (ID, deleted)) == "externalLeadId leads to a deleted record"
    assert found(crm, (ID, lost)) == "externalLeadId leads to a converted lead without a contact"
    converted = org.add_lead("Lee")
    contact = by_hand.convert(org, converted, NOON)
    org.delete(contact, NOON)
    assert found(crm, (ID, converted)) == "externalLeadId leads to a deleted record"
    org.remove(contact)
    assert found(crm, (ID, converted)) == "externalLeadId leads to no record that may be seen"


def test_a_record_of_an_object_not_looked_in_is_nobody_but_its_contact_is(world: World, crm: Salesforce) -> None:
    lead = world.org.add_lead("Lee")
    contacts_only = search((ID, lead), objects=["Contact"])
    [nobody] = crm.find([contacts_only])
    assert nobody == Unlinked("externalLeadId leads to an object that the mapping does not look in")
    contact = by_hand.convert(world.org, lead, NOON)
    assert crm.find([contacts_only]) == [Person(contact, "Contact")]


def test_a_crowd_is_found_by_id_with_one_query_an_object_for_200_searches(world: World, crm: Salesforce) -> None:
    crowd = settle(world.org, NOON)
    people = crm.find([search((ID, FORMS[at % 4](each.id))) for at, each in enumerate(crowd.members)])
    for member, one in zip(crowd.members, people, strict=True):
        if member.kind == "deleted":
            assert one == Unlinked("externalLeadId leads to a deleted record")
        else:
            assert isinstance(one, Person)
            assert one.id == (member.became or member.id)
    assert sorted(asked(world)) == ["Contact"] * 3 + ["Lead"] * 3
