"""Targets by number: their names are long, and every activity has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from connector.ledger.statements import insert_unknown
from connector.ledger.tables import target

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection


def number(connection: Connection, names: AbstractSet[str]) -> dict[str, int]:
    """The targets' numbers by name; unknown ones are remembered."""
    insert_unknown(connection, target, [{"name": name} for name in sorted(names)])
    rows = connection.execute(select(target.c.name, target.c.id).where(target.c.name.in_(names)))
    return {row.name: row.id for row in rows}


def known_names(connection: Connection) -> frozenset[str]:
    """Every target remembered."""
    return frozenset(connection.scalars(select(target.c.name)))
