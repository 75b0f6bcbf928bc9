"""A ledger that was deleted, restored from last week or moved: nothing doubled, no edit overwritten, all converges."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.sync.select import Named
from tests.looking import delete, edit, lose_ledger
from tests.sync.test_troubles import new_call

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

NOTES = {"salesforce": "Description", "database": "summary"}


def last_week(town: Town, clock: FakeClock) -> tuple[bytes, list[str]]:
    """A week goes by: calls are logged, change and are edited. The ledger before it, and the edited calls."""
    town.run()
    ledger = (town.folder / "ledger.db").read_bytes()
    clock.advance(days=7)
    for call in town.world.calls_in_progress():
        town.world.finish_call(call["id"], clock.now())
    for number in range(5):
        new_call(town, f"this-week-{number}")
    changed = town.logged()[:6]
    for call_id in changed:
        town.world.change_call(call_id, clock.now(), summary=f"Changed: {call_id}")
    clock.advance(hours=1)
    town.run()
    edited = ["this-week-0", "this-week-1", *changed[:2]]
    for call_id in edited:
        edit(town, call_id, NOTES[town.kind], "My own notes")
    clock.advance(minutes=5)
    return ledger, edited


def judge(town: Town, edited: list[str], clock: FakeClock) -> None:
    """Each call once; people's words stand, also once their calls change; what nobody touched follows its call."""
    assert town.run().exit_code == 0
    for call_id in (*edited, "this-week-2"):
        town.world.change_call(call_id, clock.now(), summary="Changed once more.")
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()
    assert [town.activity(call_id)[NOTES[town.kind]] for call_id in edited] == ["My own notes"] * len(edited)
    assert town.run().counts["written"] == 0


@pytest.mark.survives("K storage", "ledger deleted")
def test_a_deleted_ledger_doubles_nothing_and_overwrites_no_edit(town: Town, clock: FakeClock) -> None:
    _, edited = last_week(town, clock)
    lose_ledger(town)
    judge(town, edited, clock)


@pytest.mark.survives("K storage", "ledger restored")
def test_last_weeks_ledger_doubles_nothing_and_overwrites_no_edit(town: Town, clock: FakeClock) -> None:
    ledger, edited = last_week(town, clock)
    lose_ledger(town)
    (town.folder / "ledger.db").write_bytes(ledger)
    judge(town, edited, clock)
    assert "Changed once more." in str(town.activity("this-week-2")[NOTES[town.kind]]), "what was unknown was looked at"


@pytest.mark.survives("K storage", "ledger deleted")
def test_a_deleted_ledger_has_nothing_written_that_is_as_it_should_be(town: Town, clock: FakeClock) -> None:
    """Also with `write: always`, where nothing else is read before an update."""
    town.mapping_path.write_text(town.mapping_path.read_text().replace("fields:\n", "write: always\nfields:\n"))
    town.run()
    lose_ledger(town)
    clock.advance(minutes=5)
    report = town.run()
    assert (report.counts["created"], report.counts["updated"]) == (0, 0)
    assert report.counts["unchanged"] == len(town.activities())


@pytest.mark.survives("K storage", "ledger restored")
def test_last_weeks_ledger_knows_records_that_were_made_anew_since(town: Town, clock: FakeClock) -> None:
    """With `write: always` nothing is read before an update: the record id of last week is all there is to go by."""
    town.mapping_path.write_text(town.mapping_path.read_text().replace("fields:\n", "write: always\nfields:\n"))
    ledger, _ = last_week(town, clock)
    call_id = town.logged()[0]
    delete(town, call_id)
    town.run(Named([call_id]))
    lose_ledger(town)
    (town.folder / "ledger.db").write_bytes(ledger)
    town.world.change_call(call_id, clock.now(), summary="Changed once more.")
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    assert town.logged() == town.loggable()
    assert "Changed once more." in str(town.activity(call_id)[NOTES[town.kind]])


@pytest.mark.survives("K storage", "ledger moved")
def test_on_another_machine_it_goes_on(town: Town, clock: FakeClock, tmp_path: Path) -> None:
    _, edited = last_week(town, clock)
    place = tmp_path / "another machine"
    place.mkdir()
    for file in (town.mapping_path, town.mapping_path.with_suffix(".schema.yaml"), town.folder / "ledger.db"):
        shutil.copy(file, place)
    moved = replace(town, folder=place)
    if town.kind == "database":
        text = moved.config_path.read_text().replace(
            "sqlite:///activities.db", f"sqlite:///{town.folder}/activities.db"
        )
        moved.config_path.write_text(text)
    report = moved.run()
    assert report.counts["written"] == 0, "nothing is to be done anew"
    asked = len(town.apten.requests)
    clock.advance(minutes=5)
    assert moved.run().exit_code == 0
    assert len(town.apten.requests) - asked < 5, "nor looked at anew"
    for call_id in edited:
        town.world.change_call(call_id, clock.now(), summary="Changed once more.")
    clock.advance(minutes=5)
    assert moved.run().exit_code == 0
    assert town.logged() == town.loggable()
    assert [town.activity(call_id)[NOTES[town.kind]] for call_id in edited] == ["My own notes"] * len(edited)
