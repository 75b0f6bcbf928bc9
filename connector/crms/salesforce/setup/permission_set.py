"""The steps that fill a permission set and assign it.

Sources: Salesforce's Object Reference ("PermissionSet", "FieldPermissions", "ObjectPermissions",
"PermissionSetAssignment"; "Task", *Shared Field-Level Security*).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crms.salesforce import soql
from connector.crms.salesforce.exchange import Request
from connector.crms.salesforce.setup.rights import ASSIGN_SETS, MANAGE_SETS, SEE_SETUP, takes
from connector.crms.salesforce.setup.wanted import PERMISSION_SET, PERMISSION_SET_LABEL, PURPOSE
from connector.crms.salesforce.unanswered import unreadable
from connector.errors import CrmSetupError, RejectedError
from connector.preparation import Standing, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from connector.crms.salesforce.org import Org, OrgUser, Place
    from connector.crms.salesforce.setup.wanted import Grant

_TWICE = frozenset({"DUPLICATE_VALUE", "DUPLICATE_DEVELOPER_NAME"})
_LICENCE = (
    "The user's licence may not allow all that is in the permission set. A user with the licence Salesforce "
    "Integration needs the permission set licence Salesforce API Integration as well (Setup > Users > the user > "
    "Permission Set License Assignments)."
)


class PermissionSet:
    """The connector's permission set in an org, as it is now; what is in it is only ever added to.

    Args:
        org: the org.
        permissions: the user permissions that it is to give, by their API names, with their labels. Those that the org
            does not know are left out.

    Raises:
        CrmSetupError: the user of the connection may not look at permission sets.
    """

    def __init__(self, org: Org, permissions: Mapping[str, str]) -> None:
        self._org = org
        with takes("look at permission sets", SEE_SETUP):
            described = org.described("PermissionSet")
            if described is None:
                raise CrmSetupError("There are no permission sets to be seen.", code="NOT_FOUND")
            flags = {_flag(name, described["fields"]): label for name, label in permissions.items()}
            self._flags = {name: label for name, label in flags.items() if name}
            names = ", ".join(["Id", *self._flags])
            query = f"SELECT {names} FROM PermissionSet WHERE Name = '{PERMISSION_SET}'"  # noqa: S608  # names of our own
            found = org.records("the look-up of the permission set", query)
            self._set: dict[str, Any] = found[0] if found else {}
            self._fields = self._rows("FieldPermissions", "Field, PermissionsRead, PermissionsEdit")
            self._objects = self._rows(
                "ObjectPermissions", "SobjectType, PermissionsRead, PermissionsCreate, PermissionsEdit"
            )

    def permissions_step(self) -> Step:
        """The set itself with its user permissions."""
        lacking = {name: True for name in self._flags if not self._set.get(name)}
        what = f"permission set {PERMISSION_SET}: {', '.join(self._flags.values())}"
        if self._set and not lacking:
            return Step(what, Standing.THERE)

        def make() -> None:
            with takes(f"make the permission set {PERMISSION_SET}", MANAGE_SETS):
                if self._set:
                    self._change("PermissionSet", self._set["Id"], lacking)
                else:
                    body = {"Name": PERMISSION_SET, "Label": PERMISSION_SET_LABEL, "Description": PURPOSE, **lacking}
                    self._set = {"Id": self._create("PermissionSet", body)}

        return Step(what, Standing.DUE, do=make)

    def object_step(self, grant: Grant) -> Step:
        """Rights on the records of an object."""
        rights = ("PermissionsRead", *(("PermissionsCreate", "PermissionsEdit") if grant.write else ()))
        what = f"in it, {grant.object}: {'read, create and edit' if grant.write else 'read'}"
        there = next((row for row in self._objects if row["SobjectType"] == grant.object), None)
        return self._row_step("ObjectPermissions", what, there, rights, {"SobjectType": grant.object})

    def field_step(self, places: Sequence[Place], *, edit: bool) -> Step:
        """Rights on a field; `places` are all the objects that it is a field of."""
        rights = ("PermissionsRead", "PermissionsEdit") if edit else ("PermissionsRead",)
        steps = [self._field_step(place, rights) for place in places]
        due = [step.do for step in steps if step.do]
        what = f"in it, {' and '.join(map(str, places))}: {'read and edit' if edit else 'read'}"

        def make() -> None:
            for do in due:
                do()

        return Step(what, Standing.DUE, do=make) if due else Step(what, Standing.THERE)

    def assignment_step(self, user: OrgUser) -> Step:
        """The set's assignment to a user."""
        what = f"assigned to {user.name}"
        with takes("look at assignments of permission sets", SEE_SETUP):
            assigned = bool(self._set) and self._org.records(
                "the look-up of the assignment",
                f"SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = {soql.quoted(user.id)} "  # noqa: S608  # quoted
                f"AND PermissionSetId = {soql.quoted(self._set['Id'])}",
            )
        if assigned:
            return Step(what, Standing.THERE)

        def make() -> None:
            with takes(f"assign the permission set to {user.name}", ASSIGN_SETS, also=_LICENCE):
                self._create("PermissionSetAssignment", {"AssigneeId": user.id, "PermissionSetId": self._set["Id"]})

        return Step(what, Standing.DUE, do=make)

    def _field_step(self, place: Place, rights: Iterable[str]) -> Step:
        there = next((row for row in self._fields if row["Field"] == str(place)), None)
        named = {"SobjectType": place.object, "Field": str(place)}
        return self._row_step("FieldPermissions", str(place), there, rights, named)

    def _row_step(
        self, kind: str, what: str, there: Mapping[str, Any] | None, rights: Iterable[str], named: Mapping[str, str]
    ) -> Step:
        lacking = {right: True for right in rights if not (there and there[right])}
        if not lacking:
            return Step(what, Standing.THERE)

        def make() -> None:
            with takes(f"grant rights ({what.removeprefix('in it, ')})", MANAGE_SETS):
                if there:
                    self._change(kind, there["Id"], lacking)
                else:
                    self._create(kind, {"ParentId": self._set["Id"], **named, **lacking}, twice_is_fine=True)

        return Step(what, Standing.DUE, do=make)

    def _rows(self, kind: str, fields: str) -> list[dict[str, Any]]:
        if not self._set:
            return []
        query = f"SELECT Id, {fields} FROM {kind} WHERE ParentId = {soql.quoted(self._set['Id'])}"  # noqa: S608  # quoted
        return self._org.records("the look-up of what is in the permission set", query)

    def _create(self, kind: str, body: Mapping[str, Any], *, twice_is_fine: bool = False) -> str:
        """The new record's id; empty where it is there already, as rights that Task and Event share may be."""
        request = Request(f"the making of a {kind}", writing=True)
        try:
            answer = self._org.connection.ask(request, f"sobjects/{kind}", method="POST", json=body)
        except RejectedError as error:
            if twice_is_fine and error.code in _TWICE:
                return ""
            raise
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise unreadable(request)
        return str(answer["id"])

    def _change(self, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
        request = Request(f"the changing of a {kind}", writing=True)
        self._org.connection.ask(request, f"sobjects/{kind}/{record_id}", method="PATCH", json=values)


def _flag(name: str, known: Mapping[str, Any]) -> str:
    """The field of a user permission; that for editing tasks is not called the same everywhere."""
    return next((each for each in (f"Permissions{name}", f"Permissions{name}s") if each in known), "")
