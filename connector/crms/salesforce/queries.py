"""Queries and searches whose answers are read to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.unanswered import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.crms.salesforce.connection import Connection
    from connector.crms.salesforce.exchange import Request

Row = dict[str, Any]


class Queries:
    """Asks one org. `connection` opens the connection at the first request, not before."""

    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def rows(self, request: Request, soql: str, *, deleted: bool = False) -> Iterator[Row]:
        """The records of a query, page by page; `deleted` and archived ones only if wanted."""
        path = "queryAll/" if deleted else "query/"
        answer = self._connection().ask(request, path, params={"q": soql})
        while True:
            yield from records(request, answer)
            if answer["done"]:
                return
            answer = self._connection().more(request, answer["nextRecordsUrl"])

    def found(self, request: Request, sosl: str) -> list[Row]:
        """The records of a search, of any object; `row["attributes"]["type"]` says which."""
        answer = self._connection().ask(request, "search/", params={"q": sosl})
        found = answer.get("searchRecords") if isinstance(answer, dict) else None
        if not isinstance(found, list):
            raise unreadable(request)
        return found


def records(request: Request, answer: Any) -> list[Row]:
    """The records of one page of a query's answer."""
    found = answer.get("records") if isinstance(answer, dict) and "done" in answer else None
    if not isinstance(found, list):
        raise unreadable(request)
    return found
