"""What mappings need an org to have: key fields, and the rights to what they write and read.

Source of what field-level security applies to: descriptions of real orgs (`permissionable`). Everybody may read users;
reading contacts takes reading accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.crm_kinds import EMAIL, EXTERNAL_ID, PHONE
from connector.crms.salesforce.org import ACTIVITIES, Place
from connector.crms.salesforce.people.by_phone import PHONES
from connector.crms.salesforce.people.record import CONTACT, LEAD
from connector.crms.salesforce.soql import checked_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from connector.preparation import Use

PERMISSION_SET = "Apten_Call_Sync"
PERMISSION_SET_LABEL = "Apten Call Sync"
PURPOSE = "What the Apten connector needs to log calls."
KEY_LENGTH = 255

_API = {"ApiEnabled": "API Enabled"}
_OF_ACTIVITIES = {"ActivitiesAccess": "Access Activities"}
_EDITING = {"Task": {"EditTask": "Edit Tasks"}, "Event": {"EditEvent": "Edit Events"}}
_OPEN_TO_ALL = frozenset({"User", "Group", "RecordType", "Organization", *ACTIVITIES})
_HIDEABLE = {
    "Task": {"WhoId", "WhatId", "Description"},
    "Event": {"WhoId", "WhatId", "Location", "IsAllDayEvent", "Description"},
    "Contact": {"AccountId", "Phone", "MobilePhone", "HomePhone", "OtherPhone", "Email"},
    "Lead": {"Phone", "MobilePhone", "Email"},
}


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights on an object: to read its records, and with `write` to make and change them as well."""

    object: str
    write: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that some mappings need.

    Args:
        keys: the fields that hold calls' ids, each with the mapping that names it.
        written: the fields that are written, those included.
        read: the fields that are looked at in other objects.
        grants: rights on objects, in an order in which each can be granted.
        permissions: user permissions, by their API names without `Permissions`, with their labels.
    """

    keys: dict[Place, str]
    written: tuple[Place, ...]
    read: tuple[Place, ...]
    grants: tuple[Grant, ...]
    permissions: dict[str, str]


def wanted(uses: Sequence[Use]) -> Wanted:
    """What these mappings need.

    Raises:
        CrmSetupError: no object or field of Salesforce's can have a name that is in one of them.
    """
    keys: dict[Place, str] = {}
    written: dict[Place, None] = {}
    permissions = dict(_API)
    for use in uses:
        name = checked_name(use.target.object)
        keys.setdefault(Place(name, checked_name(use.target.key_field)), use.mapping)
        written |= dict.fromkeys(Place(name, checked_name(each)) for each in (use.target.key_field, *use.fields))
        if name in ACTIVITIES:
            permissions |= _OF_ACTIVITIES | _EDITING[name]
    read = dict.fromkeys(place for use in uses for place in _read(use))
    own = [Grant(name, write=True) for name in dict.fromkeys(key.object for key in keys) if name not in ACTIVITIES]
    return Wanted(
        keys, tuple(written), tuple(read), (*_readings(uses, {each.object for each in own}), *own), permissions
    )


def twins(place: Place) -> tuple[Place, ...]:
    """Where a field's rights are kept: Task and Event share theirs, which must stand in both places."""
    return tuple(Place(each, place.name) for each in ACTIVITIES) if place.object in ACTIVITIES else (place,)


def may_be_hidden(place: Place) -> bool:
    """Whether field-level security applies to a field, as far as its name tells."""
    return place.is_custom or place.name in _HIDEABLE.get(place.object, ())


def label_of(place: Place) -> str:
    """What people are to see in place of a field's API name."""
    return "Apten Call ID" if place.name == "Apten_Call_Id__c" else place.name.removesuffix("__c").replace("_", " ")


def _people(use: Use) -> tuple[str, ...]:
    """The objects in which people are looked up: an id may be either's, and a converted lead leads to a contact."""
    if EXTERNAL_ID in use.clues or LEAD in use.people:
        return (CONTACT, LEAD)
    return use.people


def _read(use: Use) -> Iterator[Place]:
    for name in use.people:
        phones, email = PHONES.get(name, ()) if PHONE in use.clues else (), ("Email",) if EMAIL in use.clues else ()
        yield from (Place(name, field) for field in (*phones, *email))
    if use.accounts and CONTACT in _people(use):
        yield Place(CONTACT, "AccountId")
    for name, fields in use.finds.items():
        yield from (Place(checked_name(name), checked_name(field)) for field in fields)


def _readings(uses: Iterable[Use], own: set[str]) -> list[Grant]:
    names = dict.fromkeys(name for use in uses for name in (*_people(use), *use.finds))
    if CONTACT in names:
        names = {"Account": None, **names}
    return [Grant(name) for name in names if name not in _OPEN_TO_ALL | own]
