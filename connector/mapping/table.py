"""The table a mapping asks for, where the CRM is a database and the mapping alone says what the columns hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.crm_schema import Counted, FieldSchema, FieldType, ObjectSchema
from connector.mapping.types import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.mapping.fields import Field
    from connector.model import Target

KEY_LENGTH = 255
"""Longest key; every database can index a text of this length."""

_TYPES = {
    Kind.TEXT: FieldType.LONG_TEXT,
    Kind.RECORD: FieldType.LONG_TEXT,
    Kind.INTEGER: FieldType.INTEGER,
    Kind.NUMBER: FieldType.NUMBER,
    Kind.BOOLEAN: FieldType.BOOLEAN,
    Kind.DATE: FieldType.DATE,
    Kind.DATETIME: FieldType.DATETIME,
}


def table(crm: str, target: Target, fields: Iterable[Field]) -> ObjectSchema:
    """The key column and one nullable column a field; texts are unlimited."""
    key = FieldSchema(target.key_field, FieldType.TEXT, length=KEY_LENGTH, required=True, key=True)
    columns = [FieldSchema(field.name, _TYPES[field.type.kind], unit=field.type.unit) for field in fields]
    return ObjectSchema(crm, target.object, Counted.CHARACTERS, {column.name: column for column in (key, *columns)})
