"""All the steps that give an org what mappings need, in the order in which they can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crms.salesforce import soql
from connector.crms.salesforce.org import OrgUser
from connector.crms.salesforce.setup.key_field import key_field_step
from connector.crms.salesforce.setup.permission_set import PermissionSet
from connector.crms.salesforce.setup.rights import SEE_SETUP, takes
from connector.crms.salesforce.setup.wanted import may_be_hidden, twins, wanted
from connector.errors import CrmSetupError
from connector.preparation import Preparation, Standing, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connector.crms.salesforce.org import Org, Place
    from connector.crms.salesforce.setup.wanted import Wanted
    from connector.preparation import Use


def prepare(
    org: Org, uses: Sequence[Use], username: str | None, *, version: str, sleep: Callable[[float], None]
) -> Preparation:
    """What an org must have, and what of it is missing. Changes nothing until a step is taken.

    Raises:
        CrmSetupError: it cannot be made, or may not be looked at.
    """
    needed = wanted(uses)
    me = org.connected_user()
    user = me if username in (None, me.name) else _user(org, str(username))
    keys = [key_field_step(org, place, mapping, version, sleep) for place, mapping in needed.keys.items()]
    granted = PermissionSet(org, needed.permissions)
    return Preparation(
        of=f"the org {org.title}",
        steps=(
            *keys,
            granted.permissions_step(),
            *(granted.object_step(grant) for grant in needed.grants),
            *_field_steps(org, granted, needed),
            granted.assignment_step(user),
        ),
        user=user.name,
        is_own=user == me,
    )


def _field_steps(org: Org, granted: PermissionSet, needed: Wanted) -> Iterator[Step]:
    done: set[Place] = set()
    for place in (*needed.written, *needed.read):
        places = twins(place)
        if done.isdisjoint(places) and (step := _field_step(org, granted, places, needed, place)):
            done.update(places)
            yield step


def _field_step(org: Org, granted: PermissionSet, places: Sequence[Place], needed: Wanted, place: Place) -> Step | None:
    """The rights on a field; None if it is open to everybody."""
    described = org.described(place.object)
    field = described["fields"].get(place.name) if described else None
    if field is None and place.is_custom and place not in needed.keys and not _exists(org, place):
        note = "There is no such field. Make it, or take it out of the mapping: `apten-crm check --live` says where."
        return Step(f"field {place.full_name}", Standing.YOURS, note)
    is_open = not (may_be_hidden(place) if field is None else field["permissionable"])
    return None if is_open else granted.field_step(places, edit=place in needed.written)


def _exists(org: Org, place: Place) -> bool:
    with takes(f"look up the field {place.full_name}", SEE_SETUP):
        return org.custom_field(place) is not None


def _user(org: Org, username: str) -> OrgUser:
    query = f"SELECT Id, Username, IsActive FROM User WHERE Username = {soql.quoted(username)}"  # noqa: S608  # quoted
    found = org.records("the look-up of the user", query)
    if not found or not found[0]["IsActive"]:
        what = "is not active" if found else "is not known to the org, or you may not see it"
        raise CrmSetupError(
            f"The user {username} {what}.",
            done="Nothing was changed.",
            todo="Check --user: it takes the username, which looks like an e-mail address. In sandboxes it ends in the "
            "sandbox's name.",
        )
    return OrgUser(str(found[0]["Id"]), str(found[0]["Username"]))
