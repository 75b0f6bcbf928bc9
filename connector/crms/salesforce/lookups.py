"""Records by what their fields hold: the mapping's `find`. Look-ups that ask alike share a query."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from connector.crm_schema import FieldType
from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.literals import Term, comparable, term
from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.crms.salesforce.queries import Queries
    from connector.model import Lookup

    Held = tuple[object, ...]
    Asked = dict[Held, tuple[Term, ...]]

_ENOUGH = 2
"""Records that show a look-up fits several."""

_LONGEST_FILTERED = 255
"""Characters of the longest text field that Salesforce looks records up by; the others are long text areas."""

_USER, _ACTIVE = "User", "IsActive"


class Lookups:
    """Looks records up in one org. `schema_of` describes an object, asked once a run."""

    def __init__(self, queries: Queries, schema_of: Callable[[str], ObjectSchema]) -> None:
        self._queries = queries
        self._schema_of = schema_of

    def find(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """The ids of the records that each look-up fits, two at the most, in the order given.

        Only active users are found: nobody else can own anything. A value that its field cannot hold finds nothing.

        Raises:
            CrmSetupError: an object or field is not there, may not be seen, or cannot be looked up by.
        """
        groups: dict[tuple[str, tuple[str, ...]], list[Lookup]] = defaultdict(list)
        for lookup in lookups:
            groups[lookup.object, tuple(name for name, _ in lookup.where)].append(lookup)
        found: dict[Lookup, tuple[str, ...]] = {}
        for (name, names), group in groups.items():
            schema = self._schema_of(name)
            fields = _fields(schema, names)
            terms = {lookup: _terms(fields, lookup) for lookup in group}
            for layer in _layers(terms):
                hits = self._hits(schema.object, fields, {_held(each): each for each in layer.values()})
                found.update({lookup: tuple(hits[_held(each)]) for lookup, each in layer.items()})
        return [found.get(lookup, ()) for lookup in lookups]

    def _hits(self, name: str, fields: Sequence[FieldSchema], asked: Asked) -> dict[Held, list[str]]:
        """Up to two records for each of what is asked."""
        doing = f"the look-up of a record in {name}, which the mapping names in `find`"
        request = Request(doing, fields=frozenset(field.name for field in fields))
        hits: dict[Held, list[str]] = {held: [] for held in asked}
        for query in _queries(name, fields, asked):
            for row in self._queries.rows(request, query):
                of = hits.get(tuple(comparable(field, row[field.name]) for field in fields))
                if of is not None and len(of) < _ENOUGH:
                    of.append(str(row["Id"]))
                    if all(len(ids) == _ENOUGH for ids in hits.values()):
                        break
        return hits


def _fields(schema: ObjectSchema, names: Sequence[str]) -> list[FieldSchema]:
    """The fields to look records up by."""
    for name in names:
        field = schema.fields.get(name)
        if field is None:
            problem = "Salesforce has no such field, or the integration user may not see it"
        elif field.type is FieldType.OTHER or _is_long(field):
            problem = "Salesforce looks up nothing by a field of this kind"
        else:
            continue
        raise CrmSetupError(
            f"The mapping finds a record of {schema.object} by {name} (`find: {schema.object}`), but {problem}.",
            todo="Correct the field's API name below `where`, or let the integration user see it.",
        )
    return [schema.fields[name] for name in names]


def _is_long(field: FieldSchema) -> bool:
    return field.type is FieldType.LONG_TEXT and (field.length or 0) > _LONGEST_FILTERED


def _terms(fields: Sequence[FieldSchema], lookup: Lookup) -> tuple[Term, ...] | None:
    """What each field must hold; None if one of them cannot hold that."""
    terms = [term(field, str(value)) for field, (_, value) in zip(fields, lookup.where, strict=True)]
    return tuple(each for each in terms if each) if all(terms) else None


def _layers(terms: Mapping[Lookup, tuple[Term, ...] | None]) -> list[dict[Lookup, tuple[Term, ...]]]:
    """Look-ups to ask for together: of those that differ by upper and lower case alone, only one in each layer.

    Some fields tell the two apart, others do not; that way each record found belongs to one look-up either way.
    """
    layers: list[dict[Lookup, tuple[Term, ...]]] = []
    for lookup, each in terms.items():
        if each is None:
            continue
        free = next((layer for layer in layers if _held(each) not in map(_held, layer.values())), None)
        if free is None:
            free = {}
            layers.append(free)
        free[lookup] = each
    return layers


def _held(terms: Sequence[Term]) -> Held:
    return tuple(each.held for each in terms)


def _queries(name: str, fields: Sequence[FieldSchema], asked: Asked) -> Iterator[str]:
    names = [field.name for field in fields]
    also = f"{_ACTIVE} = true AND " if name == _USER and _ACTIVE not in names else ""
    head = f"SELECT {', '.join(dict.fromkeys(['Id', *names]))} FROM {name} WHERE {also}"  # noqa: S608  # names are checked
    if len(names) == 1:
        queries = soql.packed(f"{head}{names[0]} IN (", (each.literal for [each] in asked.values()))
    else:
        conditions = (
            " AND ".join(f"{field} = {each.literal}" for field, each in zip(names, terms, strict=True))
            for terms in asked.values()
        )
        queries = soql.packed(f"{head}(", (f"({each})" for each in conditions), " OR ")
    limit = f" LIMIT {_ENOUGH}" if len(asked) == 1 else ""
    return (f"{query}{limit}" for query in queries)
