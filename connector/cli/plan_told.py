"""A plan as a reader is told it: the totals first, then a few activities of each kind; to a program all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.cli.change import change_of_held, shortened
from connector.cli.printing import counted, say, table, tallies
from connector.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sync.plan import PlannedWrite

_SHOWN = 10
_NOT_WRITTEN = {f"call.{outcome}": outcome for outcome in Outcome if outcome is not Outcome.WRITTEN}


@dataclass(slots=True)
class PlanTold:
    """Collects what a run would do: writes are told by the CRM, all else by what would be logged of each call.

    Satisfies `ports.Log`. What is kept for a reader does not grow with the number of calls, but for their ids.

    Args:
        whole: keep everything, for a program.
        written: activities that would be created or updated, each once: a run may write to one twice.
    """

    whole: bool
    written: set[tuple[str, str]] = field(default_factory=set)
    _creates: list[PlannedWrite] = field(default_factory=list)
    _updates: list[PlannedWrite] = field(default_factory=list)
    _number: Counter[str] = field(default_factory=Counter)
    _fields: Counter[str] = field(default_factory=Counter)
    _kept: list[Mapping[str, Any]] = field(default_factory=list)
    _kept_fields: Counter[str] = field(default_factory=Counter)
    _not_written: list[Mapping[str, Any]] = field(default_factory=list)
    _reasons: dict[Outcome, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def write(self, planned: PlannedWrite) -> None:
        """An activity that would be created or updated."""
        self.written.add((planned.target.name, planned.call_id))
        if planned.record_id is None:
            self._number["creates"] += 1
            self._keep(self._creates, planned)
        elif planned.changes or self.whole:
            self._number["updates"] += 1
            self._keep(self._updates, planned)
            self._fields.update(change.name for change in planned.changes)
        else:
            self._number["the same"] += 1

    def info(self, event: str, **fields: Any) -> None:
        """What a run would log of a call."""
        if event == "edit.kept":
            self._kept_fields.update(fields["fields"])
            self._keep(self._kept, {"call": fields["call_id"], "target": fields["target"], "fields": fields["fields"]})
        elif outcome := _NOT_WRITTEN.get(event):
            reason = fields.get("reason") or fields.get("code")
            if reason:
                self._reasons[outcome][reason] += 1
            self._keep(
                self._not_written,
                {"call": fields["call_id"], "target": fields["target"], "outcome": outcome, "reason": reason},
            )

    def warning(self, event: str, **fields: Any) -> None:
        """The same of something that a person may want to look at."""
        self.info(event, **fields)

    def _keep(self, kept: list[Any], one: object) -> None:
        if self.whole or len(kept) < _SHOWN:
            kept.append(one)

    def as_json(self, counts: Mapping[str, int]) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "counts": dict(sorted(counts.items())),
            "fields": dict(self._fields.most_common()),
            "writes": [_record(each) for each in (*self._creates, *self._updates)],
            "edits_kept": self._kept,
            "not_written": self._not_written,
        }

    def say(self, kind: str, counts: Mapping[str, int], requests: int) -> None:
        """The totals, what it costs, and the first activities that would be updated and created."""
        rows = tallies(counts)
        say(f"A {kind} now would do this{':' if rows else ': nothing.'}")
        if rows:
            say(table([(name, f"{number:>7}{self._of(name)}") for name, number in rows]))
        if self._fields:
            say(f"Fields that would change: {_tallied(self._fields)}")
        if self._number["the same"]:
            say(f"Would be written with what they hold already: {self._number['the same']:,}.")
        if counts.get("doubled"):
            say(f"{counts['doubled']:,} calls have several records in the CRM: the first of each is kept up to date.")
        if counts.get("made anew"):
            anew = counted(counts["made anew"], "activity is", "activities are")
            say(f"{anew} no longer in the CRM, deleted or without key, and would be made anew.")
        if counts.get("over limit"):
            say(f"{counts['over limit']:,} calls more are left out, as --limit says.")
        say(f"It would cost {counted(requests, 'request')} to the CRM.")
        self._say_writes("updates", self._updates)
        self._say_writes("creates", self._creates)
        if self._kept:
            say("\nKept, since the CRM holds in them what the connector did not write (`--overwrite` replaces it):")
            say(table([(each["call"], ", ".join(each["fields"])) for each in self._kept]))
        if self._creates or self._updates or self._kept:
            say("\nAll of them, with whole values: --format json")

    def _of(self, name: str) -> str:
        """Of what a tally is made."""
        if name == "edits kept":
            return f"  {_tallied(self._kept_fields)}"
        reasons = self._reasons.get(Outcome(name)) if name in list(Outcome) else None
        return f"  {_tallied(reasons)}" if reasons else ""

    def _say_writes(self, what: str, shown: list[PlannedWrite]) -> None:
        if not shown:
            return
        number = self._number[what]
        say(f"\n{what.capitalize()}{f', the first {len(shown)} of {number:,}' if number > len(shown) else ''}:")
        for planned in shown:
            record = f" {planned.record_id}" if planned.record_id else ""
            say(f"\n  {planned.target.object}{record} of call {planned.call_id}")
            rows = [
                (each.name, change_of_held(each.old, each.new) if planned.record_id else shortened(each.new))
                for each in planned.changes
            ]
            say(table(rows, indent="    "))


def _tallied(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.most_common())


def _record(planned: PlannedWrite) -> dict[str, Any]:
    return {
        "call": planned.call_id,
        "target": planned.target.name,
        "object": planned.target.object,
        "record": planned.record_id,
        "fields": {each.name: {"old": each.old, "new": each.new} for each in planned.changes},
    }
