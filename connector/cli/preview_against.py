"""Compares two versions of a mapping call by call, and shows in what they differ."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from connector.cli.differences import show_differences
from connector.cli.drafts import say_call, value_json
from connector.cli.printing import say, say_json
from connector.cli.totals import Totals, show_totals
from connector.mapping.compare import Made, compare

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from connector.cli.versions import Versions
    from connector.mapping.apply import Mapping
    from connector.mapping.compare import Differences, Written
    from connector.source_model import Call, Lead


def preview_against(
    versions: Versions, calls: Iterable[tuple[Call, Lead | None]], now: datetime, *, as_json: bool
) -> None:
    """Print what would change in these calls between the two versions. Calls that would not change are only counted."""
    totals = Totals()
    records = []
    if not as_json:
        say(f"{versions.old_file} → {versions.new_file}, {versions.new.crm}/{versions.new.target.name}\n")
    for call, lead in calls:
        old, new = _made(versions.old, call, lead), _made(versions.new, call, lead)
        differences = compare(old, new)
        totals.add(differences)
        if not differences.change_the_call:
            continue
        records.append(_as_json(call, differences))
        if not as_json:
            say_call(call, lead, now)
            say(show_differences(differences, old, new) + "\n")
    if as_json:
        head = {"old": versions.old_file, "new": versions.new_file, "target": versions.new.target.name}
        say_json({**head, "calls": records, "totals": asdict(totals)})
    else:
        say(show_totals(totals))


def _made(mapping: Mapping, call: Call, lead: Lead | None) -> Made:
    return Made(mapping.apply(call, lead), mapping.wait_until(call))


def _as_json(call: Call, differences: Differences) -> dict[str, Any]:
    """A call with what differs; what does not is left out."""
    found: dict[str, Any] = {"call": call.id}
    if differences.skipped:
        found["skipped"] = asdict(differences.skipped)
    if differences.fields:
        found["fields"] = {
            name: {"old": _field_json(change.old), "new": _field_json(change.new)}
            for name, change in differences.fields.items()
        }
    if differences.person:
        found["person"] = asdict(differences.person)
    if differences.wait_until:
        found["wait_until"] = asdict(differences.wait_until)
    return found


def _field_json(written: Written | None) -> dict[str, Any] | None:
    return None if written is None else {"value": value_json(written.value), "write": written.policy}
