"""Whatever happened before, a plan is what the run then does: call by call, field by field, request by request."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.world import make_world
from connector.sync.edits import same
from connector.sync.run import run
from connector.sync.select import EverythingNew, Period, Remembered
from connector.wiring import make_rules, open_plan
from tests.clock import FakeClock
from tests.looking import BEGIN, END, delete, edit, files, lose_ledger, rows
from tests.sync.conftest import NOW, raise_town

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector.model import Value
    from connector.sync.plan import PlannedWrite
    from connector.sync.run import Report
    from connector.sync.select import Selection
    from tests.town import Town

TEXT = {"salesforce": "Description", "database": "summary"}
PERSON = {"salesforce": "WhoId", "database": "person_id"}
NEW = {"salesforce": "CallObject", "database": "another"}
SOMEBODY, SOMEBODY_ELSE = "003000000000007AAA", "003000000000008AAA"
SELECTIONS: dict[str, Selection] = {
    "sync": EverythingNew(),
    "all": Remembered(lambda ledger, _mappings: ledger.all_calls()),
    "period": Period(BEGIN, END),
}
CHANGES = {
    "new field": ("fields:\n", "fields:\n  {new}: {{from: id}}\n"),
    "left out": ("fields:\n", "log_when: {{durationSeconds: {{at_least: 100}}}}\nfields:\n"),
    "always": ("fields:\n", "write: always\nfields:\n"),
    "on create": ("fields:\n", "write: on_create\nfields:\n"),
    "hold": ("  by: [", "  if_none: hold\n  by: ["),
    "skip": ("  by: [", "  if_none: skip\n  by: ["),
    "no wait": ("wait_for: {{summary: 30m}}\n", ""),
}


@dataclass
class Happenings:
    """What goes on around the connector: in Apten, in the CRM, on this machine. `number` says to which call."""

    town: Town
    number: int

    @property
    def now(self) -> datetime:
        return self.town.clock.now()

    @property
    def call_id(self) -> str:
        calls = self.town.loggable()
        return calls[self.number % len(calls)]

    @property
    def lead_id(self) -> str:
        return str(self.town.world.call(self.call_id)["leadId"])

    def late(self) -> None:
        self.town.world.late_summaries(1 + self.number % 3, self.now)

    def ended(self) -> None:
        for call in self.town.world.calls_in_progress()[:1]:
            self.town.world.finish_call(call["id"], self.now, durationSeconds=30)

    def longer(self) -> None:
        self.town.world.change_call(self.call_id, self.now, durationSeconds=1_000 + self.number)

    def known(self) -> None:
        self.town.world.change_lead(self.lead_id, self.now, externalLeadId=SOMEBODY)

    def lead_deleted(self) -> None:
        self.town.world.delete_lead(self.lead_id, self.now)

    def forgotten(self) -> None:
        self.town.world.forget_call(self.call_id)

    def edited(self) -> None:
        edit(self.town, self.call_id, TEXT[self.town.kind], f"notes {self.number}")

    def emptied(self) -> None:
        edit(self.town, self.call_id, TEXT[self.town.kind], None)

    def moved(self) -> None:
        edit(self.town, self.call_id, PERSON[self.town.kind], SOMEBODY_ELSE)

    def unlinked(self) -> None:
        edit(self.town, self.call_id, PERSON[self.town.kind], None)

    def deleted(self) -> None:
        delete(self.town, self.call_id)

    def doubled(self) -> None:
        if self.town.kind == "salesforce":
            self.not_unique()
            first = self.town.activity(self.call_id)
            again = {name: first[name] for name in (self.town.key_field, "Subject", "Description")}
            self.town.org.add("Task", **again)

    def not_unique(self) -> None:
        if self.town.kind == "salesforce":
            key = self.town.org.tables["Task"].object.fields[self.town.key_field]
            self.town.org.add_field(replace(key, unique=False))

    def ledger_lost(self) -> None:
        lose_ledger(self.town)

    def ledger_restored(self) -> None:
        shutil.copy(self.town.folder / "ledger.before", self.town.folder / "ledger.db")

    def second_mapping(self) -> None:
        second, first = self.town.folder / "second.yaml", self.town.mapping_path
        if not second.exists():
            key = (f"key: {self.town.key_field}", f"key: {{field: {self.town.key_field}, suffix: second}}")
            second.write_text(first.read_text().replace(*key))
            both = (f"mapping: {first.name}", f"mappings: [{first.name}, second.yaml]")
            self.town.config_path.write_text(self.town.config_path.read_text().replace(*both))

    def mapping_changed(self, what: str) -> None:
        before, after = (text.format(new=NEW[self.town.kind]) for text in CHANGES[what])
        text = self.town.mapping_path.read_text()
        for key in ("  if_none: ", "write: "):
            if after.partition(key)[1]:
                text = re.sub(rf"^{key}\w+\n", "", text, flags=re.MULTILINE)
        if what == "new field" and after not in text and self.town.kind == "database" and self.town.activities():
            self.town.sql("ALTER TABLE calls ADD COLUMN another TEXT")
        if after not in text or not after:
            self.town.mapping_path.write_text(text.replace(before, after, 1))


OF_LOGGED = {"edited", "emptied", "moved", "unlinked", "deleted", "doubled"}
"""What can only happen to a call whose activity is there, and is the only one."""
HAPPENINGS = sorted(
    {name for name in vars(Happenings) if not name.startswith("_")}
    - {"town", "number", "now", "call_id", "lead_id", "mapping_changed"}
) + sorted(CHANGES)


def happen(town: Town, what: str, number: int) -> None:
    """One thing that goes on; nothing, where there is nothing that it could happen to."""
    happening = Happenings(town, number)
    if what in CHANGES:
        happening.mapping_changed(what)
    elif what not in OF_LOGGED or town.logged().count(happening.call_id) == 1:
        getattr(happening, what)()


def outcomes(events: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, str]]:
    """What is said of each call, in no order: its outcomes, edits kept, doubles, links."""
    told = ("call.", "edit.", "activity.")
    return sorted(
        (event, str({name: value for name, value in fields.items() if name != "record_id"}))
        for event, fields in events
        if event.startswith(told)
    )


def heard(town: Town) -> list[tuple[str, str]]:
    """What was logged since the last time."""
    said = outcomes(town.log.events)
    town.log.events.clear()
    return said


def held(town: Town, writes: list[PlannedWrite]) -> dict[str, Mapping[str, Value]]:
    """What the fields of these writes hold, by key, as the CRM's adapter reads them."""
    found: dict[str, Mapping[str, Value]] = {}
    with open_plan(town.config(), clock=town.clock, log=town.log) as (house, _):
        for write in writes:
            house.crm.describe(write.target)
            key, names = write.target.key(write.call_id), [change.name for change in write.changes]
            record = house.crm.read(write.target, [key], names).get(key)
            found[key] = {**found.get(key, {}), **(record.fields if record else {})}
    return found


