"""A connector's days, step by step: time, runs, what people do, and what happens to the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from connector.errors import ConnectorError
from connector.sandbox.dice import Dice
from connector.sandbox.world import World
from connector.sync.context import Rules
from connector.sync.plan import PlannedCrm, PlannedWrite
from connector.sync.run import House, Report, run
from connector.sync.select import EverythingNew, Selection
from tests.clock import NOON, SilentLog
from tests.reliability.simulation.crm import MemoryCrm
from tests.reliability.simulation.hands import Hands
from tests.reliability.simulation.life import Life
from tests.reliability.simulation.mappings import mapping_file
from tests.reliability.simulation.memory import LedgerFile, Mortal
from tests.reliability.simulation.records import Records, Written
from tests.reliability.simulation.source import WorldSource
from tests.reliability.simulation.time import OwnClock, VirtualTime
from tests.reliability.simulation.weather import Death, Weather
from tests.reliability.simulation.workers import SeededWorkers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.ports import Crm, Ledger
    from tests.reliability.simulation.conditions import Conditions

_ADDRESS = "simulated"


class Simulation:
    """One world, one CRM, one connector.

    Attributes:
        reports: of the runs that came to an end.
        ends: how the runs ended, counted.
        forgotten: whether the ledger was ever lost or put back from a backup.
        cut_short: whether the last run did not come to its end.
        came_through: when a run that looks for everything new last came to its end.
        resynced: whether calls were ever logged again on request.
    """

    def __init__(self, conditions: Conditions, seed: int | str) -> None:
        self.conditions = conditions
        self.dice = Dice(f"run {seed}")
        self.time = VirtualTime(NOON)
        self.clock = OwnClock(self.time, timedelta(seconds=conditions.ahead))
        self.world = World()
        self.life = Life(self.world, Dice(f"life {seed}"), conditions, NOON)
        self.weather = Weather(self.dice, self.time, conditions.weather)
        self.records = Records(unique=conditions.unique, create_only=self.dice.chance(50))
        self.hands = Hands(self.records, self.time, self.dice)
        self.log = SilentLog()
        self.ledger = LedgerFile()
        self.backups: list[bytes] = []
        self.version = 0
        self.remapped = False
        self.key_refused = False
        self.page_size = self.dice.choice((2, 3, 5, 1000))
        self.batch_size = self.dice.choice((2, 5, 200))
        self.concurrency = self.dice.choice((1, 3, 8))
        self.ends: Counter[str] = Counter()
        self.forgotten = False
        self.resynced = False
        self.cut_short = False
        self.came_through = self.time.now

    def run(self, selection: Selection | None = None, **rules: object) -> Report | None:
        """One process: a run. None, if it did not come to its end, which it must if nothing fails any more."""
        selection = selection or EverythingNew()
        self.weather.begin_run()
        self.cut_short = False
        try:
            with self.ledger.opened(self.clock.now()) as ledger:
                house = self._house(cast("Ledger", Mortal(ledger, self.weather)), self._crm())
                report = run(house, self._rules(selection, **rules), selection)
        except (Death, KeyboardInterrupt, ConnectorError) as end:
            if self.weather.still:
                raise  # nothing is wrong any more
            self.ends[type(end).__name__] += 1
            self.cut_short = True
            return None
        self.ends[f"exit {report.exit_code}"] += 1
        if selection.kind != "resync":
            self.came_through = self.time.now
        return report

    def resync(self, selection: Selection, *, overwrite: bool = False) -> Report | None:
        """Log calls again; where people's edits are overwritten, they need not be there in the end."""
        self.resynced = True
        before = len(self.records.history)
        report = self.run(selection, overwrite=overwrite)
        if overwrite:
            self.hands.overwritten(self.written(before))
        return report

    def plan(self, selection: Selection | None = None) -> list[PlannedWrite]:
        """What a run would write; nothing is changed by it."""
        selection = selection or EverythingNew()
        planned: list[PlannedWrite] = []
        self.weather.begin_run()
        before, held = self.ledger.content, len(self.records.history)
        with LedgerFile(before).opened(self.clock.now()) as ledger:
            house = self._house(ledger, PlannedCrm(self._crm(), planned.append))
            run(house, self._rules(selection), selection)
        assert len(self.records.history) == held
        return planned

    def written(self, since: int) -> Sequence[Written]:
        """What the connector wrote after so many changes."""
        return [each for each in self.records.history[since:] if not each.by_hand]

    def remap(self, version: int) -> None:
        """The admin changes the mapping, and has not yet asked for calls to be logged again."""
        self.version, self.remapped = version, True

    def back_up(self) -> None:
        """Somebody copies the ledger."""
        if self.ledger.content is not None:
            self.backups.append(self.ledger.content)

    def lose_ledger(self) -> None:
        """The ledger is gone; a creation under way, which nobody knows of then, comes to its end first."""
        self._let_writes_land()
        self.forgotten = True
        self.ledger = LedgerFile()

    def restore_ledger(self) -> None:
        """A backup takes the ledger's place."""
        if self.backups:
            self._let_writes_land()
            self.forgotten = True
            self.ledger = LedgerFile(self.dice.choice(self.backups))

    def clear_up(self) -> None:
        """From now on nothing fails any more, and no time passes but between runs."""
        self.weather.still = True
        self.key_refused = False
        self.records.refused.clear()

    def _let_writes_land(self) -> None:
        if not self.records.unique:
            self.time.pass_by(minutes=11)
            self.records.catch_up(self.time.now)

    def _crm(self) -> MemoryCrm:
        return MemoryCrm(self.records, self.time, self.weather, batch_size=self.batch_size)

    def _house(self, ledger: Ledger, crm: Crm) -> House:
        source = WorldSource(
            self.world, self.time, self.weather, page_size=self.page_size, refuses=lambda: self.key_refused
        )
        self.log.events.clear()
        return House(
            source,
            crm,
            _ADDRESS,
            ledger,
            [mapping_file(self.version)],
            self.clock,
            self.log,
            self.dice.random,
            workers=lambda _: SeededWorkers(self.dice),
        )

    def _rules(self, selection: Selection, **rules: object) -> Rules:
        start = NOON - timedelta(days=3)
        base = Rules(start, concurrency=self.concurrency, resync=selection.kind == "resync")
        return replace(base, **rules)  # type: ignore[arg-type]  # the rules' names come as text
