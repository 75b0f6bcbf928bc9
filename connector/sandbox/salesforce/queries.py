"""Answers queries from an org's state, 2,000 records a page."""

from __future__ import annotations

import operator
from collections import deque
from typing import TYPE_CHECKING, Any

from connector.sandbox.salesforce import ids, soql
from connector.sandbox.salesforce.answers import RequestError
from connector.sandbox.salesforce.fields import OrgField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector.sandbox.salesforce.org import SalesforceOrg

    Row = dict[str, Any]

PAGE = 2_000
_OPEN_CURSORS = 10
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORGANIZATION = {
    "Id": OrgField("Id", "id"),
    "Name": OrgField("Name", "string"),
    "IsSandbox": OrgField("IsSandbox", "boolean"),
}


class Queries:
    """Runs queries and keeps the cursors of those that did not fit a page.

    Args:
        org: whose records.
        page: most records per answer; real orgs may send fewer than 2,000 as well.
    """

    def __init__(self, org: SalesforceOrg, *, page: int = PAGE) -> None:
        self._org = org
        self._ids = ids.Ids()
        self._waiting: deque[tuple[str, soql.Query, list[Row]]] = deque(maxlen=_OPEN_CURSORS)
        self.page = page

    def run(self, text: str, version: str, *, everything: bool) -> dict[str, Any]:
        """The first page; `everything` includes deleted and archived records, as `queryAll` does."""
        query = soql.read(text)
        if query.object == "Organization":
            organization = {"Id": self._org.id, "Name": "Sandbox", "IsSandbox": True}
            _check_fields(query, _ORGANIZATION)
            return self._page(query, [organization], version)
        if query.object != "Task":
            raise RequestError(400, "INVALID_TYPE", f"sObject type '{query.object}' is not supported.")
        fields = self._org.fields
        _check_fields(query, fields)
        tests = [_test(condition, fields[condition.field]) for condition in query.conditions]
        rows = [
            row
            for row in self._candidates(query, fields)
            if (everything or not (row["IsDeleted"] or row["IsArchived"])) and all(test(row) for test in tests)
        ]
        if query.order_by:
            name = query.order_by
            rows.sort(key=lambda row: (row[name] is not None, row[name]), reverse=query.descending)
        return self._page(query, rows[: query.limit], version)

    def more(self, cursor: str, version: str) -> dict[str, Any]:
        """The page a `nextRecordsUrl` names."""
        name, _, start = cursor.rpartition("-")
        for known, query, rows in self._waiting:
            if known == name and start.isdigit():
                return self._page(query, rows, version, start=int(start), cursor=name)
        raise RequestError(400, "INVALID_QUERY_LOCATOR", "invalid query locator")

    def _candidates(self, query: soql.Query, fields: dict[str, OrgField]) -> Iterable[Row]:
        """The rows worth looking at: those an index names, else all."""
        tasks = self._org.tasks
        for condition in query.conditions:
            field = fields[condition.field]
            if condition.operator in {"=", "in"} and field.external_id and None not in condition.values:
                found = [task_id for value in condition.values for task_id in self._org.holders(field, str(value))]
                return [tasks[task_id] for task_id in dict.fromkeys(found)]
        return tasks.values()

    def _page(
        self, query: soql.Query, rows: list[Row], version: str, *, start: int = 0, cursor: str | None = None
    ) -> dict[str, Any]:
        end = start + self.page
        url = f"/services/data/{version}"
        records = [
            {
                "attributes": {"type": query.object, "url": f"{url}/sobjects/{query.object}/{row['Id']}"},
                **{name: row[name] for name in query.fields},
            }
            for row in rows[start:end]
        ]
        answer: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows), "records": records}
        if end < len(rows):
            if cursor is None:
                cursor = self._ids.new("01g")
                self._waiting.append((cursor, query, rows))
            answer["nextRecordsUrl"] = f"{url}/query/{cursor}-{end}"
        return answer


def _check_fields(query: soql.Query, fields: dict[str, OrgField]) -> None:
    for name in query.fields:
        _known(fields, name)
    for condition in query.conditions:
        if not _known(fields, condition.field).filterable:
            text = f"field '{condition.field}' can not be filtered in a query call"
            raise RequestError(400, "INVALID_FIELD", text)
    if query.order_by:
        _known(fields, query.order_by)


def _known(fields: dict[str, OrgField], name: str) -> OrgField:
    if name not in fields:
        text = (
            f"No such column '{name}' on entity 'Task'. If you are attempting to use a custom field, be sure to append "
            "the '__c' after the custom field name."
        )
        raise RequestError(400, "INVALID_FIELD", text)
    return fields[name]


def _test(condition: soql.Condition, field: OrgField) -> Callable[[Row], bool]:
    """The condition as a question to a row."""
    name = field.name
    wanted = {_comparable(field, literal) for literal in condition.values}
    if condition.operator in {"=", "in"}:
        return lambda row: _comparable(field, row[name]) in wanted
    if condition.operator in {"!=", "not in"}:
        return lambda row: _comparable(field, row[name]) not in wanted
    bound, compare = wanted.pop(), _COMPARE[condition.operator]
    return lambda row: None not in (row[name], bound) and compare(_comparable(field, row[name]), bound)


def _comparable(field: OrgField, value: Any) -> Any:
    """Ids compare by their first 15 characters, texts without regard to case unless the field is case-sensitive."""
    if not isinstance(value, str):
        return value
    if field.type in {"id", "reference"}:
        return value[:15]
    return value if field.case_sensitive or field.type in {"date", "datetime"} else value.casefold()
