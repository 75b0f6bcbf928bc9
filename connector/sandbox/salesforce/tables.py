"""The records of one object, and how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector.sandbox.salesforce.fields import OrgField
    from connector.sandbox.salesforce.objects import OrgObject

Row = dict[str, Any]


class Table:
    """Records of `object` by id in `rows`, in the order they were made; change them by these methods alone."""

    def __init__(self, its_object: OrgObject) -> None:
        self.object = its_object
        self.rows: dict[str, Row] = {}
        self._holders: dict[tuple[str, str], list[str]] = {}

    @property
    def name(self) -> str:
        """The object's name."""
        return self.object.name

    def new_row(self, record_id: str) -> Row:
        """A record with nothing but defaults; not stored yet."""
        defaults = {name: field.default for name, field in self.object.fields.items()}
        return {**defaults, "Id": record_id}

    def insert(self, row: Row) -> None:
        """Store a new record."""
        self.rows[row["Id"]] = row
        self._hold(row, self.object.fields)

    def change(self, record_id: str, values: Row) -> None:
        """Change fields of a record."""
        row = self.rows[record_id]
        self._release(row, values)
        row.update(values)
        self._hold(row, values)

    def remove(self, record_id: str) -> None:
        """Take a record away, as if it had never been."""
        row = self.rows.pop(record_id)
        self._release(row, row)

    def holders(self, field: OrgField, value: object) -> list[str]:
        """Ids of the records that hold a value in an indexed field, deleted and archived ones included."""
        return list(self._holders.get(_entry(field, value), ()))

    def put_field(self, field: OrgField) -> None:
        """Add a field, or replace it; records that are there get its default."""
        self.object.put_field(field)
        for row in self.rows.values():
            row.setdefault(field.name, field.default)
        self._index_anew()

    def drop_field(self, name: str) -> None:
        """Remove a field with all its values."""
        self.object.drop_field(name)
        for row in self.rows.values():
            row.pop(name, None)
        self._index_anew()

    def _index_anew(self) -> None:
        self._holders.clear()
        for row in self.rows.values():
            self._hold(row, self.object.fields)

    def _hold(self, row: Row, names: Row | dict[str, OrgField]) -> None:
        for field in self.object.fields.values():
            if field.is_indexed and field.name in names and row[field.name] is not None:
                self._holders.setdefault(_entry(field, row[field.name]), []).append(row["Id"])

    def _release(self, row: Row, names: Row) -> None:
        for field in self.object.fields.values():
            if field.is_indexed and field.name in names and row[field.name] is not None:
                self._holders[_entry(field, row[field.name])].remove(row["Id"])


def _entry(field: OrgField, value: object) -> tuple[str, str]:
    text = str(value)
    return field.name, text if field.case_sensitive else text.casefold()
