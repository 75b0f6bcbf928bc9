from __future__ import annotations

import pytest

from connector.model import Clue, IfUnlinked, Person, PersonRef, PersonSearch, Unlinked
from connector.open_values import filled
from tests.mapping.samples import HEAD, LEAD, call, codes, compiled, made, schema_of, value, visit

BY_ID = "person: {by: [lead.externalLeadId]}\n"
CONTACTS = "person: {by: [lead.externalLeadId], in: [Contact]}\n"
REFERENCE = "type: reference, length: 18"


@pytest.mark.parametrize(
    ("part", "field", "expected"),
    [
        ("person", f"{{{REFERENCE}, references: [Contact, Lead]}}", []),
        ("person", f"{{{REFERENCE}, references: [Contact]}}", []),
        ("person", f"{{{REFERENCE}}}", []),
        ("person", f"{{{REFERENCE}, references: [Account]}}", ["MAP301"]),
        ("person", "{type: text, length: 18}", []),
        ("person", "{type: text, length: 17}", ["MAP305"]),
        ("person", "{type: picklist}", ["MAP301"]),
        ("person", "{type: date}", ["MAP301"]),
        ("person", f"{{{REFERENCE}, required: true}}", ["MAP304"]),
        ("person.owner", f"{{{REFERENCE}, references: [Group, User]}}", []),
        ("person.owner", f"{{{REFERENCE}, references: [Contact, Lead]}}", ["MAP301"]),
        ("person.account", f"{{{REFERENCE}, references: [Account, Case]}}", []),
        ("person.account", f"{{{REFERENCE}, references: [User]}}", ["MAP301"]),
        ("person.object", "{type: text, length: 7}", []),
        ("person.object", "{type: text, length: 6}", ["MAP305"]),
        ("person.object", "{type: picklist, restricted: true, values: [Contact, Lead]}", []),
        ("person.object", "{type: picklist, restricted: true, values: [Contact]}", ["MAP405"]),
        ("person.object", f"{{{REFERENCE}}}", ["MAP301"]),
        ("person.object", "{type: boolean}", ["MAP301"]),
    ],
)
def test_each_part_of_the_person_goes_into_fields_that_take_it(part: str, field: str, expected: list[str]) -> None:
    assert codes(visit(f"{{from: {part}}}", BY_ID), schema_of(f"target: {field}")) == expected


def test_where_people_are_looked_for_decides_what_they_can_be() -> None:
    picklist = schema_of("target: {type: picklist, restricted: true, values: [Contact]}")
    assert codes(visit("{from: person.object}", CONTACTS), picklist) == []
    leads = schema_of(f"target: {{{REFERENCE}, references: [Lead]}}")
    assert codes(visit("{from: person}", CONTACTS), leads) == ["MAP301"]


def test_a_field_takes_only_people_of_its_objects() -> None:
    field = f"{{{REFERENCE}, references: [Contact]}}"
    asked = value("{from: person, default: 003A}", call(), field="{type: text}", head=BY_ID)
    assert asked == PersonRef(otherwise="003A")
    only_contacts = value("{from: person}", call(), field=field, head=BY_ID)
    assert only_contacts == PersonRef(objects=("Contact",))
    contact, lead = Person("003A", "Contact"), Person("00QA", "Lead")
    assert filled({"a": only_contacts}, contact, lambda _: None) == {"a": "003A"}
    assert filled({"a": only_contacts}, lead, lambda _: None) == {}
    assert filled({"a": asked}, Unlinked("nobody"), lambda _: None) == {"a": "003A"}


def test_the_parts_are_those_of_the_person_found() -> None:
    person = Person("003A", "Contact", owner="005A", account="001A")
    fields = {part: PersonRef(part) for part in ("id", "object", "owner", "account")}
    assert filled(fields, person, lambda _: None) == {
        "id": "003A", "object": "Contact", "owner": "005A", "account": "001A"
    }  # fmt: skip
    assert filled(fields, Person("003A"), lambda _: None) == {"id": "003A"}


def test_the_search_says_in_which_order_by_what_and_where() -> None:
    head = """person:
  by: [lead.phone, lead.externalLeadId, lead.phone]
  in: [Lead, Contact]
  phone_country: US
  if_none: hold
  if_many: skip
"""
    lead = LEAD.model_copy(update={"phone": " (208) 555-0100 ", "email": "ada@example.com"})
    search = made(compiled(visit("{from: person}", head)), call(), lead).person
    clues = (Clue("lead.phone", "(208) 555-0100"), Clue("lead.externalLeadId", "003xx000004TmiQAAS"))
    assert search == PersonSearch(clues, ("Lead", "Contact"), "US", IfUnlinked.HOLD, IfUnlinked.SKIP)


def test_a_word_alone_may_stand_for_a_list() -> None:
    search = made(compiled(visit("{from: person}", "person: {by: lead.email, in: Lead}\n")), call(), LEAD).person
    assert search == PersonSearch((), ("Lead",))


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("{by: [lead.lastName]}", ["MAP105"]),
        ("{by: [lead.phone], in: [Account]}", ["MAP105"]),
        ("{by: [lead.phone], phone_country: USA}", ["MAP119"]),
        ("{by: [lead.phone], phone_country: us}", ["MAP119"]),
        ("{by: [lead.phone], if_none: guess}", ["MAP105"]),
        ("{in: [Contact]}", ["MAP102"]),
    ],
)
def test_a_search_that_cannot_be_is_told(person: str, found: list[str]) -> None:
    assert codes(visit("{from: person}", f"person: {person}\n")) == found


@pytest.mark.parametrize(
    ("written", "head", "found"),
    [
        ("{from: person}", "person: {by: [lead.externalLeadId]}\n", []),
        ("{from: person}", "person: {by: [lead.phone]}\n", ["MAP122"]),
        ("{from: person}", "person: {by: [lead.externalLeadId], in: [Contact]}\n", ["MAP122"]),
        ("{from: person.owner}", "person: {by: [lead.externalLeadId]}\n", ["MAP122"]),
    ],
)
def test_a_database_knows_a_person_by_their_id_alone(written: str, head: str, found: list[str]) -> None:
    assert codes(visit(written, head).replace("salesforce", "database")) == found


@pytest.mark.parametrize("option", ["as: text", "map: {a: b}", "cut: {keep: start}", "plus: 1d", "if_missing: clear"])
def test_nothing_is_made_of_a_person(option: str) -> None:
    assert codes(visit(f"{{from: person, {option}}}", BY_ID)) == ["MAP111"]


@pytest.mark.parametrize(
    ("who", "what", "people", "found"),
    [
        ("{from: person}", "{from: person.account}", BY_ID, []),
        ("{from: person}", "{from: person.account, when: {isTransfer: true}}", BY_ID, []),
        ("{from: person}", "{find: Account, where: {Name: Acme}}", BY_ID, ["MAP420"]),
        ("{from: person}", "{from: person.account, default: {find: Account, where: {Name: A}}}", BY_ID, ["MAP420"]),
        ("{from: person}", "{find: Account, where: {Name: Acme}}", CONTACTS, []),
        ("{find: Lead, where: {Name: Ada}}", "{find: Account, where: {Name: Acme}}", "", ["MAP420"]),
        ("{find: Contact, where: {Name: Ada}}", "{find: Account, where: {Name: Acme}}", "", []),
    ],
)
def test_an_activity_of_a_lead_is_related_to_nothing_else(who: str, what: str, people: str, found: list[str]) -> None:
    assert codes(f"{HEAD}{people}fields:\n  WhoId: {who}\n  WhatId: {what}\n") == found
