"""People of every kind live in an org, and are told as Salesforce tells them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.clock import NOON
from tests.crowd import PHONES, settle

if TYPE_CHECKING:
    from tests.sandbox.org_client import OrgClient


def test_a_crowd_holds_every_kind_and_is_the_same_for_the_same_seed(client: OrgClient) -> None:
    org = client.org
    crowd = settle(org, NOON)
    assert {kind for kind, members in crowd.of_kind.items() if len(members) >= 30} == {
        *("plain", "converted", "merged", "deleted", "shared", "double", "orphaned", "queued", "silent", "house")
    }
    assert 500 <= len(crowd.members) <= 502
    assert all(member.id in org.people for member in crowd.members)
    again = type(org)()
    assert settle(again, NOON).members == crowd.members


def test_what_is_said_of_the_crowd_is_so(client: OrgClient) -> None:
    org = client.org
    crowd = settle(org, NOON)
    for member in crowd.members:
        row = org.people[member.id]
        phones = [re.sub(r" ext.*|\D", "", row[name]) for name in PHONES[member.object] if row[name]]
        assert [phone[-10:] for phone in phones] == ([member.number[2:]] if member.number else [])
        assert row["Email"].casefold() == member.email.casefold()
        assert row["IsDeleted"] == (member.kind in {"deleted", "merged"})
        assert member.became == (row["MasterRecordId"] or row.get("ConvertedContactId"))
    spellings = {re.sub(r"\d", "0", row["Phone"]) for row in org.people.values() if row["Phone"]}
    assert len(spellings) == 10


def test_the_crowd_can_be_asked_about_like_any_people(client: OrgClient) -> None:
    crowd = settle(client.org, NOON)

    def count(query: str, path: str = "/query") -> int:
        return int(client.query(query, path)["totalSize"])

    assert count("SELECT COUNT() FROM Lead WHERE IsConverted = true") == len(crowd.of_kind["converted"])
    merged = [member for member in crowd.of_kind["merged"] if member.object == "Contact"]
    query = "SELECT COUNT() FROM Contact WHERE MasterRecordId != null"
    assert (count(query), count(query, "/queryAll")) == (0, len(merged))
    orphans = [
        count(f"SELECT COUNT() FROM {name} WHERE Owner.IsActive = false AND IsDeleted = false") for name in PHONES
    ]
    assert sum(orphans) == len(crowd.of_kind["orphaned"])
    assert count("SELECT COUNT() FROM Lead WHERE Owner.Type = 'Group'") == len(crowd.of_kind["queued"])
    house = client.query("SELECT OwnerId, Account.OwnerId FROM Contact WHERE AccountId != null")["records"]
    assert any(record["OwnerId"] != record["Account"]["OwnerId"] for record in house)
    [shared, other, *_] = crowd.of_kind["shared"]
    spoken = client.org.people[shared.id]
    assert shared.number == other.number
    number = next(spoken[name] for name in PHONES["Contact"] if spoken[name])
    term = re.sub(r"([^\w\s])", r"\\\1", number)
    found = client.send("GET", "/search", params={"q": f"FIND {{{term}}} IN PHONE FIELDS RETURNING Contact(Id)"}).json()
    assert shared.id in [record["Id"] for record in found["searchRecords"]]
