"""`sync --plan` and `resync --plan`: what a run would write, and what that would cost; nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from connector.cli.change import change_text
from connector.cli.drafts import value_text
from connector.cli.printing import say, say_json, show_problems, table, tallies
from connector.cli.progress import progress
from connector.clock import SystemClock
from connector.sync.run import run
from connector.wiring import make_rules, open_plan

if TYPE_CHECKING:
    from connector.cli.options import Setting
    from connector.sync.plan import FieldChange, PlannedWrite
    from connector.sync.run import Report
    from connector.sync.select import Selection

_NOTHING = "(nothing)"


@dataclass(slots=True)
class _Told:
    """What is to be said of the writes: at once as text, or in the end as JSON."""

    as_json: bool
    fields: Counter[str] = field(default_factory=Counter)
    records: list[dict[str, Any]] = field(default_factory=list)

    def write(self, planned: PlannedWrite) -> None:
        """One activity that would be created or updated."""
        if planned.record_id is not None:
            self.fields.update(change.name for change in planned.changes)
        if self.as_json:
            self.records.append(_record(planned))
            return
        what = "create" if planned.record_id is None else f"update {planned.record_id}"
        say(f"{what}: {planned.target.object} of call {planned.call_id}")
        created = planned.record_id is None
        rows = [(each.name, _new(each) if created else _change(each)) for each in planned.changes]
        say(table(rows) if rows else "  nothing differs")


def plan(given: Setting, selection: Selection, *, limit: int | None, overwrite: bool) -> int:
    """Tell what the run would do. Nothing is written, and the ledger stays as it is."""
    config = given.config()
    log = given.log(config, quiet=True)
    show_problems(config.warnings)
    clock = SystemClock()
    rules = make_rules(config, clock)
    rules = replace(rules, limit=limit, overwrite=overwrite, resync=selection.kind == "resync", stop_above=None)
    told = _Told(given.json)
    with (
        progress(wanted=not given.json) as tell_progress,
        open_plan(config, clock=clock, log=log, tell=told.write, progress=tell_progress) as (house, crm),
    ):
        report = run(house, rules, selection)
    if given.json:
        counts = dict(sorted(report.counts.items()))
        say_json({"kind": selection.kind, "counts": counts, "crm_requests": crm.requests, "writes": told.records})
    else:
        _show(report, selection, told, crm.requests, config.sync.stop_above)
    return 0


def _show(report: Report, selection: Selection, told: _Told, requests: int, stop_above: int) -> None:
    rows = tallies(report.counts)
    say(f"\nA {selection.kind} now would do this{':' if rows else ': nothing.'}")
    if rows:
        say(table(rows))
    if told.fields:
        say(
            "  Fields that would change: " + ", ".join(f"{name} {count:,}" for name, count in told.fields.most_common())
        )
    say(f"  It would cost about {requests:,} requests to the CRM.")
    writes = report.counts.get("created", 0) + report.counts.get("updated", 0)
    if selection.braked and writes > stop_above:
        say(f"  That is more than sync.stop_above ({stop_above:,}): it needs `apten-crm sync --allow {writes}`.")
    say("Nothing was written.")


def _new(change: FieldChange) -> str:
    return value_text(change.new, None).replace("\n", "\n        ")


def _change(change: FieldChange) -> str:
    old, new = (_NOTHING if value in (None, "") else value_text(value, None) for value in (change.old, change.new))
    texts = [isinstance(value, str) and value != "" for value in (change.old, change.new)]
    return change_text(old, new, old_is_text=texts[0], new_is_text=texts[1])


def _record(planned: PlannedWrite) -> dict[str, Any]:
    return {
        "call": planned.call_id,
        "object": planned.target.object,
        "record": planned.record_id,
        "fields": {each.name: {"old": each.old, "new": each.new} for each in planned.changes},
    }
