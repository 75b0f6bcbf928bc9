"""`runs`: what earlier runs did."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.offline import read_where_ledger_is
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import TALLIES, say, say_json, table
from connector.cli.words import Worded
from connector.errors import SetupError
from connector.upkeep import last_runs, run_details

if TYPE_CHECKING:
    from connector.standing import RunDetails, RunRecord

_SHOWN = 20
_WIDTHS = (6, 7, 17, 9, 6)


def runs(
    context: typer.Context,
    run_id: Annotated[int | None, typer.Argument(metavar="RUN", min=1, help="One run, by its number.")] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """List the last 20 runs, or say what one of them did and what failed in it. Asks neither Apten nor the CRM."""
    given = setting(context, config, log_format, output)
    settings = read_where_ledger_is(given.config_path)
    given.log(settings)
    if run_id is not None:
        found = run_details(settings, run_id)
        if found is None:
            raise SetupError(
                f"The ledger knows no run {run_id}.",
                done="Nothing was changed.",
                todo="Run `apten-crm runs` without a number to see which there are.",
            )
        if given.json:
            say_json(asdict(found))
        else:
            _show(found, Worded(settings))
        return 0
    listed = last_runs(settings, most=_SHOWN)
    if given.json:
        say_json([asdict(each) for each in listed or []])
    elif not listed:
        say("No runs yet. Begin with: apten-crm sync")
    else:
        _list(listed)
    return 0


def _list(runs_: list[RunRecord]) -> None:
    rows = [("run", "kind", "begun (UTC)", "took", "exit", "did")]
    rows += [
        (str(each.id), each.kind, f"{each.started_at:%Y-%m-%d %H:%M}", _took(each), _ended(each), _did(each))
        for each in runs_
    ]
    for row in rows:
        say("".join(f"{text:<{width}} " for text, width in zip(row, _WIDTHS, strict=False)) + row[-1])


def _show(found: RunDetails, worded: Worded) -> None:
    run = found.run
    rows: list[tuple[str, object]] = [
        ("kind", run.kind),
        ("begun", f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("took", _took(run) or "?"),
        ("exit code", _ended(run)),
    ]
    if run.error:
        rows.append(("ended by", run.error))
    say(f"Run {run.id}")
    say(table(rows))
    if run.counts:
        say()
        say(table([(name, f"{count:,}") for name, count in sorted(run.counts.items()) if count]))
    if found.failures:
        say("\nFailed")
    for group in found.failures:
        say(f"  {group.count:,} × {worded(group.code, group.fields)} ({group.verdict})")  # noqa: RUF001  # the sign for times
        say(f"      for instance {', '.join(group.call_ids)}")
    if found.failures:
        say("`apten-crm explain CALL_ID` tells more of a call.")


def _took(run: RunRecord) -> str:
    """How long it took; of a run that was killed only the next one's beginning is known."""
    if run.finished_at is None or run.exit_code is None:
        return ""
    seconds = (run.finished_at - run.started_at).total_seconds()
    return f"{seconds:,.1f} s"


def _ended(run: RunRecord) -> str:
    if run.exit_code is not None:
        return str(run.exit_code)
    return "killed" if run.finished_at else "under way, or killed"


def _did(run: RunRecord) -> str:
    counts = run.counts or {}
    done = ", ".join(f"{counts[name]:,} {name}" for name in TALLIES if counts.get(name))
    if run.error:
        return f"{done}, then {run.error}" if done else run.error
    return done or ("nothing to do" if run.exit_code == 0 else "")
