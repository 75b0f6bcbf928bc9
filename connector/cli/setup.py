"""`setup`: makes in the CRM what the mappings need, after saying what that is."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from connector.admin_files import read_mapping, read_snapshot
from connector.cli.files import write_all
from connector.cli.offline import read_settings
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, Setting, setting
from connector.cli.printing import say, say_json, warn
from connector.cli.uses import uses_of
from connector.clock import SystemClock
from connector.config import Config
from connector.errors import ConfigError, SetupError
from connector.ports import Clock, Crm
from connector.preparation import Preparation, Standing, Use
from connector.wiring import make_crm

_LOOKS, _LOOK_EVERY = 10, 3.0
"""How often, and every how many seconds, to look whether what was made can be seen: Salesforce takes a moment."""

_NOT_DONE, _NOT_SEEN_YET = 2, 3


def setup(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    user: Annotated[
        str | None,
        typer.Option(
            "--user", metavar="USERNAME", help="Who is to get the rights, if not the user that the config signs in as."
        ),
    ] = None,
    print_metadata: Annotated[
        Path | None,
        typer.Option("--print-metadata", metavar="FOLDER", help="Write it as metadata to deploy; needs no sign-in."),
    ] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Make in the CRM what the mappings need: key field and permission set in Salesforce, table in a database.

    Says first what there is to do, and asks. What is there already is left as it is, so that it can be run again at any
    time, also to go on where it stopped.
    """
    given = setting(context, config, log_format, output)
    if print_metadata is not None:
        return _write_metadata(given, print_metadata)
    settings, clock = given.config(), SystemClock()
    given.log(settings)
    mappings = [read_mapping(path) for path in settings.crm.mapping_files]
    uses = uses_of(settings, mappings)
    with closing(make_crm(settings, mappings)) as crm:
        plan = crm.prepare(uses, user, clock.sleep)
        if not given.json:
            _show(plan)
        if plan.due and not _agreed(given, yes=yes):
            if given.json:
                say_json(_as_json(plan, done=False))
            return _NOT_DONE
        for step in plan.due:
            if step.do:
                step.do()
            if not given.json:
                say(f"done: {step.what}")
        seen = not plan.due or not plan.is_own or _is_seen(crm, uses, clock)
    if given.json:
        say_json(_as_json(plan, done=True))
    return _conclude(given, plan, seen=seen)


def _show(plan: Preparation) -> None:
    say(f"What {plan.of} needs{f', with rights for {plan.user}' if plan.user else ''}:\n")
    width = max((len(standing) for standing in Standing), default=0)
    for step in plan.steps:
        say(f"  {step.standing:<{width}}  {step.what}")
        if step.note:
            say(textwrap.indent(step.note, " " * (width + 4)))
    say()


def _agreed(given: Setting, *, yes: bool) -> bool:
    if yes or given.json:
        return yes
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise SetupError(
            "There is something to do, and nobody to ask whether to do it.",
            done="Nothing was changed.",
            todo="Look at the list above, then: apten-crm setup --yes",
        )
    if typer.confirm("Do it?"):
        return True
    say("Nothing was changed.")
    return False


def _is_seen(crm: Crm, uses: Sequence[Use], clock: Clock) -> bool:
    """Whether every key field shows, and can be written, before long."""
    for look in range(_LOOKS):
        if look:
            clock.sleep(_LOOK_EVERY)
        fields = [crm.describe(use.target).fields.get(use.target.key_field) for use in uses]
        if all(field is not None and field.createable for field in fields):
            return True
    return False


def _conclude(given: Setting, plan: Preparation, *, seen: bool) -> int:
    if not seen:
        warn("It was made, but cannot be seen yet; Salesforce may take some minutes. Then look: apten-crm doctor")
        return _NOT_SEEN_YET
    yours = any(step.standing is Standing.YOURS for step in plan.steps)
    if given.json:
        return _NOT_DONE if yours else 0
    if yours:
        say(f"What is marked `{Standing.YOURS}` is left to you. Then look: apten-crm doctor")
        return _NOT_DONE
    say("All is set up." if plan.due else "Nothing to do: all is there.")
    if plan.is_own:
        say("Next: apten-crm doctor")
    else:
        say(f"Next, signed in as {plan.user}: apten-crm doctor")
    return 0


def _as_json(plan: Preparation, *, done: bool) -> dict[str, object]:
    steps = [{"what": step.what, "standing": step.standing.value, "note": step.note} for step in plan.steps]
    return {"of": plan.of, "user": plan.user, "done": done, "steps": steps}


def _write_metadata(given: Setting, folder: Path) -> int:
    settings, _ = read_settings(given.config_path, live=False)
    files = {folder / path: text for path, text in _metadata(settings).items()}
    if not files:
        raise SetupError(
            "`--print-metadata` is for Salesforce.",
            done="Nothing was written.",
            todo="`apten-crm setup` shows the statements that make the table.",
        )
    missing = {path: text for path, text in files.items() if not path.exists()}
    other = [str(path) for path in files if path not in missing and path.read_text(encoding="utf-8") != files[path]]
    if other:
        raise ConfigError(
            f"There already, with another content: {', '.join(other)}.",
            done="Nothing was written.",
            todo="Move it away, or name another folder.",
        )
    write_all(missing, instead="name another folder")
    if given.json:
        say_json([{"file": str(path), "new": path in missing} for path in files])
        return 0
    for path in files:
        say(f"wrote {path}" if path in missing else f"{path} is there already")
    say()
    say("Next, with Salesforce's own command line, signed in as an admin:")
    say(f"  sf project deploy start --metadata-dir {folder}")
    say("  sf org assign permset --name Apten_Call_Sync --on-behalf-of USERNAME")
    return 0


def _metadata(settings: Config) -> Mapping[str, str]:
    paths = settings.crm.mapping_files
    mappings = [read_mapping(path) for path in paths]
    required: dict[str, list[str]] = {}
    for snapshot in map(read_snapshot, paths):
        if snapshot is not None:
            names = [field.name for field in snapshot.fields.values() if field.required]
            required.setdefault(snapshot.object, []).extend(names)
    with closing(make_crm(settings, mappings)) as crm:
        return crm.metadata(uses_of(settings, mappings), required)
