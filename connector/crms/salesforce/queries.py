"""Queries and searches whose answers are read to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.unanswered import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from connector.crms.salesforce.connection import Connection
    from connector.crms.salesforce.exchange import Request

Row = dict[str, Any]


class Queries:
    """Asks one org. `connection` opens the connection at the first request, not before."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def rows(self, request: Request, soql: str, *, deleted: bool = False) -> Iterator[Row]:
        """The records of a query, page by page; `deleted` and archived ones only if wanted.

        The request's fields are those that the query asks for.
        """
        names = {"Id", *(name.partition(".")[0] for name in request.fields)}
        path = "queryAll/" if deleted else "query/"
        answer = self._connection().ask(request, path, params={"q": soql})
        while True:
            yield from records(request, answer, names)
            if answer["done"]:
                return
            answer = self._connection().more(request, answer["nextRecordsUrl"])

    def found(self, request: Request, sosl: str) -> list[Row]:
        """The records of a search, of any object; `row["attributes"]["type"]` says which."""
        answer = self._connection().ask(request, "search/", params={"q": sosl})
        found = answer.get("searchRecords") if isinstance(answer, dict) else None
        if not isinstance(found, list) or not all(map(_tells_its_object, found)):
            raise unreadable(request)
        return found


def records(request: Request, answer: Any, names: Collection[str] = ()) -> list[Row]:
    """The records of one page of a query's answer, each with these fields.

    Raises:
        UnreachableError: it is not what Salesforce documents.
    """
    found = answer.get("records") if isinstance(answer, dict) and _goes_on_or_ends(answer) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) and row.keys() >= {*names} for row in found):
        raise unreadable(request)
    return found


def _goes_on_or_ends(page: Mapping[str, Any]) -> bool:
    return page.get("done") is True or (page.get("done") is False and isinstance(page.get("nextRecordsUrl"), str))


def _tells_its_object(row: Any) -> bool:
    attributes = row.get("attributes") if isinstance(row, dict) else None
    return isinstance(attributes, dict) and isinstance(attributes.get("type"), str) and "Id" in row
