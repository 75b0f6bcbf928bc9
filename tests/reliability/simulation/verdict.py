"""The judge: holds what the CRM holds, and how it came about, against what Apten says in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connector.model import Draft
from connector.open_values import settled
from connector.sandbox.shelf import read_stamp, stamp_text
from connector.source_model import Call, Lead
from connector.sync.edits import same
from connector.sync.settle import LOOKED_FOR
from tests.reliability.simulation.mappings import compiled
from tests.reliability.simulation.records import KEY, read_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from connector.model import Value
    from connector.sandbox.shelf import Row
    from tests.reliability.simulation.simulation import Simulation

_ALWAYS = frozenset({"status", "seconds"})


PROMPTLY = timedelta(minutes=45)
"""How long after its last stamp a call must be logged by the next run: no summary is waited for any more."""


def faults(simulation: Simulation) -> list[str]:
    """What is not as it must be once all is quiet, in words."""
    calls = simulation.world.loggable_calls()
    found = [*_lost(simulation, calls), *_doubled(simulation), *_went_back(simulation), *_differing(simulation, calls)]
    return [*found, *_without_person(simulation, calls)]


def overdue(simulation: Simulation) -> list[str]:
    """What a run must have logged by now, needing no sweep and no second look; nothing can be said if stamps stay."""
    conditions, before = simulation.conditions, stamp_text(simulation.time.now - PROMPTLY)
    if conditions.lead_stays or conditions.summary_stays or simulation.clock.was_set:
        return []
    calls = [call for call in simulation.world.loggable_calls() if call["updatedAt"] <= before]
    return [*_lost(simulation, calls), *_differing(simulation, calls)]


def _lost(simulation: Simulation, calls: Iterable[Row]) -> Iterator[str]:
    records = simulation.records
    for call in calls:
        excused = call["id"] in simulation.hands.deleted or _draft(simulation, call) is None
        if not records.ids(call["id"]) and not excused:
            yield f"{call['id']} is lost"


def _doubled(simulation: Simulation) -> Iterator[str]:
    for key, ids in simulation.records.ids_of.items():
        if len(ids) > 1:
            yield f"{key} is there {len(ids)} times"
    if simulation.forgotten or simulation.resynced:
        return
    created = [each.key for each in simulation.records.history if each.what == "create"]
    for key in sorted(simulation.hands.deleted):
        if created.count(key) > 1:
            yield f"{key} was deleted by a person and came again"


def _went_back(simulation: Simulation) -> Iterator[str]:
    """A call's length tells which version of it was written."""
    newest: dict[str, Any] = {}
    for each in simulation.records.history:
        if each.by_hand or "seconds" not in each.fields:
            continue
        seconds = each.fields["seconds"]
        if seconds < newest.get(each.record_id, 0):
            yield f"{each.key}: version {seconds} was written over {newest[each.record_id]}"
        newest[each.record_id] = seconds


def _differing(simulation: Simulation, calls: Iterable[Row]) -> Iterator[str]:
    records = simulation.records
    for call in calls:
        draft = _draft(simulation, call)
        ids = records.ids(call["id"])
        if draft is None or not ids:
            continue
        row = {name: read_back(value) for name, value in records.rows[ids[0]].items()}
        expected: dict[str, Value] = {**settled(draft), KEY: call["id"]}
        expected |= {name: value for (record, name), value in simulation.hands.kept.items() if record == ids[0]}
        for name, value in expected.items():
            if not same(row.get(name), value) and not _excused(simulation, ids[0], name, row):
                yield f"{call['id']}: {name} is {row.get(name)!r} instead of {value!r}"


def _without_person(simulation: Simulation, calls: Iterable[Row]) -> Iterator[str]:
    """Who was not known when the call was logged is linked later, unless a person links it, or the ledger was lost."""
    records, hands = simulation.records, simulation.hands
    for call in calls:
        person = simulation.world.lead(call["leadId"]).get("externalLeadId")
        wanted = person if person in records.people else None
        too_late = wanted in hands.met and hands.met[wanted] - read_stamp(call["createdAt"]) > LOOKED_FOR
        excused = too_late or simulation.forgotten or _draft(simulation, call) is None
        for record_id in records.ids(call["id"]):
            held = records.rows[record_id].get("person_id")
            if not (held == wanted or excused or (record_id, "person_id") in hands.kept):
                yield f"{call['id']}: its person is {held!r}, not {wanted!r}"


def _excused(simulation: Simulation, record_id: str, name: str, row: Mapping[str, Value]) -> bool:
    """After a ledger was lost, what we wrote may pass for an edit, and an emptied field for one never filled."""
    if not simulation.forgotten or name in _ALWAYS:
        return False
    if (record_id, name) in simulation.hands.kept:
        return simulation.hands.kept[record_id, name] is None
    history = simulation.records.history
    ours = [each.fields[name] for each in history if each.record_id == record_id and name in each.fields]
    return any(same(row.get(name), read_back(value)) for value in ours)


def _draft(simulation: Simulation, call: Row) -> Draft | None:
    """What the mapping makes of the call now; None for a call that it leaves out."""
    lead = Lead.model_validate(simulation.world.lead(call["leadId"]))
    made = compiled(simulation.version).apply(Call.model_validate(call), lead)
    return made if isinstance(made, Draft) else None
