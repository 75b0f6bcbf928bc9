"""Five hundred leads of every kind: each call ends on the right person, at a handful of requests."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from connector.sandbox.world import World
from tests.crowd import settle
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clock import FakeClock
    from tests.crowd import Member
    from tests.town import Town

    Build = Callable[..., Town]

PERSON = """\
person:
  by: [lead.externalLeadId, lead.phone, lead.email]
  in: [Contact, Lead]
  phone_country: US
"""
OWNER = "  OwnerId: {from: person.owner, default: {find: User, where: {Username: apten@acme.com}}}\n"
ACCOUNT = "  WhatId: {from: person.account}\n"
KNOWN: tuple[Callable[[Member], dict[str, Any]], ...] = (
    lambda one: {"externalLeadId": one.id},
    lambda one: {"externalLeadId": one.id[:15], "phone": "+12025550100", "email": "somebody@else.com"},
    lambda one: {"externalLeadId": f"{one.id[:15]}AAA"},
    lambda one: {"phone": one.number or None, "email": one.email},
    lambda one: {"externalLeadId": "lead_8xYzQ1kJ4mB7", "phone": one.number or None},
    lambda one: {"email": one.email.upper()},
    lambda _: {"externalLeadId": "001000000000001AAA", "phone": "none"},
    lambda one: {"externalLeadId": "00Q5g00000Gone1AAA", "phone": one.number or None, "email": one.email},
    lambda _: {"externalLeadId": " "},
)
"""What Apten may know of somebody."""


def town_of(build: Build, clock: FakeClock, *, people: int) -> tuple[Town, dict[str, tuple[Member, dict[str, Any]]]]:
    """A town with a crowd, and whose call each call is, with what Apten knows of them."""
    town = build("salesforce", world=World(), people_must_exist=True)
    crowd = settle(town.org, clock.now() - timedelta(days=30), people=people)
    town.org.add("User", LastName="Apten", Username="apten@acme.com")
    calls = {}
    for number, member in enumerate(crowd.members):
        known = KNOWN[number % len(KNOWN)](member)
        call_id = add_lead_with_call(town.world, number, clock.now() - timedelta(hours=1), **known)
        calls[call_id] = (member, known)
    mapping = town.mapping_path.read_text()
    before, rest = mapping.split("person:\n")
    _, fields = rest.split("\nfields:\n")
    town.mapping_path.write_text(f"{before}{PERSON}\nfields:\n{OWNER}{ACCOUNT}{fields}")
    return town, calls


def right_person(member: Member, known: dict[str, Any], crowd: list[Member]) -> str | None:
    """Who it must be, by the truth about the crowd alone."""
    external = str(known.get("externalLeadId", ""))
    if external[:15] == member.id[:15] and member.kind != "deleted":
        return member.became or member.id
    if member.kind in {"deleted", "merged"}:
        return None
    if known.get("phone") == member.number and member.number and member.kind != "shared":
        return contact_first(member, "number", crowd)
    return (
        contact_first(member, "email", crowd) if str(known.get("email")).casefold() == member.email.casefold() else None
    )


def contact_first(member: Member, held: str, crowd: list[Member]) -> str:
    """Of those who hold the same, the contact; a converted lead has become one."""
    same = [one for one in crowd if getattr(one, held).casefold() == getattr(member, held).casefold()]
    return max(same, key=lambda one: one.object == "Contact").id if len(same) > 1 else member.became or member.id


def test_500_leads_of_every_kind_end_on_the_right_person(build: Build, clock: FakeClock) -> None:
    town, calls = town_of(build, clock, people=500)
    org, crowd = town.org, [member for member, _ in calls.values()]
    report = town.run()
    assert report.exit_code == 0
    assert report.counts["created"] == len(calls) >= 500
    nobody: Counter[str] = Counter()
    [default] = [user for user, row in org.tables["User"].rows.items() if row["Username"] == "apten@acme.com"]
    for task in town.activities():
        member, known = calls[task["Apten_Call_Id__c"]]
        expected = right_person(member, known, crowd)
        assert task["WhoId"] == expected, (member, known)
        person = org.people[expected] if expected else {}
        owner = org.tables["User"].rows.get(str(person.get("OwnerId")), {"IsActive": False})
        assert task["OwnerId"] == (person["OwnerId"] if owner["IsActive"] else default)
        assert task["WhatId"] == person.get("AccountId")
        nobody[member.kind] += expected is None
    assert report.counts["unlinked"] == sum(nobody.values())
    assert min(nobody.values()) > 5, "of every kind some cannot be found"
    assert sum(nobody.values()) < len(calls) / 2

    asked = Counter(kind_of(request) for request in town.salesforce.requests)
    batches = -(-len(calls) // 200)
    assert max(number for kind, number in asked.items() if kind[1]) <= batches, asked
    assert asked["GET query", "User by Username"] == 1


def kind_of(request: str) -> tuple[str, str]:
    """What a request is, and for queries and searches what it looks for, by what; empty for others."""
    method, _, path = request.partition(" ")
    path, _, query = unquote_plus(path).partition("?q=")
    name = f"{method} {path.rstrip('/').rpartition('/')[2]}"
    if " FROM " not in query:
        return name, "people by phone" if query.startswith("FIND") else ""
    of = query.split(" FROM ")[1].split()[0]
    fields = [
        field for field in ("Username", "Email", "Apten_Call_Id__c") if f"{field} " in query.partition(" WHERE ")[2]
    ]
    return name, f"{of} by {fields[0] if fields else 'Id'}"
