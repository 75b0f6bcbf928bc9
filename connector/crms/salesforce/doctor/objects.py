"""What the connection's user may do with the objects that mappings use, and how the key fields stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.setup.wanted import twins
from connector.errors import CrmSetupError
from connector.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.crms.salesforce.org import Org, Place
    from connector.crms.salesforce.setup.wanted import Grant

_SETUP = "`apten-crm setup` grants it, or an admin: Setup > Permission Sets."


def rights(org: Org, grant: Grant) -> Iterable[Finding]:
    """Whether the user may do with an object's records what mappings take."""
    about, described = f"Salesforce: rights on {grant.object}", org.described(grant.object)
    if described is None:
        found = f"There is no {grant.object} in the org, or this user may not see it."
        yield Finding(Level.PROBLEM, about, found, f"Let the user read it: {_SETUP}")
        return
    needed = {"createable": "create", "updateable": "edit"} if grant.write else {}
    lacking = [verb for flag, verb in needed.items() if not described[flag]]
    if lacking:
        found = f"This user may not {' or '.join(lacking)} records of it."
        yield Finding(Level.PROBLEM, about, found, f"{_todo(grant.object)} {_SETUP}")
    else:
        yield Finding(Level.OK, about, f"May {', '.join(['read', *needed.values()])}.")


def key_field(org: Org, place: Place, mapping: str) -> Iterable[Finding]:
    """Whether a field can hold keys, and how safe it keeps them."""
    about, described = f"Salesforce: key field {place}", org.described(place.object)
    if described is None:
        return
    field = described["fields"].get(place.name)
    if field is None:
        yield Finding(Level.PROBLEM, about, *_unseen(org, place))
    elif field["type"] != "string":
        yield Finding(
            Level.PROBLEM,
            about,
            f"It is no text field ({field['type']}), so it cannot hold a call's id.",
            f"Name another field as `key` in {mapping}.",
        )
    elif not (field["createable"] and field["updateable"]):
        yield Finding(
            Level.PROBLEM, about, "This user may read it, but not write it.", f"Let the user edit it: {_SETUP}"
        )
    else:
        yield Finding(*_kept(place, about, field))


def looked_at(org: Org, place: Place) -> Iterable[Finding]:
    """Whether a field that records are looked up by may be read; nothing, where it may."""
    described = org.described(place.object)
    if described is not None and place.name not in described["fields"]:
        found = "This user may not see it, or it is not there: nothing is found by it."
        yield Finding(Level.WARNING, f"Salesforce: field {place}", found, f"Let the user read it: {_SETUP}")


def _kept(place: Place, about: str, field: dict[str, Any]) -> tuple[Level, str, str, str]:
    unique, external, sensitive = field["unique"], field["externalId"], field["caseSensitive"]
    if unique and external and sensitive:
        length = f"text of {field['length']} characters"
        return Level.OK, about, f"Visible, {length}, external ID, unique, case sensitive.", ""
    if unique and external:
        return (
            Level.OK,
            about,
            "Visible, external ID, unique. It ignores upper and lower case; Apten's ids differ in more.",
            "",
        )
    found = (
        f"Visible, but Salesforce does not keep it unique{'' if external else ' (no external ID)'}: the connector "
        "looks for each call before it writes, and two at a time could double it (MAP416)."
    )
    todo = (
        f"Tick Unique and External ID in Setup > Object Manager > {place.owner} > Fields & Relationships."
        if place.is_custom
        else "Better have a field of its own: name it as `key` in the mapping, then `apten-crm setup`."
    )
    return Level.WARNING, about, found, todo


def _unseen(org: Org, place: Place) -> tuple[str, str]:
    """What is the matter with a field that the user does not see, as far as that may be asked."""
    make = "`apten-crm setup` makes it, or an admin: see the documentation, Set up Salesforce."
    if not place.is_custom:
        return "There is no such field, or this user may not see it.", "Name another field as `key` in the mapping."
    try:
        found = org.custom_field(place)
    except CrmSetupError:
        return (
            "There is no such field, or this user may not see it.",
            f"If there is none, {make} Else let the user see it.",
        )
    if found is None:
        return "There is no such field.", make
    granted = " and ".join(map(str, twins(place)))
    return (
        "It is there, but hidden from this user (field-level security).",
        f"Grant read and edit on {granted}: {_SETUP}",
    )


def _todo(name: str) -> str:
    named = {"Task": "Edit Tasks and Access Activities", "Event": "Edit Events and Access Activities"}
    return f"It takes {named.get(name, f'Create and Edit on {name}')}."
