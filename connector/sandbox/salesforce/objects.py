"""What an object of an org is: its name, its fields, and what can be done with its records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.sandbox.salesforce.fields import fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.sandbox.salesforce.fields import OrgField

SYSTEM_FIELDS = fields("""
    IsDeleted           boolean          Deleted                 kept
    CreatedDate         datetime         Created Date            kept, defaulted
    CreatedById         reference(User)  Created By ID           kept, defaulted
    LastModifiedDate    datetime         Last Modified Date      kept, defaulted
    LastModifiedById    reference(User)  Last Modified By ID     kept, defaulted
    SystemModstamp      datetime         System Modstamp         kept, defaulted
""")
"""Every object whose records people make has these."""


@dataclass(slots=True)
class OrgObject:
    """One object. `names` are the fields that name its records, the first of them in describe's sense.

    `writable`: records can be made through the API. `searchable`: text searches look at them. `archives`: old closed
    records are archived. `layoutable` objects have record types.
    """

    name: str
    key_prefix: str
    label: str
    plural: str
    fields: dict[str, OrgField]
    names: tuple[str, ...] = ("Name",)
    writable: bool = True
    searchable: bool = False
    archives: bool = False
    layoutable: bool = True
    _spelling: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._spelling = {name.casefold(): name for name in self.fields}

    @property
    def custom(self) -> bool:
        """Whether an admin made it."""
        return self.name.endswith("__c")

    def spelled(self, name: str) -> str:
        """A field's name as it is spelled here; upper and lower case count for nothing."""
        return self._spelling.get(name.casefold(), name)

    def put_field(self, new: OrgField) -> None:
        """Add a field, or replace it."""
        self.fields[new.name] = new
        self._spelling[new.name.casefold()] = new.name

    def drop_field(self, name: str) -> None:
        """Remove a field."""
        del self.fields[name]
        del self._spelling[name.casefold()]


def named(*groups: Iterable[OrgField]) -> dict[str, OrgField]:
    """Fields by name."""
    return {each.name: each for group in groups for each in group}


def custom_object(name: str, key_prefix: str, label: str, own: Iterable[OrgField]) -> OrgObject:
    """An object as an admin makes one: with an owner, a name (the record's id unless given), and fields of its own."""
    common = fields("""
        Id       id                     Record ID     kept, defaulted
        OwnerId  reference(Group User)  Owner ID      defaulted
        Name     string(80)             Name          lookup
    """)
    return OrgObject(name, key_prefix, label, f"{label}s", named(common, SYSTEM_FIELDS, own), searchable=True)
