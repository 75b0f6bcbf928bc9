"""People by e-mail address, upper and lower case aside."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.people.choice import Hit, hit, is_decided, preferred, reached
from connector.crms.salesforce.people.reasons import Why
from connector.crms.salesforce.people.record import columns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from connector.crms.salesforce.queries import Queries
    from connector.model import Person, PersonSearch, Unlinked

_LONGEST = 80
"""Characters of an e-mail field."""


def find(
    queries: Queries, asked: Sequence[tuple[str, PersonSearch]], parts: Collection[str]
) -> list[Person | Unlinked]:
    """Whose address each is, in the order given. The next object is asked for those not found in the one before."""
    wanted = [(_address(text), search) for text, search in asked]
    hits: dict[str, list[Hit]] = defaultdict(list)
    for place in range(max((len(search.objects) for _, search in wanted), default=0)):
        open_for: dict[str, dict[str, None]] = defaultdict(dict)
        for address, search in wanted:
            if address and not is_decided(hits[address], search.objects[:place]):
                for name in search.objects[place : place + 1]:
                    open_for[name][address] = None
        for name, addresses in open_for.items():
            fields = [*columns(name, parts), "Email"]
            request = Request(f"the look-up of people in {name} by e-mail address", fields=frozenset(fields))
            for query in soql.among(name, fields, "Email", addresses):
                for row in queries.rows(request, query):
                    hits[str(row["Email"]).lower()].append(hit(name, row))
    became = reached(queries, [(search, hits[address]) for address, search in wanted if address], parts)

    def settle(address: str, search: PersonSearch) -> Person | Unlinked:
        people = preferred(hits[address], search.objects, became)
        if len(people) > 1:
            return Why.EMAILS.unlinked()
        return people[0] if people else Why.NO_EMAIL.unlinked()

    return [settle(address, search) if address else Why.NO_ADDRESS.unlinked() for address, search in wanted]


def _address(text: str) -> str:
    """The address as it is compared; empty if it cannot be one that Salesforce holds."""
    # Folding case would make two letters one: groß@x.de and gross@x.de are two people.
    address = text.strip().lower()
    name, at, domain = address.partition("@")
    return address if name and at and domain and len(address) <= _LONGEST and len(address.split()) == 1 else ""
