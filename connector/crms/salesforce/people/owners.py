"""Which owners of records may own something new: active users. A queue, or a user who left, may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.crms.salesforce.queries import Queries

_USER = "005"


class Owners:
    """Asks for each owner once: a few users own most records."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._active: dict[str, bool] = {}

    def active(self, owner_ids: Iterable[str]) -> set[str]:
        """Those of them who are active users."""
        wanted = set(owner_ids)
        if unknown := sorted(each for each in wanted - self._active.keys() if each.startswith(_USER)):
            request = Request("the look-up of owners in User", fields=frozenset({"Id", "IsActive"}))
            self._active.update(dict.fromkeys(unknown, False))
            for query in soql.among("User", ["Id", "IsActive"], "Id", unknown):
                self._active.update({row["Id"]: row["IsActive"] for row in self._queries.rows(request, query)})
        return {each for each in wanted if self._active.get(each)}
