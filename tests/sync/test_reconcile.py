"""A look tells what Apten and the CRM disagree in, and changes nothing: neither the CRM nor the ledger."""

from __future__ import annotations

import gc
import sqlite3
from typing import TYPE_CHECKING

import pytest

from connector.errors import LedgerError, OutOfAttemptsError
from connector.model import CallState, State
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.source_model import Call
from connector.sync.findings import Kind
from connector.sync.reconcile import reconcile
from connector.sync.select import Named, Remembered
from connector.wiring import make_rules, open_plan
from tests.ledger.openings import opened
from tests.looking import BEGIN, END, delete, edit, look, lose_ledger
from tests.sync.conftest import another_org
from tests.town import at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

FOUNDING_ID = FOUNDING_CALL["id"]


def test_after_a_sync_everything_is_in_order(town: Town) -> None:
    town.run()
    seen = look(town)
    assert seen.kinds == set()
    assert seen.counts["in order"] >= len(town.loggable())
    assert len(seen.of(Kind.WAITING)) == len(town.world.calls_in_progress())
    assert seen.counts["compared"] == seen.counts["in order"] + len(seen.of(Kind.WAITING))


def test_on_a_machine_without_a_ledger_every_call_is_missing_and_none_is_made(town: Town) -> None:
    seen = look(town)
    assert seen.of(Kind.MISSING) == town.loggable()
    assert not list(town.folder.glob("ledger.db*"))


def test_with_a_lost_ledger_all_that_is_logged_is_in_order(town: Town) -> None:
    town.run()
    lose_ledger(town)
    assert look(town).kinds == set()


def test_a_call_that_lost_its_activity_is_missing_to_who_knows_no_better_and_deleted_to_the_ledger(town: Town) -> None:
    town.run()
    in_order = look(town).counts["in order"]
    delete(town, FOUNDING_ID)
    assert look(town).counts["in order"] == in_order - 1
    assert (look(town).of(Kind.DELETED), look(town).of(Kind.MISSING)) == ([FOUNDING_ID], [])
    lose_ledger(town)
    assert (look(town).of(Kind.DELETED), look(town).of(Kind.MISSING)) == ([], [FOUNDING_ID])


def test_an_activity_whose_call_is_gone_is_orphaned_known_to_the_ledger_or_not(town: Town) -> None:
    town.run()
    town.world.forget_call(FOUNDING_ID)
    for _ in ("with the ledger", "without it"):
        found = look(town).the(Kind.ORPHANED)
        assert found.call_id == FOUNDING_ID
        assert len(found.record_ids) == 1
        lose_ledger(town)


def test_an_activity_that_no_lead_of_apten_leads_to_is_found_by_its_key(town: Town) -> None:
    town.run()
    lead_id = next(lead["id"] for lead in town.world.leads() if town.world.calls_of(lead["id"]))
    calls = {call["id"] for call in town.world.calls_of(lead_id)} & set(town.logged())
    town.world.forget_lead(lead_id)
    lose_ledger(town)
    assert look(town).of(Kind.ORPHANED) == sorted(calls)


def test_a_logged_webchat_call_is_no_orphan_and_is_compared(town: Town, clock: FakeClock) -> None:
    webchat = town.world.webchat_calls()[0]["id"]
    town.run()
    town.run(Named([webchat]))
    lose_ledger(town)
    assert look(town).kinds == set()
    town.world.change_call(webchat, clock.now(), durationSeconds=1234)
    assert look(town).of(Kind.DIFFERS) == [webchat]


def test_the_key_of_another_mapping_is_nobodys_orphan(town: Town) -> None:
    town.run()
    edit(town, FOUNDING_ID, town.key_field, f"{FOUNDING_ID}:follow-up")
    seen = look(town)
    assert seen.of(Kind.ORPHANED) == []
    assert seen.of(Kind.DELETED) == [FOUNDING_ID], "under its own key there is none"


def test_calls_of_another_period_cost_no_request_where_the_ledger_knows_them(town: Town) -> None:
    town.run()
    town.apten.requests.clear()
    seen = look(town, since="2026-06-15T00:00:00+00:00", until="2026-06-16T00:00:00+00:00")
    asked = {request.split("/calls/")[1] for request in town.apten.requests if "/calls/" in request}
    within = {call["id"] for call in town.world.calls() if call["createdAt"].startswith("2026-06-15")}
    assert FOUNDING_ID in asked <= within
    assert seen.kinds == set()


