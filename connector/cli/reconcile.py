"""`reconcile`: Apten's calls of a period against the CRM's activities."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.findings import Told
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.periods import FOREVER, SinceOption, UntilOption, period
from connector.cli.printing import say, say_json, table, tallies, warn
from connector.cli.progress import progress
from connector.clock import SystemClock
from connector.errors import ConnectorError, exit_code
from connector.model import State
from connector.sync.findings import NOTES, REPAIRABLE, Kind
from connector.sync.reconcile import reconcile as look
from connector.sync.run import run
from connector.wiring import make_rules, open_house, open_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sync.reconcile import Looked
    from connector.sync.run import Report

_DAYS_BACK = 7


def reconcile(
    context: typer.Context,
    since: SinceOption = None,
    until: UntilOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Log what is missing, update what is stale, link who is found; edits stay.")
    ] = False,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Compare Apten's calls with the CRM's activities, and say what is missing, stale, doubled or orphaned.

    Without a period: the calls of the last 7 days. Calls are found anew, as by `resync --since`, so this works with an
    empty ledger too. Nothing is written, to the ledger neither, unless --repair is given: then what is missing or stale
    is logged again, as `resync` does it, and people who are found now are linked.

    Ends with exit code 1 if anything was found that is not as it should be, or that --repair could not put right.
    Calls that wait, activities without a person, people's edits and deletions are told, and are as they should be,
    unless more than half of a target's activities are gone.
    """
    given = setting(context, config, log_format, output)
    clock = SystemClock()
    now = clock.now()
    begin, end = period(since or (None if until else now - timedelta(days=_DAYS_BACK)), until, now)
    settings = given.config()
    log = given.log(settings)
    told = Told(whole=given.json)
    with (
        progress(wanted=not given.json) as tell_progress,
        open_plan(settings, clock=clock, log=log, progress=tell_progress) as (house, _),
    ):
        looked = look(house, make_rules(settings, clock), begin, end, told.add)
        found = {kind: looked.counts[kind] for kind in Kind if looked.counts.get(kind)}
        repairable = sum(found.get(kind, 0) for kind in REPAIRABLE)
        report, failure = None, None
        if repair and repairable:
            rules = replace(make_rules(settings, clock), resync=True, repair=True)
            try:
                with open_house(settings, clock=clock, log=log, progress=tell_progress) as real_house:
                    report = run(real_house, rules, looked.repair)
            except ConnectorError as error:
                failure = error  # Told once what was found has been told.
    code = exit_code(failure) if failure else _exit_code(looked, found, report)
    if given.json:
        say_json(
            {
                "since": begin,
                "until": None if end == FOREVER else end,
                "compared": looked.counts.get("compared", 0),
                "in_order": looked.counts.get("in order", 0),
                "left_over": looked.counts.get(State.LEFT_OVER, 0),
                "emptied": looked.emptied,
                "found": found,
                "findings": sorted(told.records, key=lambda each: (each["kind"], each["call"], each["target"])),
                "repair": report and {"run": report.run_id, "counts": dict(sorted(report.counts.items()))},
                "exit_code": code,
            }
        )
        if failure:
            raise failure
        return code
    _show(begin, end, looked.counts)
    told.say(repairing=repair)
    if looked.emptied:
        warn(
            f"More than half of the activities in {', '.join(looked.emptied)} are gone. "
            "Were they deleted, or may the connector's user not see them? "
            "`apten-crm resync --since DAY` logs all of that time again."
        )
    if failure:
        raise failure
    if report:
        _show_repair(report)
    elif repairable == 0 and repair:
        say("\nThere was nothing to repair.")
    return code


def _exit_code(looked: Looked, found: Mapping[Kind, int], report: Report | None) -> int:
    if looked.counts.get(State.LEFT_OVER) or (report and report.counts.get(State.LEFT_OVER)):
        return 3
    put_right = REPAIRABLE if report else frozenset()
    remaining = [kind for kind in found if kind not in NOTES | put_right]
    unlinked = report and report.counts.get("linked later", 0) < found.get(Kind.LINKABLE, 0)
    return 1 if remaining or looked.emptied or unlinked or (report and report.counts.get(State.PARKED)) else 0


def _show(begin: datetime, end: datetime, counts: Mapping[str, int]) -> None:
    minute = "%Y-%m-%d %H:%M UTC"
    upto = "on" if end == FOREVER else f"to {end:{minute}}"
    say(f"Calls begun from {begin:{minute}} {upto}: {counts.get('compared', 0):,} looked for in the CRM.")
    rows = [
        ("in order", counts.get("in order", 0)),
        ("not to be logged", counts.get("skipped", 0)),
        ("could not be asked for", counts.get(State.LEFT_OVER, 0)),
    ]
    say(table([(name, f"{number:,}") for name, number in rows if number or name == "in order"]))
    if counts.get(State.LEFT_OVER):
        warn("Some requests kept failing; run it again for the rest.")


def _show_repair(report: Report) -> None:
    say(f"\nRepaired (run {report.run_id}):")
    say(table(tallies(report.counts)))
    if report.counts.get(State.PARKED):
        warn("What was parked could not be repaired: `apten-crm status` says why.")
