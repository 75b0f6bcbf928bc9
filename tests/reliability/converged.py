"""The judge: the CRM holds what the mapping makes of Apten's present calls, each once, and nothing is left to do."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from connector.admin_files import read_mapping, read_snapshot
from connector.mapping.apply import compile_mapping
from connector.model import Draft, PersonRef
from connector.source_model import Call, Lead
from connector.wiring import make_crm
from tests.looking import rows
from tests.town import salesforce_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.model import DraftValue, Value
    from tests.town import Town

READ_AT_ONCE = 200


def assert_converged(town: Town, *, besides: Iterable[str] = ()) -> None:
    """Every loggable call has one activity, as the mapping makes it; a further run writes nothing.

    `besides` are calls that must be there though they are not loggable any more, or not by their status.
    """
    ids = sorted([*town.loggable(), *besides])
    assert town.logged() == ids
    file = read_mapping(town.mapping_path)
    mapping = compile_mapping(file, read_snapshot(town.mapping_path))
    with closing(make_crm(town.config(), [file])) as crm:
        for at in range(0, len(ids), READ_AT_ONCE):
            wanted = {call_id: wanted_of(town, mapping.apply(*call_and_lead(town, call_id))) for call_id in ids}
            names = sorted({name for fields in wanted.values() for name in fields})
            held = crm.read(mapping.target, ids[at : at + READ_AT_ONCE], names)
            for call_id, record in held.items():
                assert {name: record.fields[name] for name in wanted[call_id]} == wanted[call_id], call_id
    before = rows(town)
    report = town.run()
    assert (report.counts.get("created", 0), report.counts.get("updated", 0)) == (0, 0)
    assert rows(town) == before


def call_and_lead(town: Town, call_id: str) -> tuple[Call, Lead | None]:
    """A call and its lead as Apten shows them now."""
    call = Call.model_validate(town.world.call(call_id))
    return call, Lead.model_validate(town.world.lead(call.lead_id)) if call.lead_id else None


def wanted_of(town: Town, draft: object) -> dict[str, Value]:
    """What the fields of the call's activity must hold; those that only a creation sends are left out."""
    assert isinstance(draft, Draft)
    call_id = draft.call_id
    fields = {name: person(town, call_id, value) for name, value in draft.fields.items()}
    return {name: value for name, value in fields.items() if name not in draft.on_create | {"TaskSubtype"}}


def person(town: Town, call_id: str, value: DraftValue) -> Value:
    """The value; where it is the person, whoever of the CRM Apten's lead names."""
    if not isinstance(value, PersonRef):
        assert isinstance(value, str | int | float | bool | type(None)) or hasattr(value, "year")
        return value  # type: ignore[return-value]  # no look-up: the shipped mappings have none
    lead_id = town.world.call(call_id).get("leadId")
    named = town.world.lead(lead_id).get("externalLeadId") if lead_id else None
    if town.kind == "database":
        return named
    known = salesforce_id(named)
    return known if known and town.org.record(known) else None