def test_every_page_of_the_crms_keys_is_looked_at(build: Build) -> None:
    town = build("database", calls=10, leads=3)
    town.run()
    others = [f"call-{number:05}" for number in range(4_100)]
    with sqlite3.connect(town.folder / "activities.db") as database:
        database.executemany("INSERT INTO calls (call_id) VALUES (?)", [(key,) for key in (*others, "zzz")])
    database.close()
    with opened(town.folder / "ledger.db") as ledger:
        ledger.save_calls(CallState(call_id, created_at=at("2020-01-01T00:00:00+00:00")) for call_id in others)
    assert look(town).of(Kind.ORPHANED) == ["zzz"]


def test_many_targets_that_fill_no_batch_by_themselves_are_looked_at(build: Build) -> None:
    town = build("database", calls=170, leads=30)
    names = []
    for suffix in "abc":
        names.append(f"{suffix}.yaml")
        text = town.mapping_path.read_text().replace("key: call_id", f"key: {{field: call_id, suffix: {suffix}}}")
        (town.folder / names[-1]).write_text(text)
    config = town.config_path.read_text()
    town.config_path.write_text(config.replace("mapping: database.yaml", f"mappings: [{', '.join(names)}]"))
    assert len(look(town).of(Kind.MISSING)) == 3 * len(town.loggable())


def test_only_calls_of_the_period_are_told(town: Town) -> None:
    seen = look(town, since="2026-06-15T00:00:00+00:00", until="2026-06-16T00:00:00+00:00")
    days = {town.world.call(call_id)["createdAt"][:10] for call_id in seen.of(Kind.MISSING)}
    assert days == {"2026-06-15"}


def test_two_targets_are_looked_at_one_by_one(build: Build) -> None:
    town = build("salesforce")
    follow_up = town.mapping_path.read_text().replace(
        "key: Apten_Call_Id__c", "key: {field: Apten_Call_Id__c, suffix: b}"
    )
    (town.folder / "b.yaml").write_text(follow_up)
    town.config_path.write_text(
        town.config_path.read_text().replace("mapping: salesforce.yaml", "mappings: [salesforce.yaml, b.yaml]")
    )
    town.run()
    assert len(town.logged()) == 2 * len(town.loggable())
    assert look(town).kinds == set()
    town.org.delete(town.activity(f"{FOUNDING_ID}:b")["Id"])
    town.world.forget_call(town.loggable()[0])
    lose_ledger(town)
    seen = look(town)
    assert seen.the(Kind.MISSING).target == "Task.Apten_Call_Id__c:b"
    assert len(seen.of(Kind.ORPHANED)) == 2


def test_what_the_look_finds_to_repair_is_what_a_resync_then_puts_right(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.run()
    late = set(town.world.late_summaries(2, clock.now()))
    delete(town, FOUNDING_ID)
    lose_ledger(town)
    config = town.config()
    with open_plan(config, clock=town.clock, log=town.log) as (house, _):
        looked = reconcile(house, make_rules(config, town.clock), BEGIN, END, lambda _: None)
        wanted = {state.call_id for state in looked.repair.pick(house.ledger, [])}
        report = town.run(looked.repair)
    assert wanted == {FOUNDING_ID}, "without a ledger nobody knows who wrote the texts"
    assert report.counts["created"] == 1
    assert look(town).of(Kind.DIFFERS) == sorted(late)


def test_calls_that_cannot_be_asked_for_are_counted(build: Build) -> None:
    town = build("database", calls=12, leads=4)
    town.run()
    town.apten.faults.add(Fault(f"/calls/{FOUNDING_ID}", status=500), times=9)
    assert look(town).counts[State.LEFT_OVER] == 1


def test_apten_down_stops_the_look(town: Town) -> None:
    town.apten.faults.add(Fault("GET /v1/leads", status=503), times=9)
    with pytest.raises(OutOfAttemptsError):
        look(town)


def test_the_ledger_of_another_org_is_refused_and_the_way_out_is_named(build: Build) -> None:
    town = build("salesforce")
    town.run()
    other = another_org(build, town)
    with pytest.raises(LedgerError, match="ledger adopt"):
        look(other)


def test_however_long_the_period_few_calls_are_held_at_a_time(build: Build) -> None:
    town = build("database", calls=1500, leads=300)
    most = 0
    ticks = 0

    def count(_: Mapping[str, int]) -> None:
        nonlocal most, ticks
        ticks += 1
        if ticks % 100 == 0:
            most = max(most, sum(isinstance(each, Call) for each in gc.get_objects()))

    config = town.config()
    with open_plan(config, clock=town.clock, log=town.log, progress=count) as (house, _):
        looked = reconcile(house, make_rules(config, town.clock), BEGIN, END, lambda _: None)
    assert looked.counts["compared"] > 1300
    assert 0 < most < 500
    assert isinstance(looked.repair, Remembered)
