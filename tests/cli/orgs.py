"""Orgs as `setup` and `doctor` find them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.salesforce.access import Rights
from connector.sandbox.salesforce.fields import KEY_FIELD

if TYPE_CHECKING:
    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.org import SalesforceOrg
    from tests.town import Town

NOTHING = Rights(read=False, create=False, edit=False, delete=False)
SET = "Apten_Call_Sync"


def make_fresh(org: SalesforceOrg) -> None:
    """No key field, and a user who may do nothing but what an admin must to set the org up."""
    org.remove_field(KEY_FIELD)
    org.access.hide_field("Description")
    for name in ("Account", "Contact", "Lead"):
        org.access.set_rights(name, NOTHING)
    org.access.permissions -= {"EditTask"}


def take_all_rights(org: SalesforceOrg) -> None:
    """From now on the user may do only what permission sets grant."""
    org.access.permissions = set()
    for name in ("Task", "Account", "Contact", "Lead"):
        for its_field in org.tables[name].object.fields.values():
            if its_field.may_be_hidden:
                org.access.hide_field(its_field.name, name)
    for name in ("Account", "Contact", "Lead"):
        org.access.set_rights(name, NOTHING)


def granted(org: SalesforceOrg) -> dict[str, str]:
    """What the permission set says of fields and objects: `r`, or `rw`."""
    fields = org.tables["FieldPermissions"].rows.values()
    objects = org.tables["ObjectPermissions"].rows.values()
    found = {row["Field"]: "rw" if row["PermissionsEdit"] else "r" for row in fields}
    return found | {row["SobjectType"]: "rw" if row["PermissionsEdit"] else "r" for row in objects}


def assigned(org: SalesforceOrg) -> list[str]:
    """The names of the users who have a permission set."""
    rows = org.tables["PermissionSetAssignment"].rows.values()
    return [org.tables["User"].rows[row["AssigneeId"]]["Username"] for row in rows]


def key(org: SalesforceOrg) -> OrgField:
    """The key field, whoever may see it."""
    return org.tables["Task"].object.fields[KEY_FIELD]


@pytest.fixture
def fresh(salesforce: Town) -> Town:
    """A town whose org nobody has set up."""
    make_fresh(salesforce.org)
    return salesforce


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting; servers wait for less than one."""
    waits: list[float] = []
    truly = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: waits.append(seconds) if seconds >= 1 else truly(seconds))
    return waits
