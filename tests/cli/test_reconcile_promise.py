"""Whatever happens on both sides, `reconcile --repair` leaves nothing that logging a call again puts right."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.model import State
from connector.sync.findings import NOTES, REPAIRABLE
from tests import looking
from tests.cli.conftest import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]

FIELDS = {
    "salesforce": ("Subject", "Description", "CallDisposition"),
    "database": ("summary", "ended_by", "transcript"),
}
Edits = dict[tuple[str, str], str]


@dataclass
class Trouble:
    """What may happen between a sync and a look at it."""

    town: Town
    capsys: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        self.edits: Edits = {}
        self.number = 0

    def happen(self, what: str, at: int) -> None:
        """One thing, to one of the calls that are logged."""
        in_apten = {call["id"] for call in self.town.world.calls() if "leadId" in call}
        logged = [key for key, number in Counter(self.town.logged()).items() if number == 1 and key in in_apten]
        if logged:
            self.number += 1
            getattr(self, what)(logged[at % len(logged)])

    def edit(self, call_id: str) -> None:
        """Somebody writes something of their own."""
        field = FIELDS[self.town.kind][self.number % 3]
        self.edits[call_id, field] = text = f"My own words {self.number}"
        looking.edit(self.town, call_id, field, text)

    def delete(self, call_id: str) -> None:
        """Somebody deletes the activity."""
        self.edits = {edit: text for edit, text in self.edits.items() if edit[0] != call_id}
        looking.delete(self.town, call_id)

    def move(self, call_id: str) -> None:
        """Somebody says that it was with somebody else."""
        field = {"salesforce": "WhoId", "database": "person_id"}[self.town.kind]
        looking.edit(self.town, call_id, field, "003000000000007AAA")

    def summary(self, _call_id: str) -> None:
        """A late summary arrives, which moves no stamp."""
        self.town.world.late_summaries(1, self.town.clock.now(), touch=False)

    def change(self, call_id: str) -> None:
        """Apten corrects its record."""
        self.town.world.change_call(call_id, self.town.clock.now(), durationSeconds=1000 + self.number, endedBy="AGENT")

    def finish(self, _call_id: str) -> None:
        """A call ends, and its summary is there at once."""
        for call in self.town.world.calls_in_progress()[:1]:
            self.town.world.finish_call(call["id"], self.town.clock.now(), durationSeconds=60, summary="Done.")

    def forget(self, call_id: str) -> None:
        """Apten no longer has the call."""
        self.town.world.forget_call(call_id)

    def unlead(self, call_id: str) -> None:
        """The lead is deleted in Apten."""
        self.town.world.delete_lead(self.town.world.call(call_id)["leadId"], self.town.clock.now())

    def relink(self, call_id: str) -> None:
        """The lead turns out to be another record of the CRM."""
        lead_id = self.town.world.call(call_id)["leadId"]
        self.town.world.change_lead(lead_id, self.town.clock.now(), externalLeadId="003000000000009")

    def reconcile(self) -> dict[str, Any]:
        """`reconcile --repair`, as a program reads it."""
        self.capsys.readouterr()
        code = run(self.town, "reconcile", "--since", "2026-05-01", "--repair", "--format", "json")
        found: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        assert code == found["exit_code"]
        return found

    def check_that_edits_stay(self) -> None:
        """Nothing that anybody wrote into an activity is lost."""
        for (call_id, field), text in self.edits.items():
            assert self.town.activity(call_id)[field] == text


EVENTS = ("edit", "delete", "move", "summary", "change", "finish", "forget", "unlead", "relink")


@pytest.mark.parametrize("crm", ["database", "salesforce"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    events=st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 50)), min_size=1, max_size=12),
    ledger=st.sampled_from(["kept", "lost", "an old one"]),
    new_field=st.booleans(),
)
def test_after_a_repair_a_second_look_finds_only_what_the_first_could_not_put_right(
    build: Build,
    capsys: pytest.CaptureFixture[str],
    crm: str,
    *,
    events: list[tuple[str, int]],
    ledger: str,
    new_field: bool,
) -> None:
    town = build(crm, calls=40, leads=10)
    for file in (*town.folder.glob("ledger.db*"), *town.folder.glob("activities.db*")):
        file.unlink()
    half = len(events) // 2
    trouble = Trouble(town, capsys)
    town.run(limit=25)
    shutil.copy(town.folder / "ledger.db", town.folder / "old.db")
    town.run()
    for what, at in events[:half]:
        trouble.happen(what, at)
    town.clock.advance(minutes=5)
    town.run()
    for what, at in events[half:]:
        trouble.happen(what, at)
    if new_field and crm == "salesforce":
        town.mapping_path.write_text(
            town.mapping_path.read_text().replace("fields:\n", "fields:\n  CallObject: {from: id}\n")
        )
    if ledger != "kept":
        looking.lose_ledger(town)
    if ledger == "an old one":
        shutil.copy(town.folder / "old.db", town.folder / "ledger.db")
    first = trouble.reconcile()
    second = trouble.reconcile()
    assert not [kind for kind in REPAIRABLE if second["found"].get(kind)]
    assert second["repair"] is None
    assert not (first["repair"] or {"counts": {}})["counts"].get(State.PARKED)
    assert amiss(second) <= amiss(first)
    trouble.check_that_edits_stay()
    logged = town.logged()
    assert len(logged) == len({*logged})


def amiss(found: dict[str, Any]) -> set[tuple[str, str]]:
    """What is not as it should be, call by call."""
    return {(each["call"], each["kind"]) for each in found["findings"] if each["kind"] not in NOTES}
