"""Whom a call was with: by e-mail address, by several clues, in several objects, with owner and account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.crms.salesforce.people.reasons import Why
from connector.errors import CrmSetupError
from connector.model import Person, Unlinked
from connector.sandbox.salesforce import by_hand
from connector.sandbox.salesforce.access import Rights
from tests.clock import NOON
from tests.crms.searches import EMAIL, ID, PHONE, asked, found, search
from tests.crowd import settle

if TYPE_CHECKING:
    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World


def test_a_crowd_is_found_by_e_mail_with_one_query_an_object_for_200_searches(world: World, crm: Salesforce) -> None:
    crowd = settle(world.org, NOON)
    contact_of = {each.email: each.id for each in crowd.of_kind["double"] if each.object == "Contact"}
    contact_of = {address.casefold(): each for address, each in contact_of.items()}
    people = crm.find([search((EMAIL, each.email.swapcase())) for each in crowd.members])
    for member, one in zip(crowd.members, people, strict=True):
        if member.kind in {"deleted", "merged"}:
            assert one == Unlinked("email is nobody's")
        else:
            assert isinstance(one, Person)
            assert one.id == contact_of.get(member.email.casefold(), member.became or member.id)
    assert sorted(asked(world)) == ["Contact"] * 3 + ["Lead"] * 3


def test_an_object_behind_the_one_that_has_everybody_is_not_asked(world: World, crm: Salesforce) -> None:
    contacts = [world.org.add_contact("Lee", Email=f"lee{number}@acme.com") for number in range(10)]
    people = crm.find([search((EMAIL, f"lee{number}@acme.com")) for number in range(10)])
    assert people == [Person(each, "Contact") for each in contacts]
    assert asked(world) == ["Contact"]


def test_an_address_of_two_is_nobodys_and_no_address_is_told(world: World, crm: Salesforce) -> None:
    world.org.add_contact("Ann", Email="info@acme.com")
    world.org.add_contact("Bo", Email="INFO@acme.com")
    assert crm.find([search((EMAIL, " info@acme.com "))]) == [Unlinked("email is of several people", many=True)]
    for text in ("acme.com", "@acme.com", "a@", "a b@acme.com", f"{'x' * 80}@acme.com"):
        assert found(crm, (EMAIL, text)) == "email is not an e-mail address"


def test_letters_that_only_fold_to_the_same_are_two_addresses(world: World, crm: Salesforce) -> None:
    world.org.add_contact("Gross", Email="gross@x.de")
    assert found(crm, (EMAIL, "groß@x.de")) == "email is nobody's"


def test_the_first_clue_that_leads_to_one_person_wins(world: World, crm: Salesforce) -> None:
    org = world.org
    by_id, by_mail = org.add_lead("Ann"), org.add_lead("Bo", Email="bo@acme.com")
    org.add_lead("Twin", Phone="(202) 555-0100")
    org.add_lead("Twin", Phone="(202) 555-0100")
    number, address = (PHONE, "+12025550100"), (EMAIL, "bo@acme.com")
    assert found(crm, (ID, by_id), number, address) == by_id
    assert found(crm, (ID, "nobody"), number, address) == by_mail
    [nobody] = crm.find([search((ID, "nobody"), number, (EMAIL, "cy@acme.com"))])
    assert nobody == Unlinked(
        "externalLeadId is not a Salesforce record id; phone is of several people; email is nobody's", many=True
    )
    assert crm.find([search()]) == [Unlinked("the call gives nothing to find a person by")]


def test_each_kind_of_clue_is_asked_for_once_whichever_calls_lack_some(world: World, crm: Salesforce) -> None:
    clues = [(ID, "00Q5g00000FnD3a"), (PHONE, "+12025550100"), (EMAIL, "bo@acme.com")]
    searches = [search(*clues[start:end]) for start in range(3) for end in range(start + 1, 4)]
    searches.append(search(clues[0], clues[2]))
    crm.find(list(reversed(searches)))
    assert asked(world) == ["Lead", "search", "Contact", "Lead"]
    since = len(world.server.requests)
    crm.find([search(*clues), search(*reversed(clues))])
    assert sorted(asked(world, since)) == ["Contact", "Lead", "Lead", "Lead", "search", "search"]


HELD: dict[str, Any] = {"Phone": "(202) 555-0123", "Email": "Lee@acme.com"}


@pytest.mark.parametrize("clue", [(PHONE, "+12025550123"), (EMAIL, "lee@acme.com")])
def test_the_preferred_object_decides_before_the_next_is_looked_at(
    world: World, crm: Salesforce, clue: tuple[str, str]
) -> None:
    org, held = world.org, HELD
    lead, contact = org.add_lead("Lee", **held), org.add_contact("Lee", **held)
    assert found(crm, clue) == found(crm, clue, objects=["Contact", "Lead"]) == contact
    assert found(crm, clue, objects=["Lead", "Contact"]) == found(crm, clue, objects=["Lead"]) == lead
    org.add_lead("Lee", **held)
    assert found(crm, clue) == contact
    assert "several" in found(crm, clue, objects=["Lead", "Contact"])


@pytest.mark.parametrize("clue", [(PHONE, "+12025550123"), (EMAIL, "lee@acme.com")])
def test_a_converted_lead_stands_for_its_contact_behind_those_who_hold_the_same_themselves(
    world: World, crm: Salesforce, clue: tuple[str, str]
) -> None:
    org, held = world.org, HELD
    lead = org.add_lead("Lee", **held)
    contact = by_hand.convert(org, lead, NOON)
    by_hand.edit(org, contact, NOON, Phone="(202) 555-0999", Email="new@acme.com")
    for objects in (["Contact", "Lead"], ["Lead", "Contact"]):
        assert found(crm, clue, objects=objects) == contact
    assert "nobody's" in found(crm, clue, objects=["Lead"])
    fresh = org.add_lead("Lee again", **held)
    assert found(crm, clue, objects=["Contact", "Lead"]) == contact
    assert found(crm, clue, objects=["Lead", "Contact"]) == fresh
    moved_in = org.add_contact("Somebody else", **held)
    assert found(crm, clue) == moved_in
    org.delete(fresh, NOON)
    for objects in (["Contact", "Lead"], ["Lead", "Contact"]):
        assert found(crm, clue, objects=objects) == moved_in
    by_hand.undelete(org, fresh, NOON)
    org.delete(moved_in, NOON)
    org.delete(contact, NOON)
    assert found(crm, clue) == fresh


def test_an_owner_is_an_active_user_and_asked_for_only_where_wanted(world: World, crm: Salesforce) -> None:
    crowd = settle(world.org, NOON)
    people = crm.find([search((ID, each.id)) for each in crowd.members])
    assert {one.owner for one in people if isinstance(one, Person)} == {None}
    assert "User" not in asked(world)
    assert not [request for request in world.server.requests if "OwnerId" in request or "AccountId" in request]
    since = len(world.server.requests)
    people = crm.find([search((ID, each.id), parts="id owner") for each in crowd.members])
    for member, one in zip(crowd.members, people, strict=True):
        if isinstance(one, Person):
            owner = world.org.people[one.id]["OwnerId"]
            assert one.owner == (None if member.kind in {"orphaned", "queued"} else owner)
    assert asked(world, since).count("User") <= 3
    since = len(world.server.requests)
    crm.find([search((ID, each.id), parts="id owner") for each in crowd.members[:50]])
    assert "User" not in asked(world, since), "each owner is asked for once"


def test_an_account_is_a_contacts_and_asked_for_only_where_wanted(world: World, crm: Salesforce) -> None:
    crowd = settle(world.org, NOON)
    for clue in (ID, PHONE, EMAIL):
        value = {ID: "id", PHONE: "number", EMAIL: "email"}[clue]
        house = [each for each in crowd.of_kind["house"] if each.number]
        people = crm.find([search((clue, getattr(each, value)), parts="id account") for each in house])
        accounts = [one.account for one in people if isinstance(one, Person)]
        assert accounts == [world.org.people[each.id]["AccountId"] for each in house]
    lead = world.org.add_lead("Lee")
    assert crm.find([search((ID, lead), parts="account")]) == [Person(lead, "Lead")]
    contact = by_hand.convert(world.org, lead, NOON)
    account = world.org.people[contact]["AccountId"]
    assert crm.find([search((ID, lead), parts="account")]) == [Person(contact, "Contact", account=account)]


def test_an_object_that_may_not_be_read_is_the_admins_matter(world: World, crm: Salesforce) -> None:
    world.org.access.set_rights("Contact", Rights(read=False))
    with pytest.raises(CrmSetupError, match="look-up of people in Contact"):
        found(crm, (EMAIL, "lee@acme.com"))
    assert found(crm, (EMAIL, "lee@acme.com"), objects=["Lead"]) == "email is nobody's"
    world.org.access.hide_field("Email", of="Lead")
    with pytest.raises(CrmSetupError, match=r"people in Lead by e-mail address \(field Email\)"):
        found(crm, (EMAIL, "lee@acme.com"), objects=["Lead"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=90), st.sampled_from([ID, PHONE, EMAIL]))
def test_no_clue_is_ever_a_command_or_found_in_the_reason(world: World, crm: Salesforce, text: str, clue: str) -> None:
    if not world.org.people:
        world.org.add_lead("Lee", Phone="(202) 555-0123", Email="lee@acme.com")
    for hostile in (
        "TEXT",
        "') OR (Name != 'TEXT",
        "TEXT@x') OR (Name != '",
        "+1202555TEXT012",
        "+12025550199} OR {TEXT",
    ):
        [nobody] = crm.find([search((clue, hostile.replace("TEXT", text)))])
        assert isinstance(nobody, Unlinked)
        assert set(nobody.reason.split("; ")) <= set(Why)
