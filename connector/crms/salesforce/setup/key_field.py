"""The step that gives an object its key field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.crms.salesforce.setup import metadata
from connector.crms.salesforce.setup.deploy import deploy
from connector.crms.salesforce.setup.rights import DEPLOY, MAKE_FIELDS, SEE_SETUP, takes
from connector.crms.salesforce.setup.wanted import KEY_LENGTH
from connector.errors import CrmSetupError
from connector.preparation import Standing, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.crms.salesforce.org import Org, Place

_TEXTS = frozenset({"Text", "string"})


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a field that is there."""

    type: str
    external_id: bool
    unique: bool
    case_sensitive: bool

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> _Facts:
        """From a description, or from metadata."""
        flags = (found.get(name) is True for name in ("externalId", "unique", "caseSensitive"))
        return cls(str(found.get("type")), *flags)


def key_field_step(org: Org, place: Place, mapping: str, version: str, sleep: Callable[[float], None]) -> Step:
    """How the key field stands, and how it is made. A field that is there is never changed.

    Raises:
        CrmSetupError: the object is not there, or something of that name is that cannot hold a key.
    """
    described = org.described(place.object)
    if described is None:
        raise CrmSetupError(
            f"There is no object {place.object} in the org, or you may not see it.",
            done="Nothing was changed.",
            todo=f"Make it first, or name another as `activity` in {mapping}.",
        )
    found = described["fields"].get(place.name)
    if found is None and place.is_custom:
        with takes(f"look up the field {place.full_name}", SEE_SETUP):
            found = org.custom_field(place)
    if found is None:
        return _to_make(org, place, mapping, version, sleep)
    facts = _Facts.of(found)
    if facts.type not in _TEXTS:
        raise CrmSetupError(
            f"The field {place.full_name} is there already and is no text field ({facts.type}): it cannot hold a key.",
            done="Nothing was changed.",
            todo=f"Name another field as `key` in {mapping}, then run this again.",
        )
    return Step(f"key field {place.full_name}: {_told(facts)}", Standing.THERE, _lacking(place, facts))


def _to_make(org: Org, place: Place, mapping: str, version: str, sleep: Callable[[float], None]) -> Step:
    if not place.is_custom or "__" in place.name.removesuffix("__c"):
        what = "a package's field" if place.is_custom else "a standard field"
        raise CrmSetupError(
            f"{place.object} has no field {place.name} that you may see, and {what} cannot be made.",
            done="Nothing was changed.",
            todo=f"Name another field as `key` in {mapping}, such as Apten_Call_Id__c.",
        )

    def make() -> None:
        with takes(f"make the field {place.full_name}", MAKE_FIELDS, DEPLOY):
            deploy(org.connection, f"the field {place.full_name}", metadata.key_fields([place], version), sleep)

    facts = _Facts("Text", external_id=True, unique=True, case_sensitive=True)
    return Step(f"key field {place.full_name}: text of {KEY_LENGTH} characters, {_told(facts)}", Standing.DUE, do=make)


def _told(facts: _Facts) -> str:
    told = [
        *(["external ID"] if facts.external_id else []),
        *(["unique"] if facts.unique else []),
        *(["case sensitive"] if facts.case_sensitive else []),
    ]
    return ", ".join(told) or "neither external ID nor unique"


def _lacking(place: Place, facts: _Facts) -> str:
    """What it means that a field is not all it could be."""
    if not place.is_custom:
        return "A standard field: nothing to set up. The connector looks for each call before it writes (MAP416)."
    if not (facts.external_id and facts.unique):
        return (
            "It is left as it is. Salesforce does not keep it unique, so the connector looks for each call before it "
            "writes (MAP416). Better: clear values that records share, then tick Unique and External ID in Setup > "
            f"Object Manager > {place.owner} > Fields & Relationships."
        )
    if not facts.case_sensitive:
        return "It is left as it is. It takes ids that differ in upper and lower case for the same; Apten's do not."
    return ""
