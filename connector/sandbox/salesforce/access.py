"""What the integration user may see and do: rights on objects, field-level security, user permissions.

Each is granted by the user's profile or by a permission set that is assigned to it; what nothing grants does not show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.sandbox.salesforce.standard.activities import ACTIVITIES
from connector.sandbox.salesforce.standard.permissions import PERMISSIONS, permission_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.tables import Row, Table

_SETUP_OBJECTS = {
    "PermissionSet": "ManageProfilesPermissionsets",
    "FieldPermissions": "ManageProfilesPermissionsets",
    "ObjectPermissions": "ManageProfilesPermissionsets",
    "PermissionSetAssignment": "AssignPermissionSets",
}
_SETUP_VIEWS = frozenset({"ApexTrigger", "FlowDefinitionView"})
_TOOLING_ALONE = frozenset({"ValidationRule"})
"""What only the Tooling API knows."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done with an object's records."""

    read: bool = True
    create: bool = True
    edit: bool = True
    delete: bool = True

    def __or__(self, other: Rights) -> Rights:
        return Rights(
            self.read or other.read,
            self.create or other.create,
            self.edit or other.edit,
            self.delete or other.delete,
        )


class Access:
    """The integration user's access. Its profile allows everything but viewing all data, until something is taken away.

    `permissions` are those the profile grants, by their names without `Permissions`.
    """

    def __init__(self, tables: Mapping[str, Table], user_id: str, edit_tasks: str) -> None:
        self.permissions = set(PERMISSIONS) - {"ViewAllData"}
        self._tables = tables
        self._user_id = user_id
        self._edit_tasks = edit_tasks
        self._profile_rights: dict[str, Rights] = {}
        self._hidden: set[tuple[str, str]] = set()
        self._read_only: set[tuple[str, str]] = set()

    # --- what the profile grants ---

    def hide_field(self, name: str, of: str = "Task") -> None:
        """The profile does not let the user see a field. ValueError if field-level security does not apply to it."""
        if not self._tables[of].object.fields[name].may_be_hidden:
            raise ValueError(f"field-level security cannot hide {of}.{name}")
        self._hidden.add(_place(of, name))

    def make_read_only(self, name: str, of: str = "Task") -> None:
        """The profile lets the user see a field, but not write it."""
        self._read_only.add(_place(of, name))

    def show_field(self, name: str, of: str = "Task") -> None:
        """The profile lets the user see and write a field."""
        self._hidden.discard(_place(of, name))
        self._read_only.discard(_place(of, name))

    def set_rights(self, name: str, rights: Rights) -> None:
        """What the profile lets the user do with an object."""
        self._profile_rights[name] = rights

    # --- what it comes to ---

    def may(self, permission: str) -> bool:
        """Whether profile or permission sets grant a user permission."""
        field = permission_field(permission, self._edit_tasks)
        return permission in self.permissions or any(each[field] for each in self._assigned())

    def rights(self, name: str) -> Rights:
        """What may be done with an object's records, as far as the user goes."""
        if name in ACTIVITIES:
            edit = self.may("EditTask") and self.may("ActivitiesAccess")
            return Rights(read=self.may("ActivitiesAccess"), create=edit, edit=edit, delete=edit)
        if name in _SETUP_OBJECTS:
            manage = self.may(_SETUP_OBJECTS[name])
            return Rights(read=self.may("ViewSetup"), create=manage, edit=manage, delete=manage)
        if name in _SETUP_VIEWS | _TOOLING_ALONE:
            seen = name not in _TOOLING_ALONE and self.may("ViewSetup")
            return Rights(read=seen, create=False, edit=False, delete=False)
        rights = self._profile_rights.get(name, Rights())
        for row in self._granted("ObjectPermissions"):
            if row["SobjectType"] == name:
                verbs = ("Read", "Create", "Edit", "Delete")
                rights |= Rights(*(bool(row[f"Permissions{verb}"]) for verb in verbs))
        return rights

    def fields(self, name: str) -> dict[str, OrgField]:
        """An object's fields as the user sees them; those it may only read are neither createable nor updateable."""
        granted = self._granted_fields()
        seen = {}
        for field in self._tables[name].object.fields.values():
            place = _place(name, field.name)
            sets = granted.get(place, (False, False))
            if place in self._hidden and not sets[0]:
                continue
            writable = sets[1] or place not in self._hidden | self._read_only
            seen[field.name] = field if writable else replace(field, createable=False, updateable=False)
        return seen

    def _granted_fields(self) -> dict[tuple[str, str], tuple[bool, bool]]:
        found: dict[tuple[str, str], tuple[bool, bool]] = {}
        for row in self._granted("FieldPermissions"):
            of, _, name = row["Field"].partition(".")
            read, edit = found.get(_place(of, name), (False, False))
            found[_place(of, name)] = (read or row["PermissionsRead"], edit or row["PermissionsEdit"])
        return found

    def _granted(self, kind: str) -> list[Row]:
        """Rows of a kind that belong to assigned permission sets."""
        sets = {each["Id"] for each in self._assigned()}
        return [row for row in self._tables[kind].rows.values() if row["ParentId"] in sets]

    def _assigned(self) -> list[Row]:
        sets = self._tables["PermissionSet"].rows
        assignments = self._tables["PermissionSetAssignment"].rows.values()
        return [sets[each["PermissionSetId"]] for each in assignments if each["AssigneeId"] == self._user_id]


def _place(of: str, name: str) -> tuple[str, str]:
    """Where field-level security keeps a field; Task and Event share it."""
    return "Activity" if of in ACTIVITIES else of, name
