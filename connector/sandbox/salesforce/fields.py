"""What a field of an org is, and the compact tables in which the stand-in writes them down."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

KEY_FIELD = "Apten_Call_Id__c"
TEXT_TYPES = frozenset({"string", "textarea", "picklist", "combobox", "phone", "url", "email", "multipicklist"})
NUMBER_TYPES = frozenset({"int", "double", "currency", "percent"})
LONGEST_TEXT_AREA = 255
"""Characters of a plain text area; a longer one is a long text area, which has rules of its own."""

_TYPE = re.compile(r"(?P<name>[a-z]+)(?:\((?P<size>[^)]*)\))?")
_LENGTHS = {"id": 18, "reference": 18}


@dataclass(frozen=True, slots=True)
class OrgField:
    """One field of an org, in Salesforce's own terms.

    `digits` limits an int, `precision` and `scale` a double; `default` is given to a row created without the field;
    `values` are a picklist's API values (shown as their labels too). `permissionable` tells of a standard field whether
    field-level security can hide it; of a custom one it can unless the field is required. `lookup` names a standard
    field that finds records without being an external id, `compound` the name or address it is a part of.
    """

    name: str
    type: str
    label: str = ""
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    default: str | bool | None = None
    defaulted: bool = False
    restricted: bool = False
    values: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    filterable: bool = True
    external_id: bool = False
    unique: bool = False
    case_sensitive: bool = False
    permissionable: bool = False
    lookup: bool = False
    compound: str | None = None

    @property
    def custom(self) -> bool:
        """Whether an admin added it."""
        return self.name.endswith("__c")

    @property
    def is_text(self) -> bool:
        """Whether it holds a text with a length."""
        return self.type in TEXT_TYPES

    @property
    def is_long_text(self) -> bool:
        """Whether it is a long text area: neither filtered nor sorted by, and fewer to a page."""
        return self.type == "textarea" and self.length > LONGEST_TEXT_AREA

    @property
    def is_indexed(self) -> bool:
        """Whether records are looked up by it."""
        return self.external_id or self.unique or self.lookup

    @property
    def is_polymorphic(self) -> bool:
        """Whether it may point to records of several objects."""
        return len(self.references) > 1

    @property
    def may_be_hidden(self) -> bool:
        """Whether field-level security applies to it."""
        return (self.nillable or self.type == "boolean") if self.custom else self.permissionable

    @property
    def relationship(self) -> str | None:
        """The name under which queries reach the record it points to: `Owner` for OwnerId, `Car__r` for Car__c."""
        if not self.references:
            return None
        return self.name[:-1] + "r" if self.custom else self.name.removesuffix("Id")


def long_text(name: str, label: str, length: int = 32_768) -> OrgField:
    """A long text area."""
    return OrgField(name, "textarea", label, length, filterable=False)


def fields(table: str) -> tuple[OrgField, ...]:
    """The fields in a table of four columns, two blanks or more between them: name, type, label, traits.

    Traits are separated by commas: `kept` (set by the platform alone), `create-only`, `update-only`, `required`,
    `defaulted`, `default=…`, `restricted`, `unique`, `hideable` (by field-level security), `lookup`, `unfiltered`,
    `of=…` (the compound field). A line that begins with `=` gives the values of the picklist above it, `|` between.
    """
    found: list[OrgField] = []
    for line in map(str.strip, table.strip().splitlines()):
        if line.startswith("= "):
            found[-1] = replace(found[-1], values=found[-1].values + tuple(line[2:].split("|")))
        else:
            found.append(_field(*re.split(r" {2,}", line)))
    return tuple(found)


def _field(name: str, kind: str, label: str, traits: str = "") -> OrgField:
    match = _TYPE.fullmatch(kind)
    if match is None:
        raise ValueError(f"{name}: no type of field: {kind}")
    settings: dict[str, Any] = {"length": _LENGTHS.get(match["name"], 0)}
    settings |= _size(match["name"], match["size"])
    if match["name"] == "boolean":
        settings |= {"nillable": False, "default": False, "defaulted": True}
    for trait in filter(None, traits.split(", ")):
        settings |= _trait(trait)
    return OrgField(name, match["name"], label, **settings)


def _size(kind: str, size: str | None) -> dict[str, Any]:
    if size is None:
        return {}
    if kind == "reference":
        return {"references": tuple(size.split())}
    if kind == "int":
        return {"digits": int(size)}
    if kind in {"double", "currency", "percent"}:
        precision, _, scale = size.partition(".")
        return {"precision": int(precision), "scale": int(scale)}
    return {"length": int(size)}


def _trait(trait: str) -> dict[str, Any]:
    name, _, value = trait.partition("=")
    known: dict[str, dict[str, Any]] = {
        "kept": {"createable": False, "updateable": False},
        "create-only": {"updateable": False},
        "update-only": {"createable": False},
        "required": {"nillable": False},
        "defaulted": {"nillable": False, "defaulted": True},
        "default": {"nillable": False, "defaulted": True, "default": value},
        "restricted": {"restricted": True},
        "unique": {"unique": True},
        "hideable": {"permissionable": True},
        "lookup": {"lookup": True},
        "unfiltered": {"filterable": False},
        "of": {"compound": value},
    }
    return known[name]
