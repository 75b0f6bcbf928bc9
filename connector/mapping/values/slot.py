"""The CRM field a value is for, as far as it is known; without a schema anything goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.crm_schema import FieldType
from connector.mapping.types import Kind

if TYPE_CHECKING:
    from connector.crm_schema import FieldSchema, PickValue
    from connector.mapping.types import Type

_OF_KIND = {
    Kind.INTEGER: FieldType.INTEGER,
    Kind.NUMBER: FieldType.NUMBER,
    Kind.BOOLEAN: FieldType.BOOLEAN,
    Kind.DATE: FieldType.DATE,
    Kind.DATETIME: FieldType.DATETIME,
    Kind.RECORD: FieldType.REFERENCE,
}
_LONGEST_ADDRESS = 254
TEXTUAL = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PICKLIST)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a value must suit.

    Args:
        name: the field.
        type: what it holds; None if no schema tells.
        room: its length; None if unlimited or unknown.
        limit: the length that a value must keep to by itself; None where a `cut` further out sees to it.
        required: a value must always be there; false where a `default` further out sees to it.
        unit: unit of its numbers.
        minimum: smallest number.
        maximum: greatest number.
        values: the picklist's values.
        restricted: it takes no others.
        id_length: how long the ids are that it takes, if it takes a record's id of a known length.
        address: how long the e-mail addresses may be, if it takes nothing but those. Other texts are missing then.
        scale: how many decimal places its numbers keep; None if that is not known.
        references: the objects whose records it may point to; empty if that is not known.
        told: false where the schema at hand is of another object, so that nothing can be said of what the field takes.
    """

    name: str
    type: FieldType | None = None
    room: int | None = None
    limit: int | None = None
    required: bool = False
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[PickValue, ...] = ()
    restricted: bool = False
    id_length: int | None = None
    references: tuple[str, ...] = ()
    address: int | None = None
    scale: int | None = None
    told: bool = True

    def inside(self, *, cut: int | None, has_default: bool) -> Slot:
        """The slot for a value that is cut, or has a default, further out."""
        if cut is None and not has_default:
            return self
        room = self.room if cut is None else cut if self.room is None else min(cut, self.room)
        limit = self.limit if cut is None else None
        return replace(self, room=room, limit=limit, required=self.required and not has_default)

    def holding(self, type_: Type | None) -> Slot:
        """The slot for a plain value that stands in for a value of this type, which tells its kind without a schema."""
        kind = _OF_KIND.get(type_.kind) if type_ else None
        return replace(self, type=kind) if self.type is None and kind else self

    @property
    def api_names(self) -> tuple[str, ...]:
        """The picklist's values as the API takes them."""
        return tuple(value.value for value in self.values)


def slot_for(name: str, schema: FieldSchema | None, *, told: bool = True) -> Slot:
    """The slot of a field; `schema` is None if nothing is known of it."""
    if schema is None:
        return Slot(name, told=told)
    length = schema.length if schema.type in TEXTUAL and not schema.email else None
    return Slot(
        name,
        schema.type,
        room=length,
        limit=length,
        required=schema.required,
        unit=schema.unit,
        minimum=schema.minimum,
        maximum=schema.maximum,
        values=schema.values if schema.type is FieldType.PICKLIST else (),
        restricted=schema.restricted and bool(schema.values),
        id_length=schema.length if schema.type is FieldType.REFERENCE else None,
        references=schema.references,
        address=(schema.length or _LONGEST_ADDRESS) if schema.email else None,
        scale=schema.scale,
    )
