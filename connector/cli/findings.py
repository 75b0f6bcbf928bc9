"""Findings as a reader is told them: grouped, with what each kind means and what to do about it."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector.cli.printing import say
from connector.sync.findings import REPAIRABLE, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sync.findings import Finding

_EXAMPLES = 5
_OF_ONE_CALL = frozenset({Kind.OTHER_PERSON, Kind.LINKABLE})
"""Kinds whose reason names a person: it is no cause that calls share."""
_WITH_RECORDS = frozenset({Kind.DOUBLED, Kind.ORPHANED, Kind.OTHER_PERSON, Kind.DIFFERS})

MEANINGS: Mapping[Kind, tuple[str, str]] = {
    Kind.MISSING: (
        "the mapping logs these calls, and they have no activity",
        "`apten-crm reconcile --repair` logs them; those that ended after the last sync, the next one will.",
    ),
    Kind.STALE: (
        "the activity does not say what the mapping makes of the call now, and nobody is known to have edited it there",
        "`apten-crm reconcile --repair` updates them.",
    ),
    Kind.DIFFERS: (
        "the activity says something else than the mapping makes of the call; whether somebody edited it is not known",
        "It is kept, as an edit is; `apten-crm resync CALL_ID --overwrite` replaces it.",
    ),
    Kind.LINKABLE: (
        "the activity was logged without a person, and today's rule finds one",
        "`apten-crm reconcile --repair` links them.",
    ),
    Kind.OTHER_PERSON: (
        "the activity is with another person than today's rule chooses",
        "It is left there: somebody may have moved it. `apten-crm resync CALL_ID --overwrite` sets the person anew.",
    ),
    Kind.DOUBLED: (
        "several records hold the key of one call",
        "The first is kept up to date. Delete the others in the CRM.",
    ),
    Kind.ORPHANED: (
        "Apten no longer has the call of this activity, whenever it was",
        "Nothing is deleted. If they are to go, delete them in the CRM.",
    ),
    Kind.PARKED: (
        "these calls could not be logged as they are",
        "`apten-crm explain CALL_ID` says why. Mend the cause, then: apten-crm resync --parked",
    ),
    Kind.WAITING: ("these calls are not to be logged yet", ""),
    Kind.UNLINKED: ("the activity has no person, and today's rule finds nobody", ""),
    Kind.EDITED: ("somebody changed the activity in the CRM, and that is kept", ""),
    Kind.DELETED: (
        "the activity was there and is no longer found by its key: a sync leaves it so",
        "`apten-crm resync CALL_ID` logs such a call again.",
    ),
}
"""What each kind means, and what to do; kinds that are no more than counted have none."""


@dataclass(slots=True)
class _Group:
    count: int = 0
    examples: list[str] = field(default_factory=list)
    details: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Told:
    """Collects findings: examples and tallies of each kind, and with `whole` every one of them for a program."""

    whole: bool
    records: list[dict[str, Any]] = field(default_factory=list)
    _groups: dict[Kind, _Group] = field(default_factory=lambda: defaultdict(_Group))

    def add(self, finding: Finding) -> None:
        """One more."""
        if self.whole:
            self.records.append(as_json(finding))
            return
        group = self._groups[finding.kind]
        group.count += 1
        if finding.reason and finding.kind not in _OF_ONE_CALL:
            group.details[finding.reason] += 1
        group.details.update(finding.fields)
        records = f" ({', '.join(finding.record_ids)})" if finding.kind in _WITH_RECORDS else ""
        insort(group.examples, finding.call_id + records)
        del group.examples[_EXAMPLES:]

    def say(self, *, repairing: bool) -> None:
        """Every kind that was found: how often, what it means, a few calls, and what to do, unless it is being done."""
        for kind, (means, todo) in MEANINGS.items():
            if kind not in self._groups:
                continue
            group = self._groups[kind]
            say(f"\n{kind.capitalize()}: {group.count:,}, {means}.")
            if group.details:
                say("  " + ", ".join(f"{name} {count:,}" for name, count in group.details.most_common()))
            say(f"  for instance {', '.join(group.examples)}")
            if todo and not (repairing and kind in REPAIRABLE):
                say(f"  {todo}")


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding for a program."""
    return {
        "kind": finding.kind,
        "call": finding.call_id,
        "target": finding.target,
        "records": finding.record_ids,
        "fields": finding.fields,
        "reason": finding.reason,
        "until": finding.until,
    }
