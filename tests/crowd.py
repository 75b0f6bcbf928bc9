"""A crowd for an org: leads and contacts of every kind a look-up may meet, and the truth about each of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from connector.sandbox.salesforce import by_hand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg

SPELLINGS = (
    "+1{area}{exchange}{line}",
    "({area}) {exchange}-{line}",
    "{area}-{exchange}-{line}",
    "{area}.{exchange}.{line}",
    "{area}{exchange}{line}",
    "1 {area} {exchange} {line}",
    "+1 ({area}) {exchange}-{line}",
    "+1-{area}-{exchange}-{line}",
    "001 {area} {exchange}{line}",
    "({area}) {exchange}-{line} ext. 7",
)
PHONES = {"Lead": ("Phone", "MobilePhone"), "Contact": ("Phone", "MobilePhone", "HomePhone", "OtherPhone")}


@dataclass(frozen=True, slots=True)
class Member:
    """One of the crowd.

    Args:
        id: the record.
        object: Lead or Contact.
        kind: what is special; see `settle`.
        number: the phone number in E.164, however the record spells it.
        email: the e-mail address, in whatever case.
        became: the record that stands for this one now, if another does.
    """

    id: str
    object: str
    kind: str
    number: str
    email: str
    became: str | None = None


@dataclass
class Crowd:
    """All of them, and those of each kind."""

    members: list[Member] = field(default_factory=list)
    of_kind: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))


def settle(org: SalesforceOrg, now: datetime, *, people: int = 500, seed: int = 1) -> Crowd:
    """Settle people in an org, the same for the same seed, one in ten of each kind.

    Kinds: `plain` · `converted` (a lead; the contact it became is none of the crowd) · `merged` (deleted, its master is
    a `plain` one) · `deleted` · `shared` (two records with one phone) · `double` (a lead and a contact of one phone and
    e-mail address) · `orphaned` (the owner is an inactive user) · `queued` (a lead of a queue) · `silent` (no phone at
    all) · `house` (a contact of an account with an owner of its own).
    """
    settler = _Settler(org, now, Random(seed))
    kinds: tuple[Callable[[], Iterator[Member]], ...] = (
        settler.plain,
        settler.converted,
        settler.merged,
        settler.deleted,
        settler.shared,
        settler.double,
        settler.orphaned,
        settler.queued,
        settler.silent,
        settler.house,
    )
    crowd = Crowd()
    for number in range(people):
        if len(crowd.members) >= people:
            break
        for member in kinds[number % len(kinds)]():
            crowd.members.append(member)
            crowd.of_kind[member.kind].append(member)
    return crowd


class _Settler:
    def __init__(self, org: SalesforceOrg, now: datetime, chance: Random) -> None:
        self._org = org
        self._now = now
        self._chance = chance
        self._numbers = 0
        self._users = [
            org.add("User", LastName=f"Rep {number}", Username=f"rep{number}@acme.com") for number in range(5)
        ]
        self._gone = org.add("User", LastName="Former", Username="former@acme.com", IsActive=False)
        self._queue = org.add("Group", Name="New leads", DeveloperName="New_leads", Type="Queue")
        self._accounts = [
            org.add("Account", Name=f"Account {number}", OwnerId=self._chance.choice(self._users))
            for number in range(20)
        ]

    def plain(self) -> Iterator[Member]:
        yield self._add(self._chance.choice(("Lead", "Contact")), "plain")

    def converted(self) -> Iterator[Member]:
        lead = self._add("Lead", "converted")
        account = self._chance.choice(self._accounts)
        contact = by_hand.convert(self._org, lead.id, self._now, account_id=account)
        yield Member(lead.id, "Lead", "converted", lead.number, lead.email, became=contact)

    def merged(self) -> Iterator[Member]:
        name = self._chance.choice(("Lead", "Contact"))
        master = self._add(name, "plain")
        loser = self._add(name, "merged")
        by_hand.merge(self._org, master.id, loser.id, self._now)
        yield Member(loser.id, name, "merged", loser.number, loser.email, became=master.id)
        yield master

    def deleted(self) -> Iterator[Member]:
        member = self._add(self._chance.choice(("Lead", "Contact")), "deleted")
        self._org.delete(member.id, self._now)
        yield member

    def shared(self) -> Iterator[Member]:
        number = self._number()
        yield self._add("Contact", "shared", number=number)
        yield self._add("Contact", "shared", number=number)

    def double(self) -> Iterator[Member]:
        number, email = self._number(), f"double{self._numbers}@example.com"
        yield self._add("Lead", "double", number=number, email=email)
        yield self._add("Contact", "double", number=number, email=email.upper())

    def orphaned(self) -> Iterator[Member]:
        yield self._add(self._chance.choice(("Lead", "Contact")), "orphaned", OwnerId=self._gone)

    def queued(self) -> Iterator[Member]:
        yield self._add("Lead", "queued", OwnerId=self._queue)

    def silent(self) -> Iterator[Member]:
        yield self._add(self._chance.choice(("Lead", "Contact")), "silent", number="")

    def house(self) -> Iterator[Member]:
        yield self._add("Contact", "house", AccountId=self._chance.choice(self._accounts))

    def _add(self, name: str, kind: str, *, number: str | None = None, email: str = "", **values: str) -> Member:
        number = self._number() if number is None else number
        email = (
            email
            or f"{self._chance.choice(('ann', 'Bo.Lee', 'c-d'))}.{self._numbers}.{len(self._org.people)}@example.com"
        )
        fields = {
            "LastName": f"Person {len(self._org.people)}",
            "Email": email,
            "OwnerId": self._chance.choice(self._users),
        }
        if name == "Lead":
            fields["Company"] = "Acme"
        if number:
            fields[self._chance.choice(PHONES[name])] = self._spelled(number)
        record_id = self._org.add(name, at=self._now, **{**fields, **values})
        return Member(record_id, name, kind, number, email)

    def _number(self) -> str:
        self._numbers += 1
        return f"+1202{self._numbers // 100 + 200:03d}{self._numbers % 100 + 5500:04d}"

    def _spelled(self, number: str) -> str:
        spelling = self._chance.choice(SPELLINGS)
        return spelling.format(area=number[2:5], exchange=number[5:8], line=number[8:])
