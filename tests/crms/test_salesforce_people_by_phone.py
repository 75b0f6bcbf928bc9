"""Whose number it is, however the org has it written down."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.crms.salesforce.people import sosl
from connector.crms.salesforce.people.numbers import Number, spellings
from connector.errors import CrmSetupError
from connector.model import Person, Unlinked
from connector.sandbox.salesforce import sosl as org_sosl
from tests.clock import NOON
from tests.crms.searches import PHONE, asked, found, search
from tests.crowd import settle

if TYPE_CHECKING:
    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World


@pytest.mark.parametrize("country", ["US", None])
@pytest.mark.parametrize("ignored", [False, True])
def test_a_crowd_is_found_by_phone_with_one_search_for_200(world: World, *, country: str | None, ignored: bool) -> None:
    world.org.assumptions = replace(world.org.assumptions, phone_search_ignores_punctuation=ignored)
    crm = world.connect()
    crowd = settle(world.org, NOON)
    contact_of = {each.number: each.id for each in crowd.of_kind["double"] if each.object == "Contact"}
    rows = world.org.people
    extended = {each.number for each in crowd.members if any("ext" in str(value) for value in rows[each.id].values())}
    people = crm.find([search((PHONE, each.number or "none"), country=country) for each in crowd.members])
    for member, one in zip(crowd.members, people, strict=True):
        reason = one.reason if isinstance(one, Unlinked) else ""
        if ignored and member.number in extended:
            continue  # such a search sees the end of what is written, which is no part of the number
        match member.kind:
            case "deleted" | "merged":
                assert reason == "phone is nobody's"
            case "silent":
                assert reason == "phone is not a phone number"
            case "shared":
                assert one == Unlinked("phone is of several people", many=True)
            case "double":
                assert one == Person(contact_of[member.number], "Contact")
            case _:
                assert isinstance(one, Person)
                assert one.id == (member.became or member.id)
    assert asked(world).count("search") == 3
    crm.close()


@pytest.mark.parametrize(
    ("stored", "given_", "country", "same"),
    [
        ("(202) 555-0123", "+12025550123", "US", True),
        ("202.555.0123", "(202) 555 0123", "US", True),
        ("2025550123", "12025550123", "US", True),
        ("+1 202 555 0123 x 12", "+12025550123", "US", True),
        ("+1 202 555 0123 x 12", "+1 202 555 0123 ext 13", "US", False),
        ("(202) 555-0123", "+442025550123", "US", False),
        ("(202) 555-0124", "+12025550123", "US", False),
        ("(301) 555-0123", "+12025550123", "US", False),
        ("030 901820", "+4930901820", "DE", True),
        ("030/90 18 20", "+4930901820", "DE", False),  # the search sees words, and these are others
        ("030 901820", "+4930901820", "US", False),
        ("06131 1234", "+4961311234", "DE", True),
        ("+49 (0)30 901820", "030 901820", "DE", True),
        ("07946 000123", "+447946000123", None, True),
        ("0412 345 678", "+61412345678", None, True),
        ("06 12 34 56 78", "+33612345678", None, True),
        ("0033612345678", "+33612345678", "US", True),
        ("call 202-555-0123", "+12025550123", "US", True),
    ],
)
def test_numbers_are_compared_as_numbers_whatever_their_spelling(
    world: World, stored: str, given_: str, *, country: str | None, same: bool
) -> None:
    crm = world.connect()
    lead = world.org.add_lead("Lee", MobilePhone=stored)
    expected = lead if same else "phone is nobody's"
    assert found(crm, (PHONE, given_), country=country) == expected


def test_a_number_is_read_in_the_country_of_its_own_search_alone(world: World, crm: Salesforce) -> None:
    lead = world.org.add_lead("Lee", Phone="030 901820")
    searches = [search((PHONE, "+4930901820"), country=country) for country in ("US", "DE")]
    assert crm.find(searches) == [Unlinked("phone is nobody's"), Person(lead, "Lead")]


def test_a_number_that_cannot_be_read_is_told_as_such(crm: Salesforce) -> None:
    assert found(crm, (PHONE, "202-555-0123"), country=None) == "phone names no country, nor does the mapping"
    assert found(crm, (PHONE, "12345")) == found(crm, (PHONE, "on request")) == "phone is not a phone number"


def test_every_phone_of_a_person_counts_but_no_fax(world: World, crm: Salesforce) -> None:
    for number, name in enumerate(("Phone", "MobilePhone", "HomePhone", "OtherPhone", "Fax", "AssistantPhone")):
        contact = world.org.add_contact("Lee", **{name: f"(202) 555-010{number}"})
        expected = "phone is nobody's" if name in {"Fax", "AssistantPhone"} else contact
        assert found(crm, (PHONE, f"+1202555010{number}")) == expected


def test_phones_that_may_not_be_seen_are_left_out_until_none_is_left(world: World) -> None:
    lead = world.org.add_lead("Lee", MobilePhone="(202) 555-0123")
    world.org.access.hide_field("Phone", of="Lead")
    crm = world.connect()
    assert found(crm, (PHONE, "+12025550123")) == lead
    world.org.access.hide_field("MobilePhone", of="Lead")
    with pytest.raises(CrmSetupError, match=r"no phone number of a Lead") as told:
        found(world.connect(), (PHONE, "+12025550123"))
    assert "Lead.Phone" in told.value.todo
    assert found(world.connect(), (PHONE, "+12025550123"), objects=["Contact"]) == "phone is nobody's"


def test_more_hits_than_a_search_tells_are_several_people(world: World, crm: Salesforce) -> None:
    for _ in range(2_000):
        world.org.add_contact("Switchboard", Phone="(202) 555-0100")
    alone = world.org.add_lead("Lee", Phone="(202) 555-0199")
    crowded, one = crm.find([search((PHONE, "+12025550100")), search((PHONE, "+12025550199"))])
    assert crowded == Unlinked("phone is of several people", many=True)
    assert one == Person(alone, "Lead")


@given(st.lists(st.tuples(st.sampled_from([1, 44, 49, 33, 39, 81]), st.integers(10**6, 10**10 - 1)), max_size=400))
def test_every_number_is_sought_in_a_search_that_is_short_enough(dialled: list[tuple[int, int]]) -> None:
    wanted = [Number(country, str(national)) for country, national in dict.fromkeys(dialled)]
    searches = list(sosl.searches({each: spellings(each) for each in wanted}, "Contact(Id)"))
    assert [number for chunk, _ in searches for number in chunk] == wanted
    for chunk, query in searches:
        [term] = re.findall(r"^FIND \{([\d \"OR]*)\} IN PHONE FIELDS RETURNING Contact\(Id\)$", query)
        assert len(term) <= sosl.LONGEST
        assert len(quote_plus(query)) < 15_000
        sought = {each.strip('"') for each in term.split(" OR ")}
        assert all({number.national, f"{number.country}{number.national}"} <= sought for number in chunk)
        org_sosl.read(query)


def test_numbers_that_do_not_fit_one_search_are_sought_in_several() -> None:
    wanted = [Number(49, f"30{number:08}") for number in range(500)]
    searches = list(sosl.searches({each: spellings(each) for each in wanted}, "Contact(Id)"))
    assert [number for chunk, _ in searches for number in chunk] == wanted
    assert all(len(query) < sosl.LONGEST + 100 for _, query in searches)
    assert len(searches) > 1


def test_200_numbers_of_north_america_are_one_search() -> None:
    wanted = [Number(1, f"202555{line:04}") for line in range(200)]
    assert len(list(sosl.searches({each: spellings(each) for each in wanted}, "Contact(Id), Lead(Id)"))) == 1