def planned(town: Town, selection: Selection, **rules: Any) -> tuple[Report, list[PlannedWrite]]:
    """What a plan tells; it changes nothing."""
    before, lying_about = rows(town), files(town)
    writes: list[PlannedWrite] = []
    config = town.config()
    with open_plan(config, clock=town.clock, log=town.log, tell=writes.append) as (house, _):
        ruled = replace(make_rules(config, town.clock), resync=selection.kind == "resync", stop_above=None, **rules)
        report = run(house, ruled, selection)
    assert rows(town) == before
    assert files(town) == lying_about
    return report, writes


def check_the_run_does_what_the_plan_said(town: Town, selection: Selection, **rules: Any) -> None:
    rules["concurrency"] = 1  # with more, chance would decide which calls a limited run takes
    town.log.events.clear()
    report, writes = planned(town, selection, **rules)
    foretold = heard(town)
    old, before = held(town, writes), rows(town)
    done = town.run(selection, **rules)
    assert heard(town) == foretold
    assert report.counts == done.counts
    if town.kind == "salesforce":
        assert report.cost["crm requests"] == done.cost["crm requests"]
    new, after = held(town, writes), rows(town)
    told: dict[str, set[str]] = {}
    for write in writes:
        key = write.target.key(write.call_id)
        assert (write.record_id is None) == (key not in before), key
        for change in write.changes:
            told.setdefault(key, set()).add(change.name)
            assert same(change.old, old[key].get(change.name)), (key, change)
            assert same(change.new, new[key].get(change.name)), (key, change)
    assert before.keys() | {write.target.key(write.call_id) for write in writes} == after.keys()
    for key, row in after.items():
        differ = {name for name in row if name in mapped(town) and row[name] != before.get(key, {}).get(name)}
        assert differ <= told.get(key, set()), key
        assert key not in before or differ == told.get(key, set()), key


