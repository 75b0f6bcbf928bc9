"""A CRM object described neutrally: what its fields are called, hold and allow. The same for every CRM.

A schema is read live (`Crm.describe`), or from a snapshot file beside the mapping.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    PICKLIST = "picklist"
    REFERENCE = "reference"
    OTHER = "other"


class Counted(StrEnum):
    """How a field's length is counted.

    `UTF16` counts as Salesforce does: in UTF-16 units, a line end as the two (carriage return, line feed) it is stored
    as. Source: Salesforce Help, "LEN Function returning incorrect results".
    """

    CHARACTERS = "characters"
    UTF16 = "utf16"


def length_of(text: str, counted: Counted) -> int:
    """The length of `text` as the CRM counts it."""
    if counted is Counted.UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2 + text.count("\n")
    return len(text)


@dataclass(frozen=True, slots=True)
class PickValue:
    """One value of a picklist: `value` is what the API takes, `label` what people see.

    In a dependent picklist, `only_with` are the values of the controlling field with which it can be chosen; empty for
    any.
    """

    value: str
    label: str
    only_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One field. `length` None means unlimited; `unit` is set for numbers with one (`seconds`, `milliseconds`).

    `email`: it takes e-mail addresses only. `scale`: how many decimal places a number keeps, None if that is not known.
    `controller` is the field on whose value depends which of the picklist's values can be chosen.
    `required` means: a create without a value fails (no default, not nullable). `key` means: can hold the call's id so
    that the CRM itself keeps it unique. `restricted` means: only the listed values are taken.
    """

    name: str
    type: FieldType
    label: str = ""
    length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    unit: str | None = None
    createable: bool = True
    updateable: bool = True
    required: bool = False
    key: bool = False
    restricted: bool = False
    values: tuple[PickValue, ...] = ()
    references: tuple[str, ...] = ()
    controller: str | None = None
    email: bool = False
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class ObjectSchema:
    """One object of a CRM: its fields by name, and how lengths are counted there."""

    crm: str
    object: str
    counted: Counted
    fields: dict[str, FieldSchema] = field(default_factory=dict)

    def keeps_unique(self, name: str) -> bool:
        """Whether the CRM itself refuses a second record with the same value in this field."""
        field = self.fields.get(name)
        return field is not None and field.key

    @property
    def create_only(self) -> frozenset[str]:
        """Fields that can be set when a record is created, and never after."""
        return frozenset(f.name for f in self.fields.values() if f.createable and not f.updateable)
