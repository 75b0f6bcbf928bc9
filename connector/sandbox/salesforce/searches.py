"""Answers searches from an org's state: words are sought in fields, then the WHERE of each object holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import sosl
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.queries import columns_of, select, shown
from connector.sandbox.salesforce.rows import kind_of
from connector.sandbox.salesforce.soql import Query
from connector.sandbox.salesforce.stamps import read_datetime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.rows import Kind
    from connector.sandbox.salesforce.tables import Row

_SCOPED = {"PHONE": "phone", "EMAIL": "email"}


def run(org: SalesforceOrg, search: sosl.Search, version: str, now: datetime) -> Row:
    """`/search`: the records found, object by object."""
    everywhere = tuple(Query((), name) for name, table in org.tables.items() if table.object.searchable)
    found: list[Row] = []
    for query in search.returning or everywhere:
        kind = kind_of(org, query.object)
        if kind is None or not kind.table.object.searchable:
            if search.returning:
                raise RequestError(400, "INVALID_TYPE", f"sObject type '{query.object}' is not supported.")
            continue
        columns = columns_of(org, kind, query.fields or ("Id",))
        rows = select(org, kind, _without_limit(query), everything=False)
        hits = [row for row in rows if _is_indexed(org, row, now) and _holds(org, kind, search, row)]
        found += [shown(kind.table.name, columns, row, version) for row in hits[: query.limit]]
    return {"searchRecords": found[: search.limit]}


def from_url(query: Mapping[str, str]) -> Row:
    """The parameters of a search as its URL gives them, in the shape they have in a body.

    Salesforce's REST API guide, "Parameterized Search": `q`, `in`, `fields`, `sobject`, `overallLimit`, and for the
    object `<object>.fields`, `.where` and `.limit`.
    """
    found: Row = {name: query[name] for name in ("q", "in", "overallLimit") if name in query}
    if "fields" in query:
        found["fields"] = query["fields"].split(",")
    if name := query.get("sobject"):
        of = {each: query[f"{name}.{each}"] for each in ("where", "limit") if f"{name}.{each}" in query}
        named = {"fields": query[f"{name}.fields"].split(",")} if f"{name}.fields" in query else {}
        found["sobjects"] = [{"name": name, **of, **named}]
    return found


def read_parameters(parameters: Any) -> sosl.Search:
    """The search that `/parameterizedSearch` asks for; its `q` is words alone.

    Raises:
        RequestError: MALFORMED_SEARCH or INVALID_INPUT.
    """
    try:
        escaped = re.sub(r"([&|!{}\[\]()^~:\\\"'+-])", r"\\\1", parameters["q"])
        scope = str(parameters.get("in", "ALL")).upper()
        shared = tuple(parameters.get("fields", ()))
        returning = tuple(_returning(each, shared) for each in parameters.get("sobjects", ()))
        limit = int(parameters.get("overallLimit", sosl.MOST_RECORDS))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RequestError(400, "INVALID_INPUT", "the parameters of the search cannot be read") from None
    if scope not in sosl.SCOPES:
        raise RequestError(400, "INVALID_INPUT", f"no such fields to search in: {scope}")
    return sosl.Search(sosl.term(escaped), scope, returning, limit)


def _returning(described: Any, shared: tuple[str, ...]) -> Query:
    limit = described.get("limit")
    names = ", ".join(described.get("fields") or shared or ("Id",))
    where = f" WHERE {described['where']}" if described.get("where") else ""
    query = sosl.read(f"FIND {{any}} RETURNING {described['name']}({names}{where})").returning[0]
    return Query(query.fields, query.object, query.where, limit=None if limit is None else int(limit))


def _without_limit(query: Query) -> Query:
    """The limit of an object counts what was found, not what was looked at."""
    return Query(query.fields, query.object, query.where, query.order)


def _is_indexed(org: SalesforceOrg, row: Row, now: datetime) -> bool:
    """Whether the index, which follows behind, knows the record as it is."""
    lag = timedelta(seconds=org.assumptions.search_lag_seconds)
    return read_datetime(row["SystemModstamp"]) + lag <= now if lag else True


def _holds(org: SalesforceOrg, kind: Kind, search: sosl.Search, row: Row) -> bool:
    digits_alone = org.assumptions.phone_search_ignores_punctuation
    texts = [
        _Text.of(str(row[field.name]), as_digits=digits_alone and field.type == "phone")
        for field in kind.fields.values()
        if row[field.name] is not None and _is_searched(kind, search.scope, field.name, field.type)
    ]
    return _fits(search.term, texts)


def _is_searched(kind: Kind, scope: str, name: str, field_type: str) -> bool:
    if scope in _SCOPED:
        return field_type == _SCOPED[scope]
    if scope in {"NAME", "SIDEBAR"}:
        return name in kind.table.object.names
    return kind.fields[name].is_text


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as it is sought in: its words, or the digits of a phone where punctuation counts for nothing."""

    words: tuple[str, ...]
    digits: str | None

    @classmethod
    def of(cls, text: str, *, as_digits: bool) -> _Text:
        return cls(sosl.words(text), re.sub(r"\D", "", text) if as_digits else None)

    def has(self, wanted: tuple[str, ...]) -> bool:
        """Whether the words follow one another in the text."""
        if self.digits is not None:
            together = "".join(wanted)
            return together.isdigit() and self.digits.endswith(together)
        starts = range(len(self.words) - len(wanted) + 1)
        if not any(set(each) & set("*?") for each in wanted):
            return wanted[0] in self.words and any(self.words[at : at + len(wanted)] == wanted for at in starts)
        wild = [re.compile(re.escape(each).replace(r"\*", ".*").replace(r"\?", ".")) for each in wanted]
        return any(all(each.fullmatch(self.words[at + index]) for index, each in enumerate(wild)) for at in starts)


def _fits(term: sosl.Term, texts: list[_Text]) -> bool:
    """Whether a record's texts hold the term. A long one leans to the left, so that way it is not recursed into."""
    behind: list[sosl.Joined] = []
    while isinstance(term, sosl.Joined):
        behind.append(term)
        term = term.left
    found = any(text.has(term.words) for text in texts)
    for joined in reversed(behind):
        if joined.operator == "OR":
            found = found or _fits(joined.right, texts)
        else:
            found = found and _fits(joined.right, texts) is (joined.operator == "AND")
    return found
