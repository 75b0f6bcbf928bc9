"""`sync --plan` and `resync --plan`: what a run would write, and what that would cost; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.cli.plan_told import PlanTold
from connector.cli.printing import counted, say, say_json, show_problems, warn
from connector.cli.progress import progress
from connector.clock import SystemClock
from connector.model import State
from connector.sync.run import is_braked, run
from connector.wiring import make_rules, open_plan

if TYPE_CHECKING:
    from connector.cli.options import Setting
    from connector.sync.select import Selection

_NOT_WHOLE = 3


def plan(given: Setting, selection: Selection, *, limit: int | None, allow: int | None, overwrite: bool) -> int:
    """Tell what the run would do. Nothing is written, and the ledger stays as it is."""
    config = given.config()
    given.log(config, quiet=True)
    show_problems(config.warnings)
    clock = SystemClock()
    rules = make_rules(config, clock)
    rules = replace(rules, limit=limit, overwrite=overwrite, resync=selection.kind == "resync", stop_above=None)
    told = PlanTold(whole=given.json)
    with (
        progress(wanted=not given.json) as tell_progress,
        open_plan(config, clock=clock, log=told, tell=told.write, progress=tell_progress) as (house, crm),
    ):
        braked = is_braked(house, selection)
        report = run(house, rules, selection)
    writes = len(told.written)
    stops = braked and writes > max(allow or 0, config.sync.stop_above)
    if given.json:
        needs = {"needs_allow": writes if stops else None}
        say_json({"kind": selection.kind, **told.as_json(report.counts), "crm_requests": crm.requests, **needs})
    else:
        told.say(selection.kind, report.counts, crm.requests)
        if stops:
            say(f"\nA sync stops before its first write: sync.stop_above allows {config.sync.stop_above:,} of them.")
            say(f"If it is right, run it once with: apten-crm sync --allow {writes}")
        say("\nNothing was written.")
    if report.counts.get("unknown"):
        warn(f"Apten does not know {report.counts['unknown']:,} of the calls named. Check the ids.")
    if report.counts.get(State.LEFT_OVER):
        failed = counted(report.counts[State.LEFT_OVER], "request")
        warn(f"{failed} kept failing, so the plan is not whole. Ask for it again.")
        return _NOT_WHOLE
    return 0
