"""`sync` and `resync`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.alerts import alerting
from connector.cli.costs import cost_in_words
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.periods import SinceOption, UntilOption, period
from connector.cli.plan import plan
from connector.cli.printing import counted, named, say, say_json, show_problems, table, tallies, warn
from connector.cli.profile import profiled
from connector.cli.progress import progress
from connector.cli.words import idle_start
from connector.clock import SystemClock
from connector.errors import AnotherRunError, RunError, exit_code
from connector.log import Redaction
from connector.model import State
from connector.sync.run import run
from connector.sync.select import EverythingNew, Named, OfLead, Period, Remembered, mapped_otherwise
from connector.sync.summary import Summary
from connector.wiring import make_rules, open_house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.cli.options import Setting
    from connector.sync.problems import Problem
    from connector.sync.run import Report
    from connector.sync.select import Selection

_MOST_SHOWN = 10
_NO_PROFILE_OF_A_PLAN = "--profile measures a run: give either --plan or --profile"

LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="Fetch at most this many calls; the rest stay due.")
]
PlanOption = Annotated[bool, typer.Option("--plan", help="Show what would be written, and write nothing.")]
ProfileOption = Annotated[
    Path | None,
    typer.Option(
        "--profile",
        metavar="FILE.html",
        help="Write where the main thread spends its time to a page in HTML; needs pyinstrument.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print only what is new and wrong, for cron.")]


def sync(
    context: typer.Context,
    limit: LimitOption = None,
    allow: Annotated[
        int | None, typer.Option("--allow", min=1, help="Creates and updates to allow, above sync.stop_above.")
    ] = None,
    quiet: QuietOption = False,
    planned: PlanOption = False,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Log every call that is new or changed. Made for cron: run it as often as you like."""
    given = setting(context, config, log_format, output)
    if planned and quiet:
        raise typer.BadParameter("--quiet prints nothing of a plan: give either --plan or --quiet")
    if planned and profile:
        raise typer.BadParameter(_NO_PROFILE_OF_A_PLAN)
    if planned:
        return plan(given, EverythingNew(), limit=limit, allow=allow, overwrite=False)
    try:
        with profiled(profile):
            return _run(given, EverythingNew(), quiet=quiet, limit=limit, allow=allow)
    except AnotherRunError as error:
        if not quiet:
            raise
        # Under cron a long first back-fill would have every tick complain of the one before.
        return exit_code(error)


