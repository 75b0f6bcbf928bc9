"""Answers searches from an org's state: words are sought in fields, then the WHERE of each object holds."""

from __future__ import annotations

import re
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
    texts = [
        (field.type, str(row[field.name]))
        for field in kind.fields.values()
        if row[field.name] is not None and _is_searched(kind, search.scope, field.name, field.type)
    ]
    return _fits(search.term, texts, digits_alone=org.assumptions.phone_search_ignores_punctuation)


def _is_searched(kind: Kind, scope: str, name: str, field_type: str) -> bool:
    if scope in _SCOPED:
        return field_type == _SCOPED[scope]
    if scope in {"NAME", "SIDEBAR"}:
        return name in kind.table.object.names
    return kind.fields[name].is_text


def _fits(term: sosl.Term, texts: list[tuple[str, str]], *, digits_alone: bool) -> bool:
    if isinstance(term, sosl.Words):
        return any(_is_in(term.words, kind, text, digits_alone=digits_alone) for kind, text in texts)
    left = _fits(term.left, texts, digits_alone=digits_alone)
    right = _fits(term.right, texts, digits_alone=digits_alone)
    if term.operator == "OR":
        return left or right
    return left and (not right if term.operator == "AND NOT" else right)


def _is_in(patterns: tuple[str, ...], kind: str, text: str, *, digits_alone: bool) -> bool:
    """Whether the words follow one another in a text."""
    if digits_alone and kind == "phone":
        wanted = "".join(patterns)
        return wanted.isdigit() and re.sub(r"\D", "", text).endswith(wanted)
    held = sosl.words(text)
    wild = [re.compile(re.escape(each).replace(r"\*", ".*").replace(r"\?", ".")) for each in patterns]
    starts = range(len(held) - len(wild) + 1)
    return any(all(each.fullmatch(held[at + index]) for index, each in enumerate(wild)) for at in starts)
