"""`ledger check`, `ledger backup`, `ledger adopt`: what is done with the ledger itself."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.offline import read_where_ledger_is
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json, table, warn
from connector.clock import SystemClock
from connector.upkeep import back_up, belonging, examine, ledger_file, make_over, named_by

if TYPE_CHECKING:
    from connector.config import Config
    from connector.standing import Belonging, Health

ledger = typer.Typer(name="ledger", help="The connector's memory: check it, copy it, move it.", no_args_is_help=True)

_NOBODY = "nobody yet"


@ledger.command()
def check(
    context: typer.Context,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Read the whole ledger and say whether it is sound, whose it is, and how much it holds.

    Ends with exit code 2 if it is damaged, not a ledger, or made by a newer version. Changes nothing, and may be asked
    while a run is under way.
    """
    given = setting(context, config, log_format, output)
    settings = read_where_ledger_is(given.config_path)
    given.log(settings)
    health = examine(settings)
    if given.json:
        say_json(asdict(health) if health else None)
    elif health is None:
        say(_none_yet(settings))
    else:
        _show(health)
    return 0


@ledger.command()
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Copy the ledger to a new file that its owner alone may read. May be asked while a run is under way.

    Ends with exit code 2 if there is no ledger.
    """
    given = setting(context, config, log_format, output)
    settings = read_where_ledger_is(given.config_path)
    given.log(settings)
    made = back_up(settings, file)
    if given.json:
        say_json({"file": str(file) if made else None})
    else:
        say(f"Copied to {file}." if made else _none_yet(settings))
    return 0 if made else 2


@ledger.command()
def adopt(
    context: typer.Context,
    sure: Annotated[bool, typer.Option("--yes", help="Do it; without this, only say what would be done.")] = False,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Tell the ledger that it belongs to what the config names now: after a sandbox refresh, or a move.

    It keeps which calls and leads there are, and up to where they were found. What it knew of activities is forgotten:
    the next sync reads the keys in the CRM anew, so nothing is doubled. Ends with exit code 2 unless --yes is given.
    """
    given = setting(context, config, log_format, output)
    settings = given.config()
    given.log(settings)
    was = belonging(settings)
    if was is None:
        say(_none_yet(settings))
        return 0
    will = named_by(settings)
    theirs = _is_theirs(was, will)
    if sure and not theirs:
        make_over(settings, will, clock=SystemClock())
    if given.json:
        say_json({"was": _as_json(was), "will": _as_json(will), "adopted": sure and not theirs})
    else:
        _show_adoption(was, will)
        say(_THEIRS_ALREADY if theirs else _ADOPTED if sure else _WOULD)
        for old in [] if theirs else _keys_given_up(was, will):
            say(
                f"{old} is no key any more, but its object is written to under another: the next sync does not know "
                "the activities that bear the old key alone. Copy it to the new field before, or calls that change "
                "at Apten, or had not settled yet, are logged a second time."
            )
    if not (sure or theirs):
        warn("Nothing was changed. To go ahead: apten-crm ledger adopt --yes")
        return 2
    return 0


_THEIRS_ALREADY = "The ledger belongs to them already; there was nothing to do."
_CONSEQUENCES = """\
  It keeps: which calls and leads there are, and up to where they were found.
  It forgets: which calls are logged, as which records, and what was written to them. The next sync reads the key of
    every activity that the CRM holds now, so nothing is doubled. Where such an activity then says something else than
    the mapping makes of its call, that counts as a person's edit, and is kept; a field that is empty is filled.
  Calls that the CRM does not hold now are not logged by themselves, but for those that change at Apten, had not
    settled yet, or were parked. To log the others: apten-crm resync --since 2026-01-01, with the day that suits you."""
_WOULD = f"""\
What it would mean:
{_CONSEQUENCES}
Keep a copy before you do: apten-crm ledger backup FILE"""
_ADOPTED = f"""\
The ledger belongs to them now. What it means:
{_CONSEQUENCES}"""


def _none_yet(settings: Config) -> str:
    return f"No ledger yet at {ledger_file(settings)}: the first sync makes one."


def _keys_given_up(was: Belonging, will: Belonging) -> list[str]:
    """Key fields of before that no mapping writes any more, of objects that mappings write to under other ones."""
    then, now = ({name.partition(":")[0] for name in each.targets} for each in (was, will))
    objects = {key.partition(".")[0] for key in now}
    return sorted(key for key in then - now if key.partition(".")[0] in objects)


def _is_theirs(was: Belonging, will: Belonging) -> bool:
    same_targets = not was.targets or not was.targets.isdisjoint(will.targets)
    return (was.apten, was.crm) == (will.apten, will.crm) and same_targets


def _show(health: Health) -> None:
    created = f"{health.created:%Y-%m-%d %H:%M UTC}" if health.created else "unknown"
    say("The ledger is sound: every row of it was read.")
    rows: list[tuple[str, object]] = [("version", health.version), ("made", created)]
    whose = health.belongs_to
    rows += [("Apten", whose.apten or _NOBODY), ("CRM", whose.crm or _NOBODY), ("activities in", _targets(whose))]
    say(table(rows + [(f"{name} rows", f"{count:,}") for name, count in sorted(health.rows.items())]))


def _show_adoption(was: Belonging, will: Belonging) -> None:
    rows = [("Apten", was.apten, will.apten), ("CRM", was.crm, will.crm)]
    rows += [("activities in", _targets(was), _targets(will))]
    for name, old, new in rows:
        shown = f"{old or _NOBODY} → {new}" if old != new else f"{new}, as before"
        say(f"{name + ':':<15}{shown}")


def _targets(whose: Belonging) -> str:
    return ", ".join(sorted(whose.targets)) or "none yet"


def _as_json(whose: Belonging) -> dict[str, object]:
    return {"apten": whose.apten, "crm": whose.crm, "targets": sorted(whose.targets)}
