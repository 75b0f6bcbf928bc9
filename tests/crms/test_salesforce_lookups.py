"""Records by what their fields hold, each value written as its field asks and never read as anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.errors import CrmSetupError
from connector.model import Lookup
from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.fields import OrgField, long_text

if TYPE_CHECKING:
    from connector.crms.salesforce.adapter import Salesforce
    from tests.crms.conftest import World


def lookup(name: str, **where: str) -> Lookup:
    return Lookup(name, tuple(where.items()))


def queries(world: World) -> list[str]:
    """The queries sent."""
    texts = [unquote_plus(request).partition("?q=")[2] for request in world.server.requests]
    return [text for text in texts if text]


def test_users_queues_and_record_types_are_found_by_name(world: World, crm: Salesforce) -> None:
    org = world.org
    user = org.add("User", LastName="Sync", Username="Apten@acme.com")
    queue = org.add("Group", Name="Calls", DeveloperName="Calls", Type="Queue")
    org.add("Group", Name="Calls", DeveloperName="Calls", Type="Regular")
    record_type = org.add_record_type("Task", "Call")
    org.add_record_type("Lead", "Call")
    assert crm.look_up(
        [
            lookup("User", Username="apten@acme.com"),
            lookup("Group", DeveloperName="Calls", Type="Queue"),
            lookup("RecordType", DeveloperName="Call", SobjectType="Task"),
            lookup("User", Username="nobody@acme.com"),
        ]
    ) == [(user,), (queue,), (record_type,), ()]


def test_two_records_that_fit_are_told_as_two(world: World, crm: Salesforce) -> None:
    twins = [world.org.add("Campaign", Name="Autumn") for _ in range(3)]
    [found] = crm.look_up([lookup("Campaign", Name="Autumn")])
    assert len(found) == 2
    assert set(found) <= set(twins)
    found, none = crm.look_up([lookup("Campaign", Name="Autumn"), lookup("Campaign", Name="Winter")])
    assert (len(found), none) == (2, ())


def test_look_ups_that_ask_alike_share_a_query_and_each_gets_its_own(world: World, crm: Salesforce) -> None:
    accounts = {f"Account {number}": world.org.add("Account", Name=f"Account {number}") for number in range(200)}
    twins = [world.org.add("Account", Name="account 7"), accounts["Account 7"]]
    found = crm.look_up([*(lookup("Account", Name=name) for name in accounts), lookup("Account", Name="none")])
    expected = [(each,) for each in accounts.values()]
    assert [*found[:7], *found[8:]] == [*expected[:7], *expected[8:], ()]
    assert set(found[7]) == set(twins)
    assert len(queries(world)) == 1


def test_values_are_written_as_their_fields_ask(world: World, crm: Salesforce) -> None:
    org = world.org
    org.add_object(
        "Car__c",
        OrgField("Doors__c", "double", "Doors", precision=3, scale=0),
        OrgField("Price__c", "currency", "Price", precision=10, scale=2),
        OrgField("Sold__c", "boolean", "Sold", nillable=False, default=False, defaulted=True),
        OrgField("Built__c", "date", "Built"),
        OrgField("Seen__c", "datetime", "Seen"),
        OrgField("Owned_By__c", "reference", "Owned by", 18, references=("Account",)),
        OrgField("Colour__c", "picklist", "Colour", 40, values=("Red", "Blue")),
    )
    account = org.add("Account", Name="Acme")
    held: dict[str, Any] = {
        "Doors__c": 5,
        "Price__c": 1999.5,
        "Sold__c": True,
        "Built__c": "2026-06-15",
        "Colour__c": "Red",
    }
    car = org.add("Car__c", **held, Seen__c="2026-06-15T14:30:00.000+0000", Owned_By__c=account)
    org.add("Car__c")
    asked = {
        "Doors__c": ["5", "5.0"],
        "Price__c": ["1999.50"],
        "Sold__c": ["true", "True"],
        "Built__c": ["2026-06-15"],
        "Seen__c": ["2026-06-15T14:30:00Z", "2026-06-15T10:30:00-04:00"],
        "Owned_By__c": [account, account[:15]],
        "Colour__c": ["red"],
    }
    for name, texts in asked.items():
        for text in texts:
            assert crm.look_up([lookup("Car__c", **{name: text})]) == [(car,)], (name, text)
    together = lookup("Car__c", **{name: texts[0] for name, texts in asked.items()})
    other = lookup("Car__c", **{name: texts[0] for name, texts in asked.items()} | {"Doors__c": "3"})
    assert crm.look_up([other, together]) == [(), (car,)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("IsActive", "maybe"),
        ("NumberOfEmployees", "many"),
        ("AnnualRevenue", "1e400"),
        ("ConvertedDate", "yesterday"),
        ("CreatedDate", "2026-06-15T14:30:00"),
        ("OwnerId", "Ann Lee"),
        ("Username", "x" * 81),
        ("Company", ""),
    ],
)
def test_what_a_field_cannot_hold_finds_nothing_and_asks_nothing(
    world: World, crm: Salesforce, name: str, text: str
) -> None:
    where = "User" if name in {"IsActive", "Username"} else "Lead"
    assert crm.look_up([lookup(where, **{name: text})]) == [()]
    assert queries(world) == []


def test_an_inactive_user_is_not_found_unless_looked_for(world: World, crm: Salesforce) -> None:
    gone = world.org.add("User", LastName="Former", Username="former@acme.com", IsActive=False)
    by_name = lookup("User", Username="former@acme.com")
    assert crm.look_up([by_name, lookup("User", Username="former@acme.com", IsActive="false")]) == [(), (gone,)]


def test_look_ups_that_differ_in_case_alone_are_told_apart_where_the_field_does(world: World, crm: Salesforce) -> None:
    strict = OrgField("Code__c", "string", "Code", 40, external_id=True, unique=True, case_sensitive=True)
    world.org.add_object("Site__c", strict, OrgField("City__c", "string", "City", 40))
    lower, upper = world.org.add("Site__c", Code__c="ab", City__c="Bonn"), world.org.add("Site__c", Code__c="AB")
    asked = [lookup("Site__c", Code__c="ab"), lookup("Site__c", Code__c="AB"), lookup("Site__c", Code__c="Ab")]
    assert crm.look_up(asked) == [(lower,), (upper,), ()]
    assert crm.look_up([lookup("Site__c", City__c="bonn"), lookup("Site__c", City__c="BONN")]) == [(lower,)] * 2


def test_an_object_or_field_that_is_not_there_names_the_find_of_the_mapping(world: World, crm: Salesforce) -> None:
    for asked, pattern in (
        (lookup("Usr", Username="a"), "description of Usr, which the mapping names in `find`"),
        (lookup("User", Nickname__c="a"), r"a record of User by Nickname__c \(`find: User`\).* no such field"),
        (lookup("Account", Description="a"), "by Description .* looks up nothing by a field of this kind"),
        (lookup("Acc ount", Name="a"), "cannot be the name"),
    ):
        with pytest.raises(CrmSetupError, match=pattern):
            crm.look_up([asked])
    world.org.access.set_rights("Campaign", Rights(read=False))
    with pytest.raises(CrmSetupError, match="description of Campaign"):
        crm.look_up([lookup("Campaign", Name="Autumn")])


def test_an_object_is_described_once(world: World, crm: Salesforce) -> None:
    for name in ("Ann", "Bo", "Cy"):
        crm.look_up([lookup("User", LastName=name), lookup("User", LastName=name, Alias="x")])
    assert world.asked("sobjects/User/describe") == 1


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).map(canonical_text).filter(bool)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=8, unique_by=str.casefold))
def test_any_text_is_a_value_and_never_a_command(world: World, crm: Salesforce, texts: list[str]) -> None:
    org = world.org
    known = {text: org.add("Account", Name=text, Website=text) for text in texts}
    bystander = org.add("Account", Name="') OR (Name != 'x", Website="y")
    try:
        by_name = crm.look_up([lookup("Account", Name=text) for text in texts])
        by_both = crm.look_up([lookup("Account", Name=text, Website=text) for text in texts])
        assert by_name == by_both == [(known[text],) for text in texts]
        hostile = [lookup("Account", Name=f"{text}') OR (Name != '{text}") for text in texts]
        assert crm.look_up(hostile) == [()] * len(texts)
    finally:
        for account in (*known.values(), bystander):
            org.remove(account)


def test_a_long_text_area_cannot_be_looked_up_by(world: World, crm: Salesforce) -> None:
    world.org.add_object("Note__c", long_text("Body__c", "Body"))
    with pytest.raises(CrmSetupError, match="Body__c"):
        crm.look_up([lookup("Note__c", Body__c="hello")])
