"""`preview`: what the mapping makes of real calls, or in what it differs from an earlier version of itself."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.admin_files import read_mapping, read_snapshot
from connector.cli.drafts import say_call, show_fields, value_json
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.preview_against import preview_against
from connector.cli.printing import say, say_json
from connector.cli.versions import read_versions
from connector.clock import SystemClock
from connector.mapping.apply import compile_mappings
from connector.model import Skip
from connector.sync.attempt import Attempts
from connector.sync.recent import latest_calls, named_calls
from connector.wiring import make_source, refuse_other_crms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.config import Config
    from connector.mapping.apply import Mapping
    from connector.model import Draft
    from connector.ports import Log
    from connector.source_model import Call, Lead

_DEFAULT_LAST, _DEFAULT_LAST_AGAINST = 3, 20


def preview(
    context: typer.Context,
    call_ids: Annotated[list[str] | None, typer.Argument(metavar="CALL_ID", help="Calls by id.")] = None,
    last: Annotated[
        int | None,
        typer.Option("--last", min=1, help="The calls that changed last. (default: 3, or 20 with --against)"),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="OLD", help="An earlier version of the mapping.")
    ] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Show what the mapping makes of real calls. Reads from Apten; the CRM and the ledger are not touched.

    With --against, show which fields of these calls would change, and how, between the earlier version and the one
    that the config names. Calls that would not change are only counted. Ends with exit code 0 also if some would.
    """
    if call_ids and last:
        raise typer.BadParameter("give either call ids or --last")
    given = setting(context, config, log_format, output)
    settings = given.config()
    log = given.log(settings)
    now = SystemClock().now()
    if against is not None:
        versions = read_versions(settings, against)
        calls = _calls(settings, log, call_ids, last or _DEFAULT_LAST_AGAINST, now)
        preview_against(versions, calls, now, as_json=given.json)
        return 0
    mappings = compile_mappings((read_mapping(path), read_snapshot(path)) for path in settings.crm.mapping_files)
    refuse_other_crms(settings, mappings)
    shown = []
    for call, lead in _calls(settings, log, call_ids, last or _DEFAULT_LAST, now):
        made = [(mapping, mapping.apply(call, lead)) for mapping in mappings]
        if given.json:
            shown.append({"call": call.id, "activities": [_as_json(mapping, draft) for mapping, draft in made]})
        else:
            _show(call, lead, made, now)
    if given.json:
        say_json(shown)
    return 0


def _calls(
    settings: Config, log: Log, call_ids: list[str] | None, last: int, now: datetime
) -> Iterator[tuple[Call, Lead | None]]:
    attempts = Attempts(SystemClock(), random.random, log)
    with closing(make_source(settings)) as source:
        if call_ids:
            yield from named_calls(source, attempts, call_ids)
        else:
            yield from latest_calls(source, attempts, last, now)


def _show(call: Call, lead: Lead | None, made: list[tuple[Mapping, Draft | Skip]], now: datetime) -> None:
    say_call(call, lead, now)
    for mapping, draft in made:
        say(f"  {mapping.crm}/{mapping.target.object}, by the mapping {mapping.name!r}")
        until = mapping.wait_until(call)
        if until is not None and until > now:
            say(f"    waits for its summary or transcript until {until:%H:%M} UTC at most, then becomes:")
        if isinstance(draft, Skip):
            say(f"    not logged: {draft.reason}")
        else:
            say(show_fields({mapping.target.key_field: draft.key, **draft.fields}, draft.person))
    say()


def _as_json(mapping: Mapping, draft: Draft | Skip) -> dict[str, Any]:
    head = {"mapping": mapping.name, "target": mapping.target.name}
    if isinstance(draft, Skip):
        return {**head, "skipped": draft.reason}
    fields = {name: value_json(value) for name, value in draft.fields.items()}
    clues = draft.person.clues if draft.person else ()
    return {**head, "key": draft.key, "fields": fields, "person": [asdict(clue) for clue in clues]}
