"""What people do in the CRM, and what of it must still be there in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from connector.model import Value
    from connector.sandbox.dice import Dice
    from tests.reliability.simulation.records import Records, Written
    from tests.reliability.simulation.time import VirtualTime

_EDITED = ("notes", "subject", "person_id")


@dataclass
class Hands:
    """People at work on records.

    Attributes:
        kept: the values they put into fields, by record and field.
        deleted: the keys of records they deleted.
        met: when people whom they made known became so.
    """

    records: Records
    time: VirtualTime
    dice: Dice
    kept: dict[tuple[str, str], Value] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    met: dict[str, datetime] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)

    def do_something(self) -> None:
        """Edit or delete a record, or make a person known."""
        choice = self.dice.random()
        if choice < 0.25:
            self.meet_somebody()
        elif choice < 0.35:
            self.delete()
        else:
            self.edit()

    def edit(self) -> None:
        """Somebody writes into a field, or empties it."""
        if not self.records.rows:
            return
        record_id, name = self.dice.choice(sorted(self.records.rows)), self.dice.choice(_EDITED)
        empties = name == "notes" and self.dice.chance(15)
        value = None if empties else f"{name} by hand {next(self._numbers)}"
        self.records.update(self.time.now, record_id, {name: value}, by_hand=True)
        self.kept[record_id, name] = value

    def delete(self) -> None:
        """Somebody deletes a record."""
        if self.records.rows:
            record_id = self.dice.choice(sorted(self.records.rows))
            self.deleted.add(str(self.records.rows[record_id]["call_id"]))
            self.records.delete(self.time.now, record_id)

    def overwritten(self, written: Iterable[Written]) -> None:
        """The connector was told to write over what people had done."""
        for each in written:
            for name in each.fields:
                self.kept.pop((each.record_id, name), None)

    def meet_somebody(self) -> None:
        """Somebody whom Apten knows already becomes known to the CRM."""
        person = f"person-{self.dice.randint(0, 9)}"
        if person not in self.records.people:
            self.records.people.add(person)
            self.met[person] = self.time.now
