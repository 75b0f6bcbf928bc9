"""A database table as a CRM of ours: one row per call, the call's key as its key and record id."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from connector.crms.database import doctor
from connector.crms.database.batch import Batch
from connector.crms.database.line import Line
from connector.crms.database.setup import TableNeeds
from connector.crms.database.tables import column_of, merged, reflect, schema_of, table_for
from connector.crms.database.values import as_held, from_column
from connector.errors import CrmSetupError, RejectedError
from connector.findings import Check
from connector.model import Page, Person, Record, Unlinked
from connector.preparation import Preparation
from connector.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from connector.crm_schema import ObjectSchema
    from connector.model import Activity, Lookup, PersonSearch, Receipt, Target
    from connector.preparation import Use

_PAGE = 2_000


class Database:
    """Activities in a table; satisfies `ports.Crm`. Connects at first use.

    Args:
        url: a SQLAlchemy URL, such as `sqlite:////var/lib/apten/activities.db`.
        wanted: the tables (`table` or `schema.table`) as mappings ask for them, one table perhaps several times; one
            that does not exist is made by the first write.

    Raises:
        ConfigError: the URL cannot be read.
        CrmSetupError: the driver for that database is not installed.
    """

    batch_size = 200
    usage = Usage()

    def __init__(self, url: str, wanted: Sequence[ObjectSchema]) -> None:
        self._line = Line(url)
        self._wanted = wanted
        self._tables: dict[str, sa.Table] = {}

    def identity(self) -> str:
        """Where the database is: its URL without driver, user, password and options; a file's absolute path."""
        url = self._line.url
        where = url.database
        if url.get_backend_name() == "sqlite" and where and where != ":memory:":
            where = str(Path(where).resolve())
        plain = sa.URL.create(url.get_backend_name(), host=url.host, port=url.port, database=where)
        return plain.render_as_string()

    def describe(self, target: Target) -> ObjectSchema:
        """The table as it is, or as the first write will make it."""
        self._tables.pop(target.object, None)
        table = self._existing(target.object)
        if table is not None:
            return schema_of(target.object, table)
        return self._wished(target.object)

    def find(self, searches: Sequence[PersonSearch]) -> list[Person | Unlinked]:
        """A table takes the id as it is: the first clue is the person."""
        nobody = Unlinked("the call gives nothing to find a person by")
        return [Person(each.clues[0].value) if each.clues else nobody for each in searches]

    def look_up(self, lookups: Sequence[Lookup]) -> list[tuple[str, ...]]:
        """A table knows no records but its own: nothing is found. The mapping's check says so beforehand."""
        return [() for _ in lookups]

    def read(self, target: Target, keys: Sequence[str], fields: Sequence[str]) -> dict[str, Record]:
        """The rows that hold these keys."""
        table = self._existing(target.object)
        if table is None or not keys:
            return {}
        schema = schema_of(target.object, table)
        key = column_of(table, target.key_field)
        held = [as_held(column_of(table, name), self._line.dialect.name) for name in fields]
        query = sa.select(key, *held).where(key.in_(keys))
        rows = self._line.run(f"the look-up in {target.object}", lambda connection: connection.execute(query).all())
        found = {
            row[0]: Record(
                row[0],
                {name: from_column(schema.fields[name], value) for name, value in zip(fields, row[1:], strict=True)},
            )
            for row in rows
        }
        # Where the key column ignores case, the database also finds keys that are spelled otherwise.
        return {key: found[key] for key in keys if key in found}

    def scan(self, target: Target, token: str | None = None) -> Page[tuple[str, str]]:
        """One page of keys in the database's order. The token is the last key seen."""
        table = self._existing(target.object)
        if table is None:
            return Page((), None)
        key = column_of(table, target.key_field)
        query = sa.select(key).where(key.is_not(None)).order_by(key).limit(_PAGE)
        if token is not None:
            query = query.where(key > token)
        keys = self._line.run(f"the listing of {target.object}", lambda connection: connection.scalars(query).all())
        return Page(tuple((each, each) for each in keys), keys[-1] if len(keys) == _PAGE else None)

    def key_of(self, target: Target, record_id: str) -> str | None:
        """A row's id is its key."""
        return record_id if self.read(target, [record_id], ()) else None

    def link(self, _record_id: str) -> str | None:
        """A row has no page."""
        return None

    def write(self, target: Target, activities: Sequence[Activity]) -> list[Receipt]:
        """One transaction; if a row does not pass, the batch anew with a savepoint a row, so that it fails alone."""
        if not activities:
            return []
        table = self._existing(target.object)
        if table is None:
            table = self._create(target.object)
        if not schema_of(target.object, table).fields[column_of(table, target.key_field).name].key:
            raise CrmSetupError(
                f"The database does not keep {target.object}.{target.key_field} unique.",
                done="Nothing was written.",
                todo="Make it a text column with a unique constraint or the primary key, so that no call is doubled.",
            )
        batch = Batch(table, target.key_field)
        doing = f"the writing to {target.object}"
        try:
            return self._line.run(doing, lambda connection: batch.write(connection, activities))
        except RejectedError:
            return self._line.run(doing, lambda connection: batch.write_apart(connection, doing, activities))

    def prepare(self, uses: Sequence[Use], user: str | None, sleep: Callable[[float], None]) -> Preparation:
        """A table for each mapping. Rights are the database's own business: `user` must be None."""
        del sleep
        if user is not None:
            raise CrmSetupError("A database's users get their rights from its own GRANT.", todo="Leave --user out.")
        steps = [step for name, key in _tables(uses) for step in self._needs(name, key).steps()]
        return Preparation(of=f"the database {self.identity()}", steps=tuple(steps))

    def checks(self, uses: Sequence[Use]) -> Sequence[Check]:
        """The line, tables, keys, rights."""
        return [check for name, key in _tables(uses) for check in self._checks(name, key)]

    def metadata(self, uses: Sequence[Use], required: Mapping[str, Collection[str]]) -> Mapping[str, str]:
        """A database takes statements, which `prepare` tells."""
        del uses, required
        return {}

    def beyond(self, target: Target) -> str:
        """Triggers of a table are its owner's: nothing is said of them."""
        del target
        return ""

    def close(self) -> None:
        """Close all connections."""
        self._line.close()

    def _checks(self, name: str, key: str) -> tuple[Check, ...]:
        return (
            Check(f"database: table {name}", lambda: doctor.table(name, key, self._existing(name))),
            Check(f"database: rights on {name}", lambda: doctor.rights(self._line, name, key, self._existing(name))),
        )

    def _needs(self, name: str, key: str) -> TableNeeds:
        return TableNeeds(
            name,
            key,
            self._wished(name),
            self._existing(name),
            self._line.dialect,
            partial(self._create, name),
        )

    def _existing(self, name: str) -> sa.Table | None:
        """The table as the database has it, None if there is none."""
        if self._line.is_yet_to_be_made:
            return None
        if name not in self._tables:
            doing = f"the description of {name}"
            table = self._line.run(doing, lambda connection: reflect(connection, name))
            if table is None:
                return None
            self._tables[name] = table
        return self._tables[name]

    def _create(self, name: str) -> sa.Table:
        table = table_for(self._wished(name))
        self._line.run(
            f"the creation of the table {name}", lambda connection: table.create(connection, checkfirst=True)
        )
        self._tables[name] = table
        return table

    def _wished(self, name: str) -> ObjectSchema:
        wished = [schema for schema in self._wanted if schema.object == name]
        if not wished:
            raise CrmSetupError(f"The database has no table {name}.", todo="Name an existing table in the mapping.")
        return merged(wished)


def _tables(uses: Sequence[Use]) -> dict[tuple[str, str], None]:
    """The tables with their keys, each once: several mappings may share one, told apart by suffixes."""
    return dict.fromkeys((use.target.object, use.target.key_field) for use in uses)
