"""The simulated Apten and CRM sit the exams that the real ones sit: what they teach can be trusted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector.sandbox.dice import Dice
from tests.clock import NOON
from tests.contracts.crm import CrmContract, Names, Refusal
from tests.contracts.source import SourceContract
from tests.reliability.simulation.crm import MemoryCrm
from tests.reliability.simulation.records import KEY, TARGET, Records
from tests.reliability.simulation.source import WorldSource
from tests.reliability.simulation.time import VirtualTime
from tests.reliability.simulation.weather import Rates, Weather

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from connector.ports import Crm, Source
    from connector.sandbox.world import World


class TestWorldSource(SourceContract):
    @contextmanager
    def serving(self, world: World, now: datetime) -> Iterator[Source]:
        yield WorldSource(world, VirtualTime(now), _fair(VirtualTime(now)))

    @contextmanager
    def refused(self, world: World, now: datetime) -> Iterator[Source]:
        yield WorldSource(world, VirtualTime(now), _fair(VirtualTime(now)), refuses=lambda: True)


class TestMemoryCrm(CrmContract):
    target = TARGET
    names = Names(text="subject", long_text="notes", integer="seconds", day="day")
    secrets = ()
    person_id = "person-1"

    @contextmanager
    def running(self, tmp_path: Path) -> Iterator[None]:
        del tmp_path
        self.time = VirtualTime(NOON)
        self.records = Records(people={self.person_id})
        self.weather = _fair(self.time)
        yield

    def connect(self) -> Crm:
        return MemoryCrm(self.records, self.time, self.weather)

    def stored(self) -> Mapping[str, Mapping[str, Any]]:
        held = {str(row[KEY]): row for row in self.records.rows.values()}
        assert len(held) == len(self.records.rows)
        return held

    def lose_next_answer(self) -> None:
        self.weather.loses_next = True

    def refusal(self) -> Refusal:
        return Refusal({"subject": "x" * 256}, "STRING_TOO_LONG", "subject")


def _fair(time: VirtualTime) -> Weather:
    return Weather(Dice(1), time, Rates(), still=True)
