"""People by phone number: searched for in several spellings, then compared as numbers.

Salesforce keeps numbers as they were typed, so that no query finds them; its text search does, as far as it goes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.people import numbers, sosl
from connector.crms.salesforce.people.choice import Hit, hit, preferred, reached
from connector.crms.salesforce.people.numbers import Number
from connector.crms.salesforce.people.reasons import Why
from connector.crms.salesforce.people.record import CONTACT, LEAD, columns
from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.crms.salesforce.queries import Queries, Row
    from connector.model import Person, PersonSearch, Unlinked

PHONES = {CONTACT: ("Phone", "MobilePhone", "HomePhone", "OtherPhone"), LEAD: ("Phone", "MobilePhone")}
"""The fields that hold a number of the person; fax and assistant are others."""


def find(
    queries: Queries,
    schema_of: Callable[[str], ObjectSchema],
    asked: Sequence[tuple[str, PersonSearch]],
    parts: Collection[str],
) -> list[Person | Unlinked]:
    """Whose number each is, in the order given."""
    wanted = [_wanted(text, search.country) for text, search in asked]
    known = [(each, search) for each, (_, search) in zip(wanted, asked, strict=True) if isinstance(each, Number)]
    found = _Found({_country(number, search) for number, search in known})
    if known:
        objects = dict.fromkeys(name for _, search in known for name in search.objects)
        phones = {name: _phones(name, schema_of(name)) for name in objects}
        _search(queries, dict.fromkeys(number for number, _ in known), phones, parts, found)
    became = reached(queries, [(search, found.of(number, _country(number, search))) for number, search in known], parts)

    def settle(number: Number | Why, search: PersonSearch) -> Person | Unlinked:
        if isinstance(number, Why):
            return number.unlinked()
        people = preferred(found.of(number, _country(number, search)), search.objects, became)
        if number in found.crowded or len(people) > 1:
            return Why.PHONES.unlinked()
        return people[0] if people else Why.NO_PHONE.unlinked()

    return [settle(number, search) for number, (_, search) in zip(wanted, asked, strict=True)]


def _wanted(text: str, country: str | None) -> Number | Why:
    number = numbers.read(text, country)
    if number is not None:
        return number
    return Why.NO_COUNTRY if country is None and numbers.lacks_country(text) else Why.NO_NUMBER


def _country(number: Number, search: PersonSearch) -> str | None:
    """The country in which numbers of the CRM are read for this search."""
    return search.country or numbers.region(number)


def _phones(name: str, schema: ObjectSchema) -> list[str]:
    """The phone fields of an object that the user may see."""
    seen = [phone for phone in PHONES[name] if phone in schema.fields]
    if not seen:
        raise CrmSetupError(
            f"The mapping looks people up by phone, but the integration user may see no phone number of a {name}.",
            todo=f"Give its permission set read access to {name}.{PHONES[name][0]}, "
            "or take lead.phone out of the mapping (person: by).",
        )
    return seen


@dataclass(slots=True)
class _Found:
    """The records found, by the numbers they hold, as read in each of these countries. `crowded`: too many to tell."""

    countries: set[str | None]
    crowded: set[Number] = field(default_factory=set)
    _hits: dict[tuple[str | None, int, str], list[tuple[Number, Hit]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(self, name: str, row: Row, phones: Sequence[str]) -> None:
        """A record that the search found; what numbers it holds, it tells itself."""
        each = hit(name, row)
        for country in self.countries:
            for number in set(numbers.held((row.get(phone) for phone in phones), country)):
                self._hits[country, number.country, number.national].append((number, each))

    def of(self, number: Number, country: str | None) -> list[Hit]:
        """The records that hold this number, read in this country."""
        held = self._hits.get((country, number.country, number.national), ())
        return [each for other, each in held if number.is_line_of(other)]


def _search(
    queries: Queries,
    wanted: Mapping[Number, None],
    phones: Mapping[str, Sequence[str]],
    parts: Collection[str],
    found: _Found,
) -> None:
    """Search for all numbers; where a search finds more than it may tell, for half of them at a time."""
    fields = {name: [*columns(name, parts), *names] for name, names in phones.items()}
    request = Request("the search for people by phone", fields=frozenset(chain.from_iterable(fields.values())))
    returning = sosl.returning(fields)
    pending = [{number: numbers.spellings(number) for number in wanted}]
    while pending:
        for chunk, query in sosl.searches(spelled := pending.pop(), returning):
            rows = queries.found(request, query)
            if not _is_cut(rows, len(phones)):
                for row in rows:
                    name = row["attributes"]["type"]
                    found.note(name, row, phones[name])
            elif len(chunk) > 1:
                middle = len(chunk) // 2
                pending += [{each: spelled[each] for each in half} for half in (chunk[:middle], chunk[middle:])]
            else:
                found.crowded.update(chunk)


def _is_cut(rows: Sequence[Row], objects: int) -> bool:
    """Whether there may be more than these."""
    times = Counter(row["attributes"]["type"] for row in rows)
    return any(count >= sosl.MOST_FOUND // objects for count in times.values())
