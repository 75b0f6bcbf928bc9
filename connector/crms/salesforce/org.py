"""Questions about an org that setting it up and looking it over have in common.

Sources: Salesforce's REST API guide ("Resources by Version", "sObject Describe"), Tooling API ("CustomField").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.queries import records
from connector.crms.salesforce.unanswered import unreadable
from connector.errors import CrmSetupError

if TYPE_CHECKING:
    from connector.crms.salesforce.connection import Connection

    Row = dict[str, Any]

ACTIVITIES = ("Task", "Event")
"""Custom fields of the two are made on `Activity`, and shared like their field-level security."""

UNSEEN = frozenset({"NOT_FOUND", "INVALID_TYPE"})
"""Codes for an object that is not there, or that the user may not see."""


@dataclass(frozen=True, slots=True)
class Place:
    """A field of an object."""

    object: str
    name: str

    @property
    def is_custom(self) -> bool:
        """Whether an admin made the field, or a package."""
        return self.name.endswith("__c")

    @property
    def owner(self) -> str:
        """The object that the field is made on."""
        return "Activity" if self.object in ACTIVITIES and self.is_custom else self.object

    @property
    def full_name(self) -> str:
        """The field's name with the object that it is made on."""
        return f"{self.owner}.{self.name}"

    def __str__(self) -> str:
        return f"{self.object}.{self.name}"


@dataclass(frozen=True, slots=True)
class OrgUser:
    """A user of the org."""

    id: str
    name: str


class Org:
    """One org. What was described once is not asked for again."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._described: dict[str, Row | None] = {}
        self._organization: Row | None = None

    def records(self, doing: str, query: str, *, tooling: bool = False) -> list[Row]:
        """The records of a query; of a first page, which is all there is of the setup objects that are asked for."""
        return records(*self._query(doing, query, tooling=tooling))

    def count(self, doing: str, query: str, *, tooling: bool = False) -> int:
        """How many records a `SELECT COUNT()` finds."""
        request, answer = self._query(doing, query, tooling=tooling)
        if not isinstance(answer, dict) or not isinstance(answer.get("totalSize"), int):
            raise unreadable(request)
        return int(answer["totalSize"])

    def described(self, name: str) -> Row | None:
        """An object's description with its fields by name; None if it is not there, or may not be seen."""
        if name not in self._described:
            self._described[name] = self._describe(name)
        return self._described[name]

    def connected_user(self) -> OrgUser:
        """The user of this connection."""
        request = Request("the question who is signed in")
        answer = self.connection.ask(request, "")
        identity = answer.get("identity") if isinstance(answer, dict) else None
        if not isinstance(identity, str):
            raise unreadable(request)
        user_id = urlsplit(identity).path.rpartition("/")[2]
        (row,) = self.records(
            "the question who is signed in",
            f"SELECT Username FROM User WHERE Id = {soql.quoted(user_id)}",  # noqa: S608  # quoted
        ) or [{"Username": user_id}]
        return OrgUser(user_id, str(row["Username"]))

    def organization(self) -> Row:
        """The org itself."""
        if self._organization is None:
            query = "SELECT Id, Name, IsSandbox, TimeZoneSidKey FROM Organization LIMIT 1"
            (self._organization,) = self.records("the question which org this is", query)
        return self._organization

    @property
    def title(self) -> str:
        """The org's name and id, and whether it is a sandbox."""
        row = self.organization()
        return f"{row['Name']} ({row['Id']}{', a sandbox' if row['IsSandbox'] else ''})"

    def custom_field(self, place: Place) -> Row | None:
        """What a custom field is, whoever may see it; None if there is none by that name.

        Found by its name alone, since the Tooling API names the objects of activities' and of custom objects' fields
        in ways of its own.
        """
        doing = f"the look-up of the field {place.full_name}"
        name = place.name.removesuffix("__c").rpartition("__")[2]
        query = f"SELECT Id FROM CustomField WHERE DeveloperName = {soql.quoted(name)}"  # noqa: S608  # quoted
        for row in self.records(doing, query, tooling=True):
            request = Request(doing)
            found = self.connection.ask(request, f"tooling/sobjects/CustomField/{row['Id']}")
            if not isinstance(found, dict) or not isinstance(found.get("Metadata"), dict):
                raise unreadable(request)
            if found["FullName"] in (place.full_name, str(place)):
                return dict(found["Metadata"])
        return None

    def _query(self, doing: str, query: str, *, tooling: bool) -> tuple[Request, Any]:
        request = Request(doing)
        return request, self.connection.ask(request, f"{'tooling/' if tooling else ''}query/", params={"q": query})

    def _describe(self, name: str) -> Row | None:
        request = Request(f"the description of {name}")
        try:
            answer = self.connection.ask(request, f"sobjects/{soql.checked_name(name)}/describe")
        except CrmSetupError as error:
            if error.code in UNSEEN:
                return None
            raise
        if not isinstance(answer, dict) or "fields" not in answer:
            raise unreadable(request)
        return {**answer, "fields": {field["name"]: field for field in answer["fields"]}}
