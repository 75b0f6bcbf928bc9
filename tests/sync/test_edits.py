"""What people write into the CRM stays; what we wrote ourselves is kept up to date."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.canonical import canonical_text
from connector.sandbox.faults import Fault, When
from connector.sandbox.salesforce import by_hand
from connector.sync.edits import edited, either, renewed, same
from connector.sync.select import Named, Remembered
from tests.looking import delete, edit, lose_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.model import Value
    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]

SECRET = b"k" * 32
TEXT = {"salesforce": "Description", "database": "summary"}
RESULT = {"salesforce": "CallDisposition", "database": "ended_by"}


def changed(town: Town, clock: FakeClock) -> str:
    """A call that has been logged, and gets its summary now."""
    town.run()
    [call_id] = town.world.late_summaries(1, clock.now())
    clock.advance(minutes=5)
    return call_id


def test_an_edit_survives_the_next_change_of_the_call_and_is_reported(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    edit(town, call_id, RESULT[town.kind], "Wants a visit")
    report = town.run()
    activity = town.activity(call_id)
    assert activity[RESULT[town.kind]] == "Wants a visit"
    assert town.world.call(call_id)["summary"] in activity[TEXT[town.kind]]
    assert report.counts["edits kept"] == 1
    target = f"{'Task' if town.kind == 'salesforce' else 'calls'}.{town.key_field}"
    assert ("edit.kept", {"call_id": call_id, "target": target, "fields": [RESULT[town.kind]]}) in town.log.events


def test_what_never_came_to_be_written_is_nobodys_edit(build: Build, clock: FakeClock) -> None:
    town = build("salesforce", calls=12, leads=4)
    town.org.trigger_takes = 0
    town.run()
    whole, field = town.mapping_path.read_text(), "CallDisposition"
    without = "\n".join(line for line in whole.splitlines() if field not in line)
    town.org.trigger_takes = None
    town.mapping_path.write_text(without)
    clock.advance(minutes=5)
    assert town.run().exit_code == 0
    town.mapping_path.write_text(whole)
    report = town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert report.counts["edits kept"] == 0
    assert all(task[field] for task in town.activities())


@pytest.mark.parametrize("answer_lost", [False, True])
def test_what_was_written_once_is_nobodys_edit_when_it_may_be_updated_some_day(
    build: Build, clock: FakeClock, *, answer_lost: bool
) -> None:
    town = build("salesforce", calls=12, leads=4)
    if answer_lost:
        town.salesforce.faults.add(Fault("PATCH .*composite", when=When.AFTER, drop=True))
    whole = town.mapping_path.read_text()
    town.mapping_path.write_text(whole.replace("\nfields:\n", "\nwrite: on_create\nfields:\n"))
    town.run()
    town.mapping_path.write_text(whole.replace("  Subject:", "  Subject: Another subject #"))
    clock.advance(minutes=5)
    report = town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert report.counts["edits kept"] == 0
    assert {task["Subject"] for task in town.activities()} == {"Another subject"}


def test_an_edited_text_is_not_overwritten_by_a_late_summary(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    edit(town, call_id, TEXT[town.kind], "My own notes")
    town.run()
    assert town.activity(call_id)[TEXT[town.kind]] == "My own notes"
    clock.advance(minutes=5)
    assert town.run().counts["edits kept"] == 0, "told once, not in every run"


def test_a_field_that_a_person_emptied_stays_empty(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    edit(town, call_id, RESULT[town.kind], None)
    report = town.run()
    assert not town.activity(call_id)[RESULT[town.kind]]
    assert report.counts["edits kept"] <= 1


def test_overwrite_replaces_edits(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    edit(town, call_id, TEXT[town.kind], "My own notes")
    town.run(Named([call_id]))
    assert town.activity(call_id)[TEXT[town.kind]] == "My own notes"
    town.run(Named([call_id]), overwrite=True)
    assert town.world.call(call_id)["summary"] in town.activity(call_id)[TEXT[town.kind]]


def test_an_edit_that_is_taken_back_is_no_edit(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    ours = town.activity(call_id)[TEXT[town.kind]]
    edit(town, call_id, TEXT[town.kind], "My own notes")
    town.run()
    edit(town, call_id, TEXT[town.kind], ours)
    town.run(Named([call_id]))
    assert town.world.call(call_id)["summary"] in town.activity(call_id)[TEXT[town.kind]]


def test_always_overwrites(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.mapping_path.write_text(town.mapping_path.read_text().replace("fields:\n", "write: always\nfields:\n"))
    call_id = changed(town, clock)
    edit(town, call_id, "Description", "My own notes")
    assert town.run().counts["edits kept"] == 0
    assert town.world.call(call_id)["summary"] in town.activity(call_id)["Description"]


def test_a_lost_ledger_overwrites_no_edit(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    town.run()
    edit(town, call_id, TEXT[town.kind], "My own notes")
    lose_ledger(town)
    report = town.run()
    assert town.activity(call_id)[TEXT[town.kind]] == "My own notes"
    assert report.counts["edits kept"] == 1
    assert report.counts["created"] == report.counts["updated"] == 0


def test_what_the_crm_makes_of_our_texts_is_no_edit(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.run()
    late = town.world.late_summaries(3, clock.now())
    for task in town.org.tasks.values():
        assert "\r\n" in task["Description"]
        task["Description"] = f"  {task['Description']}\r\n"
    clock.advance(minutes=5)
    report = town.run()
    assert report.counts["edits kept"] == 0
    assert report.counts["updated"] == len(late)


def test_a_deleted_activity_stays_deleted(build: Build, clock: FakeClock) -> None:
    town = build("database")
    call_id = changed(town, clock)
    delete(town, call_id)
    report = town.run()
    assert call_id not in town.logged()
    assert report.counts["created"] == 0


def test_a_new_field_of_the_mapping_fills_what_is_empty_only(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.run()
    first, second = town.logged()[:2]
    edit(town, first, "CallObject", "Mine")
    mapping = town.mapping_path.read_text().replace("fields:\n", "fields:\n  CallObject: {from: id}\n")
    town.mapping_path.write_text(mapping)
    clock.advance(minutes=5)
    town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert town.activity(first)["CallObject"] == "Mine"
    assert town.activity(second)["CallObject"] == second


_VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.dates(date(1990, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    st.text(max_size=6).map(canonical_text),
)
_FIELDS = st.dictionaries(st.sampled_from("abcde"), _VALUES)


@given(_FIELDS, _FIELDS)
def test_nothing_that_we_wrote_counts_as_an_edit(first: dict[str, Value], second: dict[str, Value]) -> None:
    known = renewed(SECRET, None, first)
    assert edited(SECRET, known, second, first, second) == frozenset()
    unsure = either(SECRET, known, second, creates=False)
    for held in (first, {**first, **second}):
        assert edited(SECRET, unsure, {**first, **second, "a": "new"}, held, "abcde") == frozenset()
    assert renewed(SECRET, known, second) == renewed(SECRET, None, {**first, **second})


@given(_FIELDS, _FIELDS, _FIELDS)
def test_anything_else_that_is_there_does(
    ours: dict[str, Value], wanted: dict[str, Value], held: dict[str, Value]
) -> None:
    found = edited(SECRET, renewed(SECRET, None, ours), wanted, held, wanted)
    for name, value in wanted.items():
        differs = not same(held.get(name), value)
        not_ours = name not in ours or not same(held.get(name), ours[name])
        something = name in ours or held.get(name) not in (None, "")
        assert (name in found) == (differs and not_ours and something), name


@pytest.mark.parametrize("held", ["x", 5, date(2026, 1, 1), ""])
def test_where_nothing_is_known_of_what_we_wrote_every_difference_is_an_edit(held: Any) -> None:
    assert edited(SECRET, None, {"a": "new"}, {"a": held}, {"a"}) == ({"a"} if held != "" else set())


@pytest.mark.parametrize(
    ("wrote", "held"),
    [(49, 49.0), (0, 0.0), (datetime(2026, 6, 15, 14, 30, 0, 123_000, UTC), datetime(2026, 6, 15, 14, 30, tzinfo=UTC))],
)
def test_what_a_crm_gives_back_in_another_spelling_is_what_we_wrote(wrote: Any, held: Any) -> None:
    assert same(wrote, held)
    assert edited(SECRET, renewed(SECRET, None, {"a": wrote}), {"a": "new"}, {"a": held}, {"a"}) == frozenset()
    assert not same(True, 1.5)  # noqa: FBT003  # the values are the point


def test_a_text_found_after_a_lost_ledger_and_emptied_since_stays_empty(town: Town, clock: FakeClock) -> None:
    call_id = changed(town, clock)
    edit(town, call_id, TEXT[town.kind], "My own notes")
    lose_ledger(town)
    town.run()
    edit(town, call_id, TEXT[town.kind], None)
    town.world.change_call(call_id, clock.now(), summary="Changed once more.")
    clock.advance(minutes=5)
    assert town.run().counts["edits kept"] == 1
    assert not town.activity(call_id)[TEXT[town.kind]]


def test_an_activity_that_was_restored_is_brought_up_to_date(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    call_id = changed(town, clock)
    task_id = town.activity(call_id)["Id"]
    town.org.delete(task_id, clock.now())
    assert town.run().exit_code == 0
    by_hand.undelete(town.org, task_id, clock.now())
    assert town.run().counts["updated"] == 0
    town.world.change_call(call_id, clock.now(), summary="Changed once more.")
    clock.advance(minutes=5)
    assert town.run().counts["updated"] == 1
    assert "Changed once more." in town.activity(call_id)["Description"]
