"""`preview` and `status`: looking without touching."""

from __future__ import annotations

import random
import textwrap
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import say, say_json, table
from connector.clock import SystemClock
from connector.mapping.apply import compile_mapping
from connector.model import Lookup, PersonRef, Skip
from connector.sync.attempt import Attempts
from connector.sync.recent import latest_calls, named_calls
from connector.sync.settle import is_running
from connector.wiring import compile_for, make_source, read_mapping, read_snapshot, read_standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.config import Config
    from connector.mapping.apply import Mapping
    from connector.model import Draft, DraftValue, PersonSearch
    from connector.ports import Log
    from connector.source_model import Call, Lead
    from connector.standing import Group, Summary

_DEFAULT_LAST = 3


def preview(
    context: typer.Context,
    call_ids: Annotated[list[str] | None, typer.Argument(metavar="CALL_ID", help="Calls by id.")] = None,
    last: Annotated[int | None, typer.Option("--last", min=1, help="The calls that changed last. (default: 3)")] = None,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Show what the mapping makes of real calls. Reads from Apten; the CRM and the ledger are not touched."""
    if call_ids and last:
        raise typer.BadParameter("give either call ids or --last")
    given = setting(context, config, log_format, output)
    settings = given.config()
    log = given.log(settings)
    compile_for(settings, [read_mapping(path) for path in settings.crm.mapping_files])
    mappings = [compile_mapping(read_mapping(path), read_snapshot(path)) for path in settings.crm.mapping_files]
    shown = []
    for call, lead in _calls(settings, log, call_ids, last or _DEFAULT_LAST):
        made = [(mapping, mapping.apply(call, lead)) for mapping in mappings]
        if given.json:
            shown.append({"call": call.id, "activities": [_as_json(mapping, draft) for mapping, draft in made]})
        else:
            _show(call, lead, made)
    if given.json:
        say_json(shown)
    return 0


def _calls(settings: Config, log: Log, call_ids: list[str] | None, last: int) -> Iterator[tuple[Call, Lead | None]]:
    clock = SystemClock()
    attempts = Attempts(clock, random.random, log)
    with closing(make_source(settings)) as source:
        if call_ids:
            yield from named_calls(source, attempts, call_ids)
        else:
            yield from latest_calls(source, attempts, last, clock.now())


def _show(call: Call, lead: Lead | None, made: list[tuple[Mapping, Draft | Skip]]) -> None:
    when = f"{call.created_at:%Y-%m-%d %H:%M} UTC"
    say(f"Call {call.id}: {call.direction} {call.call_status}, {call.duration_seconds} s, {when}")
    now = SystemClock().now()
    if is_running(call, now):
        say("  still in progress: a sync holds it until it is over")
    if lead is not None and lead.deleted:
        say("  its lead is deleted in Apten: a sync leaves it out unless it was logged before")
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


def show_fields(fields: dict[str, DraftValue], person: PersonSearch | None = None) -> str:
    """Fields with their values, aligned; long texts on lines of their own."""
    rows = []
    for name, value in fields.items():
        text = _text(value, person)
        rows.append((name, textwrap.indent(text, " " * 8).join(("\n", "")) if "\n" in text else text))
    return table(rows, indent="    ")


def _text(value: DraftValue, person: PersonSearch | None) -> str:
    if isinstance(value, PersonRef | Lookup):
        return ", else ".join(
            [_open_text(value, person), *([] if value.otherwise is None else [_text(value.otherwise, person)])]
        )
    if value is None:
        return "(emptied)"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _open_text(value: PersonRef | Lookup, person: PersonSearch | None) -> str:
    if isinstance(value, Lookup):
        return f"the {value.object} with " + " and ".join(f"{name} {held}" for name, held in value.where)
    what = "the person" if value.part == "id" else f"the {value.part} of the person"
    clues = person.clues if person else ()
    return " or ".join(f"{what} with {clue.by} {clue.value}" for clue in clues) or "nobody: no way to find a person"


def _as_json(mapping: Mapping, draft: Draft | Skip) -> dict[str, Any]:
    head = {"mapping": mapping.name, "target": mapping.target.name}
    if isinstance(draft, Skip):
        return {**head, "skipped": draft.reason}
    fields = {name: _plain(value) for name, value in draft.fields.items()}
    clues = draft.person.clues if draft.person else ()
    return {**head, "key": draft.key, "fields": fields, "person": [asdict(clue) for clue in clues]}


def _plain(value: DraftValue) -> Any:
    if not isinstance(value, PersonRef | Lookup):
        return value
    what = (
        {"person": value.part} if isinstance(value, PersonRef) else {"find": value.object, "where": dict(value.where)}
    )
    return what if value.otherwise is None else {**what, "default": _plain(value.otherwise)}


def status(
    context: typer.Context,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Show how far the connector is, what waits, and what needs a person. Asks neither Apten nor the CRM."""
    given = setting(context, config, log_format, output)
    settings = given.config()
    given.log(settings)
    summary = read_standing(settings, SystemClock())
    if given.json:
        say_json(asdict(summary) if summary else None)
    elif summary is None:
        say("No ledger yet: nothing was synced so far. Begin with: apten-crm sync")
    else:
        _show_status(summary)
    return 1 if summary and summary.parked else 0


def _show_status(summary: Summary) -> None:
    when = "%Y-%m-%d %H:%M UTC"
    last = summary.last_run
    rows: list[tuple[str, object]] = [
        ("calls known", f"{summary.calls:,}"),
        ("complete up to", f"{summary.watermark:{when}}" if summary.watermark else "no sync got that far yet"),
        ("last success", f"{summary.last_success:{when}}" if summary.last_success else "none yet"),
        ("last run", f"{last.kind} {last.id}, exit code {last.exit_code}" if last else "none yet"),
        ("due now", f"{summary.due:,}"),
        ("left over", f"{summary.left_over:,}"),
    ]
    say(table(rows, indent=""))
    for target, states in summary.states.items():
        say(f"\n{target}")
        say(table([(state.value, f"{count:,}") for state, count in states.items()]))
    _show_groups("Waiting", summary.waiting)
    _show_groups("Not logged", summary.skipped)
    _show_groups("Without a person", summary.unlinked)
    _show_groups("Parked", summary.parked)
    if summary.parked:
        say("Mend the cause (the mapping, a rule or a right in the CRM), then: apten-crm resync --parked")


def _show_groups(title: str, groups: tuple[Group, ...]) -> None:
    if groups:
        say(f"\n{title}")
    for group in groups:
        say(f"  {group.count:,} × {group.reason}")  # noqa: RUF001  # the sign for times
        if group.call_ids:
            say(f"      for instance {', '.join(group.call_ids)}")
