"""What `status` states of waiting, incomplete and parked calls is what the world says, in whatever order things happen.

The judge knows nothing of the ledger: rows of the database, what Apten was asked for, and what it showed then.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from connector.ledger.opening import read_summary
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.shelf import read_stamp, stamp_text
from connector.sandbox.world import World
from tests.clock import FakeClock
from tests.sync.conftest import NOW, raise_town

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from connector.standing import Summary
    from connector.sync.run import Report
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town

WAIT = timedelta(minutes=30)
UNFINISHED = timedelta(hours=4)
REFUSING = "CREATE TRIGGER refusing BEFORE INSERT ON calls WHEN NEW.call_id IN (SELECT call_id FROM refused) "
REDACTED = ("redact: [card_numbers]", "redact: [card_numbers, emails]")


@dataclass
class Shown:
    """A call as Apten showed it last, and when."""

    call: Mapping[str, Any]
    at: datetime

    @property
    def waits(self) -> bool:
        """Whether it was too early to log it."""
        if self.call["callStatus"] == "IN_PROGRESS":
            return self.at - read_stamp(self.call["createdAt"]) < UNFINISHED
        ended = read_stamp(self.call["createdAt"]) + timedelta(seconds=self.call["durationSeconds"])
        return "summary" not in self.call and ended > read_stamp(self.call["createdAt"]) and self.at < ended + WAIT

    @property
    def says(self) -> dict[str, Any]:
        """All of it but its stamp."""
        return {name: value for name, value in self.call.items() if name != "updatedAt"}

    @property
    def lacks(self) -> str:
        """What may still come, as `status` words it."""
        parts = []
        if self.call["callStatus"] == "IN_PROGRESS":
            parts.append("without its end")
        elif self.call["durationSeconds"]:
            parts += [f"without {name}" for name in ("summary", "transcript") if not self.call.get(name)]
        return ", ".join(parts)


@dataclass
class History:
    """A town in which things happen at random, and what must be true of it after each run."""

    town: Town
    dice: Random
    calls: int = 0
    shown: dict[str, Shown] = field(default_factory=dict)
    attempts: dict[str, list[datetime]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    changed: bool = False

    def step(self) -> None:
        """Something happens."""
        happenings: list[Callable[[], None]] = [
            *(self.call_comes, self.call_comes, self.call_ends, self.part_comes, self.part_comes),
            *(self.refuse, self.relent, self.change_mapping, self.time_passes, self.time_passes),
        ]
        self.dice.choice(happenings)()

    def call_comes(self) -> None:
        self.calls += 1
        call_id, now = f"call-{self.calls}", self.town.clock.now() - timedelta(seconds=60)
        stamps = {"createdAt": stamp_text(now), "updatedAt": stamp_text(now)}
        call = {"id": call_id, "leadId": f"lead-{self.calls % 3}", "direction": "OUTBOUND", "durationSeconds": 0}
        self.town.world.add_call({**call, **stamps, "callStatus": "IN_PROGRESS", "transcript": []})
        if self.dice.random() < 0.8:
            self._end(call_id)

    def call_ends(self) -> None:
        if running := self.town.world.calls_in_progress():
            self._end(self.dice.choice(running)["id"])

    def _end(self, call_id: str) -> None:
        said = {"transcript": [{"role": "user", "content": "Monday is fine."}]} if self.dice.random() < 0.8 else {}
        summed_up = {"summary": "They agreed on Monday."} if self.dice.random() < 0.4 else {}
        now = self.town.clock.now()
        ended = read_stamp(self.town.world.call(call_id)["createdAt"]) + timedelta(seconds=60)
        lengths: list[dict[str, Any]] = [{"durationSeconds": 60, **said}] * 3 + [{"durationSeconds": 0}]
        spoken = self.dice.choice(lengths)
        self.town.world.finish_call(call_id, max(now, ended), endedAt=stamp_text(ended), **spoken, **summed_up)

    def part_comes(self) -> None:
        """A summary or transcript comes late; within a day not always with a new stamp."""
        late_parts: list[dict[str, Any]] = [
            {"summary": "Late words."},
            {"transcript": [{"role": "agent", "content": "Late words."}]},
        ]
        part = self.dice.choice(late_parts)
        name, now = next(iter(part)), self.town.clock.now()
        spoken = [call for call in self.town.world.finished_calls() if call["durationSeconds"] and not call.get(name)]
        if spoken:
            call = self.dice.choice(spoken)
            late = now - read_stamp(call["endedAt"]) > timedelta(hours=20)
            self.town.world.change_call(call["id"], now, touch=late or self.dice.random() < 0.5, **part)

    def refuse(self) -> None:
        """The database begins to refuse a call."""
        call_id = f"call-{self.calls + self.dice.choice([0, 1])}"
        self.refused.add(call_id)
        self.town.sql(f"INSERT OR IGNORE INTO refused VALUES ('{call_id}')")  # a test's own words

    def relent(self) -> None:
        """The database refuses nothing any more: a cure that nobody is told of."""
        self.refused.clear()
        self.town.sql("DELETE FROM refused")

    def change_mapping(self) -> None:
        text = self.town.mapping_path.read_text()
        old, new = REDACTED if f"{REDACTED[0]}\n" in text else REDACTED[::-1]
        self.town.mapping_path.write_text(text.replace(f"{old}\n", f"{new}\n"))
        self.changed = not self.changed

    def time_passes(self) -> None:
        self.town.clock.advance(minutes=self.dice.choice([1, 3, 10, 25, 90, 400, 1600]))

    def run(self) -> Summary:
        """A sync; afterwards what is stated is what is true."""
        asked, now = len(self.town.apten.requests), self.town.clock.now()
        fresh: set[str] = set()
        report = self.town.run()
        for request in self.town.apten.requests[asked:]:
            _, _, call_id = request.partition("/calls/")
            if call_id:
                before, after = self.shown.get(call_id), Shown(self.town.world.call(call_id), now)
                self.shown[call_id] = after
                if self.changed or before is None or before.says != after.says or before.waits:
                    fresh.add(call_id)
        stated = read_summary(self.town.config().ledger, now=self.town.clock.now())
        assert stated is not None
        self._holds(report, stated, fresh, now)
        return stated

    def _holds(self, report: Report, stated: Summary, fresh: set[str], now: datetime) -> None:
        rows = self.town.logged()
        assert len(rows) == len(set(rows))
        waiting = {call_id for call_id, shown in self.shown.items() if call_id not in rows and shown.waits}
        parked = set(self.shown) - set(rows) - waiting
        for call_id in self.shown:
            if call_id not in parked:
                self.attempts.pop(call_id, None)
            elif call_id in fresh:
                self.attempts.setdefault(call_id, []).append(now)
        if self.changed:
            assert parked <= self.refused, "a change has all of them tried again"
            assert report.counts["fetched"] or not parked
        self.changed = False
        assert sum(group.count for group in stated.waiting) == len(waiting)
        assert {(group.reason, group.count, group.first, group.last) for group in stated.parked} == self._parked(parked)
        assert {group.reason: group.count for group in stated.incomplete} == Counter(
            lacks for call_id in rows if (lacks := self.shown[call_id].lacks)
        )
        assert stated.awaited <= sum(group.count for group in stated.incomplete)
        assert report.exit_code == (1 if parked else 0)

    def _parked(self, parked: set[str]) -> set[tuple[str, int, datetime, datetime]]:
        if not parked:
            return set()
        first = min(self.attempts[call_id][0] for call_id in parked)
        return {("CONSTRAINT", len(parked), first, max(self.attempts[call_id][-1] for call_id in parked))}

    def come_to_rest(self) -> None:
        """All calls end, all causes are mended, and days pass: everything is logged as Apten has it."""
        for call in self.town.world.calls_in_progress():
            self._end(call["id"])
        self.relent()
        self.change_mapping()
        for _ in range(4):
            self.town.clock.advance(minutes=5)
            stated = self.run()
            self.town.clock.advance(hours=27)
        assert stated.parked == stated.waiting == ()
        assert stated.awaited == 0
        assert self.town.logged() == self.town.loggable()
        for call in self.town.world.loggable_calls():
            assert self.town.activity(call["id"])["summary"] == call.get("summary")


@pytest.mark.survives("H call life", "any order of late parts, refusals and changed mappings")
def test_what_is_stated_is_what_the_world_says(
    tmp_path: Path, number: HowMany, record_property: Callable[[str, object], None]
) -> None:
    seeds = number(check=6, soak=100)
    record_property("cases", seeds)
    for seed in range(seeds):
        live(tmp_path / str(seed), seed)


def live(folder: Path, seed: int) -> None:
    folder.mkdir()
    world, stamp = World(), stamp_text(NOW)
    for number in range(3):
        stamps = {"createdAt": stamp, "updatedAt": stamp, "lastActivityAt": stamp}
        world.add_lead({"id": f"lead-{number}", "externalLeadId": f"ext-{number}", "deleted": False, **stamps})
    with ExitStack() as stack:
        org = SalesforceOrg(people_must_exist=False)
        town = raise_town(stack, "database", folder, FakeClock(NOW), world=world, org=org)
        history = History(town, Random(seed))
        town.sql("CREATE TABLE refused (call_id TEXT PRIMARY KEY)")
        history.call_comes()
        town.clock.advance(hours=5)
        history.run()
        town.sql(f"{REFUSING} BEGIN SELECT RAISE(ABORT, 'no'); END")
        for _ in range(12):
            for _ in range(history.dice.randint(1, 4)):
                history.step()
            town.clock.advance(minutes=5)
            history.run()
        history.come_to_rest()
