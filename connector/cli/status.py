"""`status`: where the ledger stands."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from connector.admin_files import read_mapping
from connector.cli.offline import read_where_ledger_is
from connector.cli.options import ConfigOption, FormatOption, LogFormatOption, setting
from connector.cli.printing import named, say, say_json, show_problems, table
from connector.cli.words import idle_start
from connector.clock import SystemClock
from connector.errors import ConfigError, MappingError
from connector.mapping.apply import compile_mapping
from connector.wiring import meaning, read_standing, requests_to_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.config import Config
    from connector.mapping.apply import Mapping
    from connector.standing import Group, RunRecord, Summary


_WHEN = "%Y-%m-%d %H:%M UTC"


def status(
    context: typer.Context,
    config: ConfigOption = None,
    log_format: LogFormatOption = None,
    output: FormatOption = None,
) -> int:
    """Show how far the connector is, what waits, and what needs a person. Asks neither Apten nor the CRM."""
    given = setting(context, config, log_format, output)
    settings = read_where_ledger_is(given.config_path)
    given.log(settings)
    show_problems(settings.warnings)
    summary = read_standing(settings, SystemClock())
    parked = summary.parked if summary else ()
    mappings = _mappings(settings) if parked else []
    tried = _tried_again(parked, mappings)
    if given.json:
        say_json(asdict(summary) if summary else None)
    elif summary is None:
        say("No ledger yet: nothing was synced so far. Begin with: apten-crm sync")
    else:
        _show_status(summary, settings)
        _show_parked(tried, settings, mappings)
        _show_abandoned([group for group in parked if group not in tried])
    return 1 if tried else 0


def _show_status(summary: Summary, settings: Config) -> None:
    last = summary.last_run
    rows: list[tuple[str, object]] = [
        ("calls known", f"{summary.calls:,}"),
        ("complete up to", f"{summary.watermark:{_WHEN}}" if summary.watermark else "no sync got that far yet"),
        ("last success", f"{summary.last_success:{_WHEN}}" if summary.last_success else "none yet"),
        ("last ended run", _told(last) if last else "none yet"),
        ("due now", f"{summary.due:,}" + _of_leads(summary.due_leads)),
        ("waiting", f"{_sum(summary.waiting):,}"),
        ("logged incomplete", f"{_sum(summary.incomplete):,}, of which {summary.awaited:,} are looked at again"),
        ("left over", f"{summary.left_over:,}"),
    ]
    if requests := summary.requests:
        most = requests_to_use(settings, requests.allowed)
        used = f"{requests.used:,} of {requests.allowed:,} in 24 hours, as of {requests.at:{_WHEN}}"
        rows.append(("CRM requests", f"{used}; runs stop at {most:,} (crm.api_budget)"))
    say(table(rows, indent=""))
    if idle := idle_start(settings, summary.start):
        say(idle)
    for target, states in summary.states.items():
        say(f"\n{target}")
        say(table([(state.value, f"{count:,}") for state, count in states.items()]))
    _show_groups("Waiting", summary.waiting)
    _show_groups("Logged, but so far", summary.incomplete)
    _show_groups("Skipped", summary.skipped)
    _show_groups("Without a person", summary.unlinked)


def _told(last: RunRecord) -> str:
    by = f" ({last.error})" if last.error else ""
    return f"{last.kind} {last.id}, exit code {last.exit_code}{by}"


def _of_leads(due: int) -> str:
    return f", and {due:,} leads whose calls are still to be listed" if due else ""


def _sum(groups: Sequence[Group]) -> int:
    return sum(group.count for group in groups)


def _show_groups(title: str, groups: tuple[Group, ...]) -> None:
    if groups:
        say(f"\n{title}")
    for group in groups:
        say(f"  {group.count:,} × {group.reason}")  # noqa: RUF001  # the sign for times


def _show_parked(groups: Sequence[Group], settings: Config, mappings: Sequence[Mapping | None]) -> None:
    if not groups:
        return
    say("\nParked")
    lines = _lines(mappings)
    several = len({group.target for group in groups}) > 1
    for group in groups:
        means, todo = meaning(settings, group.reason) or ("", "")
        shown = named(group.reason, group.fields, lines) + (f": {means}" if means else "")
        shown += f" (under {group.target})" if several else ""
        say(f"  {group.count:,} × {shown}")  # noqa: RUF001  # the sign for times
        if todo:
            say(f"      {todo}")
        say(f"      For instance {', '.join(group.call_ids)}.")
        if group.first and group.last:
            say(f"      Tried first {group.first:{_WHEN}}, last {group.last:{_WHEN}}.")
    say("A sync tries them again by itself once the mapping or the CRM's fields have changed.")
    say("After any other cure (a rule or a right in the CRM): apten-crm resync --parked")


def _show_abandoned(groups: Sequence[Group]) -> None:
    if not groups:
        return
    say("\nParked under a target that no mapping writes to any more; nothing tries these again")
    for group in groups:
        shown = named(group.reason, group.fields, {})
        say(f"  {group.count:,} × {shown}, under {group.target}")  # noqa: RUF001  # the sign for times


def _tried_again(parked: Sequence[Group], mappings: Sequence[Mapping | None]) -> list[Group]:
    """Those that somebody has to do something about: of the targets that mappings write to, or may."""
    targets = {mapping.target.name for mapping in mappings if mapping}
    return [group for group in parked if group.target in targets or None in mappings]


def _mappings(settings: Config) -> list[Mapping | None]:
    """The mappings as they stand now; None for one that cannot be used."""
    mappings: list[Mapping | None] = []
    for path in settings.crm.mapping_files:
        mappings.append(None)
        with suppress(ConfigError, MappingError):
            mappings[-1] = compile_mapping(read_mapping(path))
    return mappings


def _lines(mappings: Sequence[Mapping | None]) -> dict[str, str]:
    """Where the mappings write each field."""
    lines: dict[str, list[str]] = defaultdict(list)
    for mapping in filter(None, mappings):
        for name, line in mapping.lines.items():
            lines[name].append(line)
    return {name: ", ".join(found) for name, found in lines.items()}
