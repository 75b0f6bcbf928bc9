"""`explain`: what became of a call, and where each value of its activity comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.explained import as_json, show, show_line
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json
from connector.cli.words import Worded
from connector.clock import SystemClock
from connector.errors import CallGoneError
from connector.sync.attempt import Attempts
from connector.sync.by_name import call_of_record, calls_of_lead, leads_with_number
from connector.sync.explain import Explain
from connector.wiring import open_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector.cli.options import Setting


def explain(
    context: typer.Context,
    call_id: Annotated[str | None, typer.Argument(metavar="CALL_ID", help="A call by its id.")] = None,
    phone: Annotated[
        str | None,
        typer.Option("--phone", metavar="NUMBER", help="The calls of leads with this number, changed in 30 days."),
    ] = None,
    record: Annotated[
        str | None, typer.Option("--record", metavar="RECORD_ID", help="The call of an activity, by its id in the CRM.")
    ] = None,
    lead: Annotated[
        str | None, typer.Option("--lead", metavar="LEAD_ID", help="The calls of one lead, by its id at Apten.")
    ] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Say in one sentence what became of a call, then where each value comes from, with whom it is, and why.

    Calls of a lead or of a number are told in a line each. Apten and the CRM are asked, values are computed anew;
    nothing is written. Shows what was said and whose number it was to whoever sees the terminal.
    """
    if sum(each is not None for each in (call_id, phone, record, lead)) != 1:
        raise typer.BadParameter("name exactly one of CALL_ID, --phone, --record and --lead")
    given = setting(context, config, log_format, output)
    settings = given.config()
    clock = SystemClock()
    log = given.log(settings)
    with open_plan(settings, clock=clock, log=log) as (house, _):
        attempts = Attempts(clock, house.jitter, log)
        if record is not None:
            call_id = call_of_record(house, attempts, record)
        teller, worded = Explain(house), Worded(settings)
        if call_id is not None:
            _tell_call(teller, call_id, given, worded)
        elif lead is not None:
            _tell_leads(teller, {lead: calls_of_lead(house.source, house.ledger, attempts, lead)}, given, worded)
        elif phone is not None:
            found = leads_with_number(house.source, attempts, phone, teller.now)
            calls = {lead_id: calls_of_lead(house.source, house.ledger, attempts, lead_id) for lead_id in found}
            _tell_leads(teller, calls, given, worded)
    return 0


def _tell_call(teller: Explain, call_id: str, given: Setting, worded: Worded) -> None:
    [told] = teller.calls([call_id], whole=True)
    if not told.is_known:
        raise CallGoneError(
            f"Neither Apten, the CRM nor the ledger knows a call {call_id}.",
            code="call_gone",
            todo="Check the id. A record of the CRM is named by `--record`, a lead of Apten's by `--lead`.",
        )
    if given.json:
        say_json(as_json(told, worded))
    else:
        show(told, worded)


def _tell_leads(teller: Explain, calls: Mapping[str, Sequence[str]], given: Setting, worded: Worded) -> None:
    shown = []
    for lead_id, call_ids in calls.items():
        told = list(teller.calls(call_ids, whole=False))
        told.sort(key=lambda each: (each.call.created_at.isoformat() if each.call else "", each.call_id))
        if given.json:
            shown.append({"lead": lead_id, "calls": [as_json(each, worded) for each in told]})
            continue
        say(
            f"Lead {lead_id}: {len(told):,} call{'s' if len(told) > 1 else ''}" if told else f"Lead {lead_id}: no calls"
        )
        for each in told:
            show_line(each, worded)
    if given.json:
        say_json(shown)