def resync(
    context: typer.Context,
    call_ids: Annotated[list[str] | None, typer.Argument(metavar="CALL_ID", help="Calls by id.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    lead: Annotated[str | None, typer.Option("--lead", metavar="LEAD_ID", help="Every call of one lead.")] = None,
    parked: Annotated[bool, typer.Option("--parked", help="Every parked call.")] = False,
    mapping_changed: Annotated[
        bool, typer.Option("--mapping-changed", help="Every call logged by an earlier version of the mapping.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="Every call ever found.")] = False,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Also overwrite people's edits, and fields that are otherwise written at creation only."
        ),
    ] = False,
    limit: LimitOption = None,
    planned: PlanOption = False,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Fetch, map and compare calls anew, whatever the ledger says of them. Name exactly one selection."""
    given = setting(context, config, log_format, output)
    chosen: list[Selection] = []
    if call_ids:
        chosen.append(Named(call_ids))
    if since or until:
        chosen.append(Period(*period(since, until, SystemClock().now())))
    if lead:
        chosen.append(OfLead(lead))
    if parked:
        chosen.append(Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED)))
    if mapping_changed:
        chosen.append(Remembered(mapped_otherwise))
    if everything:
        chosen.append(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    if len(chosen) != 1:
        raise typer.BadParameter(
            "name exactly one selection: CALL_ID..., --since/--until, --lead, --parked, --mapping-changed or --all"
        )
    if planned and profile:
        raise typer.BadParameter(_NO_PROFILE_OF_A_PLAN)
    if planned:
        return plan(given, chosen[0], limit=limit, allow=None, overwrite=overwrite)
    with profiled(profile):
        return _run(given, chosen[0], limit=limit, overwrite=overwrite)


def _run(
    given: Setting,
    selection: Selection,
    *,
    quiet: bool = False,
    limit: int | None = None,
    allow: int | None = None,
    overwrite: bool = False,
) -> int:
    clock, log = SystemClock(), given.log(None, quiet=quiet)
    started = clock.now()
    with ExitStack() as stack:
        try:
            config = given.config()
            log = given.log(config, quiet=quiet)
            if not quiet:
                # Nothing new: cron would mail it with every run, and what is wrong would drown in it.
                show_problems(config.warnings)
            hand_over = stack.enter_context(alerting(config, given.config_path, log, selection.kind))
            tell = stack.enter_context(progress(wanted=not quiet and not given.json))
            house = stack.enter_context(open_house(config, clock=clock, log=log, progress=tell))
            rules = make_rules(config, clock)
            rules = replace(
                rules,
                limit=limit,
                overwrite=overwrite,
                resync=selection.kind == "resync",
                stop_above=max(allow or 0, rules.stop_above or 0),
            )
        except BaseException as error:
            # One that begins sums itself up.
            Summary(selection.kind, started).write(log, clock.now(), error)
            raise
        try:
            report = run(house, rules, selection)
        except KeyboardInterrupt:
            warn(f"Interrupted. {_rest(selection)}")
            raise
        except RunError:
            if selection.kind == "resync":
                warn(_rest(selection))
            raise
        report.problems.strike_out(Redaction(config.secrets()).struck_out)
        hand_over(report)
    if quiet:
        _show_what_is_new_and_wrong(report)
    elif given.json:
        say_json(_as_json(report, selection))
    else:
        _show(report, selection)
        if idle := idle_start(config, report.start):
            say(idle)
    return report.exit_code


def _rest(selection: Selection) -> str:
    """What comes of the calls that a run did not get to."""
    if selection.kind == "resync":
        return "What was finished is recorded; no sync does the rest of a resync: run the same one again."
    return "What was finished is recorded; the next run goes on from here."


def _show(report: Report, selection: Selection) -> None:
    seconds = (report.finished - report.started).total_seconds()
    rows = tallies(report.counts)
    nothing = "" if rows or report.counts.get("unknown") else ": nothing to do"
    say(f"{selection.kind} finished in {seconds:,.1f} s (run {report.run_id}){nothing}")
    if rows:
        say(table(rows))
    if costs := cost_in_words(report.counts, report.cost, seconds):
        say(costs)
    if report.counts.get("adopted"):
        adopted = counted(report.counts["adopted"], "activity was", "activities were")
        say(f"  {adopted} in the CRM already and known from now on.")
    if report.counts.get("made anew"):
        anew = counted(report.counts["made anew"], "activity was", "activities were")
        say(f"  {anew} no longer in the CRM, deleted or without key, and made anew.")
    if report.counts.get("over limit"):
        say(f"  {counted(report.counts['over limit'], 'call more was', 'calls more were')} left out, as --limit says.")
    if report.counts.get("edits kept"):
        say("  Edits kept are fields in which the CRM holds what the connector did not write; to replace them:")
        say("  apten-crm resync CALL_ID --overwrite, or --all --overwrite for those of every call.")
    _show_what_is_new_and_wrong(report)
    if report.exit_code == 1 and not report.counts.get("parked") and not report.counts.get("unknown"):
        warn("Calls parked earlier still need you: `apten-crm status` lists them.")


def _show_what_is_new_and_wrong(report: Report) -> None:
    """What this run came upon that a person may have to do something about; nothing that was known before."""
    if report.counts.get("parked"):
        warn(f"{counted(report.counts['parked'], 'call was parked', 'calls were parked')}:")
    _show_problems([problem for problem in report.problems if problem.parked])
    if report.counts.get("unlinked"):
        unlinked = counted(report.counts["unlinked"], "activity has no person", "activities have no person")
        warn(f"{unlinked}. `apten-crm status` says why.")
    if report.counts.get("doubled"):
        doubled = counted(report.counts["doubled"], "call has", "calls have")
        warn(f"{doubled} several records in the CRM: the log names them. Keep one.")
    if report.counts.get("left over"):
        warn(f"{counted(report.counts['left over'], 'request')} kept failing; the next run tries again.")
    _show_problems([problem for problem in report.problems if not problem.parked])
    if report.counts.get("unreadable"):
        rows = counted(report.counts["unreadable"], "row")
        warn(f"{rows} of Apten's listings could not be read whole: see the log.")
    if report.counts.get("unknown"):
        warn(f"Apten does not know {report.counts['unknown']:,} of the calls named. Check the ids.")


def _show_problems(problems: Sequence[Problem]) -> None:
    """Each cause once, with its first calls."""
    for problem in problems[:_MOST_SHOWN]:
        warn(f"  {problem.count:,} × {named(problem.code, problem.fields, problem.lines)}")  # noqa: RUF001  # times
        warn(f"    {problem.error.happened}")
        if problem.says:
            warn(f'    The CRM says: "{problem.says}"')
        if problem.error.todo:
            warn(f"    {problem.error.todo}")
        if problem.count > 1 or problem.call_ids[0] not in problem.error.happened:
            warn(f"    For instance {', '.join(problem.call_ids)}.")
    if rest := problems[_MOST_SHOWN:]:
        warn(f"  {sum(problem.count for problem in rest):,} more, for {len(rest):,} other reasons: see the log.")


def _as_json(report: Report, selection: Selection) -> dict[str, object]:
    return {
        "run": report.run_id,
        "kind": selection.kind,
        "started": report.started.isoformat(),
        "finished": report.finished.isoformat(),
        "exit_code": report.exit_code,
        "counts": dict(sorted(report.counts.items())),
        "cost": dict(sorted(report.cost.items())),
        "problems": [
            {
                "code": problem.code,
                "fields": problem.fields,
                "lines": list(problem.lines.values()),
                "parked": problem.parked,
                "count": problem.count,
                "call_ids": problem.call_ids,
                "happened": problem.error.happened,
                "says": problem.says,
                "todo": problem.error.todo,
            }
            for problem in report.problems
        ],
    }
