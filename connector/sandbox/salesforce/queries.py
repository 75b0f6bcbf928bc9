"""Answers queries from an org's state, 2,000 records a page."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from connector.sandbox.salesforce import ids, soql
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.columns import Column, column
from connector.sandbox.salesforce.conditions import comparable, test_of
from connector.sandbox.salesforce.rows import Kind, kind_of
from connector.sandbox.salesforce.tokens import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.sandbox.salesforce.org import SalesforceOrg
    from connector.sandbox.salesforce.tables import Row, Table

PAGE = 2_000
LONG_TEXT_PAGE = 200
"""Records per page of a query that selects two or more custom long text areas."""

_OPEN_CURSORS = 10
_LARGEST_OFFSET = 2_000


@dataclass(frozen=True, slots=True)
class _Result:
    """What a query found, and how each record is shown."""

    kind: Kind
    columns: Sequence[Column]
    rows: Sequence[Row]
    page: int


class Queries:
    """Runs queries and keeps the cursors of those that did not fit a page.

    Args:
        org: whose records.
        tables: other tables than the org's own, all of whose fields are seen: those of the Tooling API.
        page: most records per answer; real orgs may send fewer than 2,000 as well.
    """

    def __init__(self, org: SalesforceOrg, *, tables: Mapping[str, Table] | None = None, page: int = PAGE) -> None:
        self._org = org
        self._tables = tables
        self._ids = ids.Ids()
        self._waiting: deque[tuple[str, _Result]] = deque(maxlen=_OPEN_CURSORS)
        self.page = page

    def run(self, text: str, version: str, *, everything: bool) -> Row:
        """The first page; `everything` includes deleted and archived records, as `queryAll` does."""
        query = soql.read(text)
        kind = self._kind(query.object)
        rows = select(self._org, kind, query, everything=everything)
        if not query.fields:
            return {"totalSize": len(rows), "done": True, "records": []}
        columns = columns_of(self._org, kind, query.fields)
        long_texts = sum(each.field.is_long_text and each.field.custom for each in columns)
        page = min(self.page, LONG_TEXT_PAGE) if long_texts > 1 else self.page
        return self._page(_Result(kind, columns, rows, page), version)

    def more(self, cursor: str, version: str) -> Row:
        """The page a `nextRecordsUrl` names."""
        name, _, start = cursor.rpartition("-")
        for known, result in self._waiting:
            if known == name and start.isdigit():
                return self._page(result, version, start=int(start), cursor=name)
        raise RequestError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")

    def _kind(self, name: str) -> Kind:
        if self._tables is None:
            kind = kind_of(self._org, name)
        else:
            kind = Kind(self._tables[name], self._tables[name].object.fields) if name in self._tables else None
        if kind is None:
            text = (
                f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to "
                "append the '__c' after the entity name."
            )
            raise RequestError(400, "INVALID_TYPE", text)
        return kind

    def _page(self, result: _Result, version: str, *, start: int = 0, cursor: str | None = None) -> Row:
        end = start + result.page
        records = [shown(result.kind.table.name, result.columns, row, version) for row in result.rows[start:end]]
        answer = {"totalSize": len(result.rows), "done": end >= len(result.rows), "records": records}
        if end < len(result.rows):
            if cursor is None:
                cursor = self._ids.new("01g")
                self._waiting.append((cursor, result))
            answer["nextRecordsUrl"] = f"/services/data/{version}/query/{cursor}-{end}"
        return answer


def columns_of(org: SalesforceOrg, kind: Kind, names: Iterable[str]) -> list[Column]:
    """The fields a query selects.

    Raises:
        RequestError: one does not exist, may not be seen, or is selected twice.
    """
    found: dict[tuple[str, ...], Column] = {}
    for name in names:
        each = column(org, kind, name)
        if each.path in found:
            raise RequestError(400, "INVALID_FIELD", f"duplicate field selected: {name}")
        found[each.path] = each
    return list(found.values())


def select(org: SalesforceOrg, kind: Kind, query: soql.Query, *, everything: bool) -> list[Row]:
    """The records a query means, in its order."""
    resolve = partial(column, org, kind)
    test = None
    if query.where is not None:
        test = test_of(query.where, resolve, limit_lists=org.assumptions.literal_limit_holds_in_lists)
    if query.offset > _LARGEST_OFFSET:
        text = f"SOQL OFFSET {query.offset} exceeds maximum allowed {_LARGEST_OFFSET}"
        raise RequestError(400, "NUMBER_OUTSIDE_VALID_RANGE", text)
    rows = [
        row
        for row in _candidates(kind, query)
        if (everything or not (row.get("IsDeleted") or row.get("IsArchived"))) and (test is None or test(row))
    ]
    for order in reversed(query.order):
        _sort(rows, resolve(order.field), order)
    end = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : end]


def shown(name: str, columns: Sequence[Column], row: Row, version: str) -> Row:
    """A record as an answer shows it: the fields, those of other records within those records."""
    record = attributes(name, row, version)
    for each in columns:
        outer, current = record, row
        for relationship, step in zip(each.path, each.steps, strict=False):
            found = step(current)
            if found is None:
                outer[relationship] = None
                break
            outer, current = outer.setdefault(relationship, attributes(*found, version)), found[1]
        else:
            outer[each.path[-1]] = current.get(each.field.name)
    return record


def attributes(name: str, row: Row, version: str) -> Row:
    """What a record that is read begins with: what it is and where."""
    return {"attributes": {"type": name, "url": f"/services/data/{version}/sobjects/{name}/{row['Id']}"}}


def _candidates(kind: Kind, query: soql.Query) -> Iterable[Row]:
    """The records worth looking at: those an index names, else all."""
    table = kind.table
    for condition in query.required:
        name = table.object.spelled(condition.field)
        field = kind.fields.get(name)
        if field is None or condition.operator not in {"=", "in"}:
            continue
        texts = [each.value for each in condition.values if isinstance(each, Text)]
        if len(texts) < len(condition.values):
            continue
        if name == "Id":
            known = dict.fromkeys(ids.whole(each) for each in texts)
            return [table.rows[each] for each in known if each in table.rows]
        if field.is_indexed:
            held = dict.fromkeys(record_id for each in texts for record_id in table.holders(field, each))
            return [table.rows[each] for each in held]
    return table.rows.values()


def _sort(rows: list[Row], by: Column, order: soql.Order) -> None:
    if not by.field.filterable:
        raise RequestError(400, "INVALID_FIELD", f"field '{order.field}' can not be sorted in a query call")
    valued = [row for row in rows if comparable(by.field, by.value(row)) is not None]
    empty = [row for row in rows if comparable(by.field, by.value(row)) is None]
    valued.sort(key=lambda row: comparable(by.field, by.value(row)), reverse=order.descending)
    rows[:] = [*valued, *empty] if order.nulls_last else [*empty, *valued]
