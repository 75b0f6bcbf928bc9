"""People by record id: followed to whoever the record stands for now.

A merged record is deleted and names its master, a converted lead names the contact it became, and that one may have
been merged in its turn. Source: Salesforce's Object Reference, Lead and Contact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.ids import person_object
from connector.crms.salesforce.people.reasons import Why
from connector.crms.salesforce.people.record import CONTACT, LEAD, columns, contact_of, is_converted, person
from connector.record_ids import full_id, is_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from connector.crms.salesforce.queries import Queries, Row
    from connector.model import Person, PersonSearch, Unlinked

_MOST_STEPS = 6
"""How often a record may stand for another before it is given up."""

_MASTER = "MasterRecord"


def find(
    queries: Queries, asked: Sequence[tuple[str, PersonSearch]], parts: Collection[str]
) -> list[Person | Unlinked]:
    """Whom each id leads to, in the order given."""
    ids = [full_id(text.strip()) if is_id(text.strip()) else None for text, _ in asked]
    reached = follow(queries, {each for each in ids if each and person_object(each)}, parts)
    found: list[Person | Unlinked] = []
    for record_id, (_, search) in zip(ids, asked, strict=True):
        if record_id is None:
            found.append(Why.NO_ID.unlinked())
        elif record_id not in reached:
            found.append(Why.OTHER_OBJECT.unlinked())
        else:
            end = reached[record_id]
            if isinstance(end, Why):
                found.append(end.unlinked())
            else:
                found.append(end if end.object in search.objects else Why.NOT_WANTED.unlinked())
    return found


def follow(queries: Queries, record_ids: Iterable[str], parts: Collection[str]) -> dict[str, Person | Why]:
    """Whom each Lead or Contact stands for now, or why nobody; one query an object, unless records lead far."""
    trail = _Trail()
    starts = list(record_ids)
    for _ in range(_MOST_STEPS):
        asked = False
        # Leads first: the contacts they became join the contacts asked for.
        for name in (LEAD, CONTACT):
            wanted = sorted({end for each in starts if person_object(end := trail.end(each)) == name} - trail.seen)
            if wanted:
                asked = True
                fields = _columns(name, parts)
                request = Request(f"the look-up of people in {name} by id", fields=frozenset(fields))
                for query in soql.among(name, fields, "Id", wanted):
                    trail.note(wanted, queries.rows(request, query, deleted=True))
        if not asked:
            break
    return {each: trail.verdict(each) for each in starts}


def _columns(name: str, parts: Collection[str]) -> list[str]:
    """A record's own fields and those of its master, which saves a query for nearly every merged record."""
    own = [*columns(name, parts), "IsDeleted", "MasterRecordId"]
    return own + [f"{_MASTER}.{each}" for each in own]


@dataclass(slots=True)
class _Trail:
    """What is known of the records on the way. `seen` are the ids asked for, there or not."""

    seen: set[str] = field(default_factory=set)
    _rows: dict[str, Row] = field(default_factory=dict)

    def note(self, asked: Collection[str], rows: Iterable[Row]) -> None:
        """Learn what the org said of these records."""
        self.seen.update(asked)
        for row in rows:
            for each in (row, row.get(_MASTER)):
                if each:
                    self._rows[full_id(each["Id"])] = each
                    self.seen.add(full_id(each["Id"]))

    def end(self, record_id: str) -> str:
        """The last record on the way from this one that is known by id."""
        for _ in range(_MOST_STEPS):
            row = self._rows.get(record_id)
            following = _next(row) if row else None
            if following is None:
                break
            record_id = following
        return record_id

    def verdict(self, record_id: str) -> Person | Why:
        """Whom the record stands for, once everything on the way is known."""
        end = self.end(record_id)
        row, name = self._rows.get(end), person_object(end)
        if row is None or name is None:
            return Why.NOT_THERE
        if row["IsDeleted"]:
            return Why.DELETED
        return Why.NO_CONTACT if is_converted(row) else person(name, row)


def _next(row: Row) -> str | None:
    """The record that stands for this one now; None if it stands for itself, or for nobody."""
    if row["IsDeleted"]:
        return full_id(row["MasterRecordId"]) if row["MasterRecordId"] else None
    return contact_of(row) if is_converted(row) else None
