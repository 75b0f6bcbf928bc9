"""A plan tells what the run then does, call by call and field by field, and leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.sync.run import run
from connector.sync.select import EverythingNew, Remembered
from connector.wiring import make_rules, open_plan
from tests.looking import edit, files, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.sync.plan import PlannedWrite
    from connector.sync.run import Report
    from connector.sync.select import Selection
    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

TEXT = {"salesforce": "Description", "database": "summary"}


def planned(town: Town, selection: Selection | None = None, **rules: Any) -> tuple[Report, dict[str, PlannedWrite]]:
    selection = selection or EverythingNew()
    config = town.config()
    writes: list[PlannedWrite] = []
    with open_plan(config, clock=town.clock, log=town.log, tell=writes.append) as (house, _crm):
        ruled = replace(make_rules(config, town.clock), resync=selection.kind == "resync", stop_above=None, **rules)
        report = run(house, ruled, selection)
    assert len({write.call_id for write in writes}) == len(writes)
    return report, {write.call_id: write for write in writes}


def check_the_run_does_what_the_plan_said(town: Town, selection: Selection | None = None, **rules: Any) -> None:
    before, lying_about = rows(town), files(town)
    report, writes = planned(town, selection, **rules)
    assert rows(town) == before, "a plan writes nothing"
    assert files(town) == lying_about, "and leaves the ledger as it was"
    done = town.run(selection, **rules)
    assert {name: done.counts[name] for name in ("created", "updated", "unchanged", "skipped", "waiting")} == {
        name: report.counts[name] for name in ("created", "updated", "unchanged", "skipped", "waiting")
    }
    after = rows(town)
    assert {key for key in after if key not in before} == {key for key, one in writes.items() if one.record_id is None}
    for key, row in after.items():
        told = {change.name for change in writes[key].changes} if key in writes else set()
        differ = {name for name in row if row[name] != before.get(key, {}).get(name) and name in mapped(town)}
        assert differ == told if key in before else differ <= told | {town.key_field}, key


def mapped(town: Town) -> set[str]:
    return {line.strip().split(":")[0] for line in town.mapping_path.read_text().split("fields:\n")[1].splitlines()}


def test_a_plan_of_the_first_sync_tells_every_create(town: Town) -> None:
    check_the_run_does_what_the_plan_said(town)


def test_a_plan_on_a_machine_without_a_ledger_makes_none(town: Town) -> None:
    planned(town)
    assert not list(town.folder.glob("ledger.db*"))


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_plan_of_a_resync_knows_edits_and_overwrite(town: Town, clock: FakeClock, overwrite: bool) -> None:
    town.run()
    edit(town, town.logged()[0], TEXT[town.kind], "My own notes")
    clock.advance(minutes=5)
    everything = Remembered(lambda ledger, _mappings: ledger.all_calls())
    check_the_run_does_what_the_plan_said(town, everything, overwrite=overwrite)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    late=st.integers(0, 5),
    ended=st.integers(0, 2),
    edits=st.lists(st.integers(0, 40), max_size=4),
    new_field=st.booleans(),
    minutes=st.sampled_from([5, 90, 1_500]),
)
def test_whatever_happens_in_between_the_plan_is_what_the_run_does(
    town: Town, *, late: int, ended: int, edits: list[int], new_field: bool, minutes: int
) -> None:
    town.run()
    logged = town.logged()
    for at in edits:
        edit(town, logged[at % len(logged)], TEXT[town.kind], f"notes {at}")
    town.clock.advance(minutes=5)
    town.world.late_summaries(late, town.clock.now())
    for call in town.world.calls_in_progress()[:ended]:
        town.world.finish_call(call["id"], town.clock.now(), durationSeconds=30)
    if new_field and town.kind == "salesforce" and "CallObject" not in town.mapping_path.read_text():
        text = town.mapping_path.read_text()
        town.mapping_path.write_text(text.replace("fields:\n", "fields:\n  CallObject: {from: id}\n"))
    town.clock.advance(minutes=minutes)
    check_the_run_does_what_the_plan_said(town)