def mapped(town: Town) -> set[str]:
    return {line.strip().split(":")[0] for line in town.mapping_path.read_text().split("fields:\n")[1].splitlines()}


class Case(NamedTuple):
    """What happens before a first sync (`first`), then before a plan of a `selection`, which is made in `minutes`."""

    happenings: tuple[tuple[str, int], ...]
    first: tuple[str, ...] = ()
    minutes: int = 5
    selection: str = "sync"
    overwrite: bool = False
    limit: int | None = None


def case(*what: str, **rest: Any) -> Case:
    return Case(tuple((each, number) for number, each in enumerate(what)), **rest)


CASES = st.builds(
    Case,
    happenings=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 30)), min_size=1, max_size=6).map(tuple),
    first=st.lists(st.sampled_from(sorted(CHANGES)), max_size=1).map(tuple),
    minutes=st.sampled_from([1, 5, 90, 1_500]),
    selection=st.sampled_from(sorted(SELECTIONS)),
    overwrite=st.booleans(),
    limit=st.sampled_from([None, None, 10]),
)


@pytest.mark.parametrize("kind", ["salesforce", "database"])
@settings(max_examples=2)
@given(CASES)
@example(case("late", "ended", "edited", "longer", "moved", "deleted", minutes=90))
@example(case("edited", "emptied", "moved", "unlinked", selection="all", overwrite=True))
@example(case("known", "lead_deleted", "forgotten", "new field", "second_mapping", minutes=1_500))
@example(case("not_unique", "ledger_lost", "edited", "longer"))
@example(case("longer", "edited", "doubled", "ledger_restored", "always", first=("hold",)))
@example(Case((("longer", 3), ("deleted", 3)), first=("always",)))
def test_a_plan_is_what_the_run_does(kind: str, case: Case) -> None:
    clock = FakeClock(NOW)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        world = make_world(seed=1, calls=30, leads=10, now=clock.now())
        town = raise_town(stack, kind, folder, clock, world=world, org=SalesforceOrg())
        for person in (SOMEBODY, SOMEBODY_ELSE):
            town.org.add("Contact", record_id=person, LastName="Somebody")
        town.let_people_in()
        for what in case.first:
            happen(town, what, 0)
        check_the_run_does_what_the_plan_said(town, EverythingNew(), limit=20)
        shutil.copy(folder / "ledger.db", folder / "ledger.before")
        clock.advance(minutes=5)
        town.run()
        for what, number in case.happenings:
            happen(town, what, number)
        clock.advance(minutes=case.minutes)
        selection = SELECTIONS[case.selection]
        overwrite = case.overwrite and selection.kind == "resync"
        check_the_run_does_what_the_plan_said(town, selection, overwrite=overwrite, limit=case.limit)


def test_a_plan_on_a_machine_without_a_ledger_makes_none(town: Town) -> None:
    planned(town, EverythingNew())
    assert not list(town.folder.glob("ledger.db*"))
