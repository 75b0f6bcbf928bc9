"""How many calls would change between two versions of a mapping, and in what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.cli.printing import counted, table
from connector.mapping.compare import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.mapping.compare import Differences


@dataclass(slots=True)
class Totals:
    """Numbers of calls.

    Args:
        calls: compared.
        changed: that would change in anything.
        fields: in each field, that would get another value there. Only calls that both versions log count here and in
            the next two.
        person: whose person would be looked for otherwise.
        wait: that would be held for longer, or less long.
        newly_logged: that only the new version logs.
        no_longer_logged: that only the old version logs.
        left_out_otherwise: that neither logs, for different reasons.
        policies: no number: the fields that would be written under another policy.
    """

    calls: int = 0
    changed: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    person: int = 0
    wait: int = 0
    newly_logged: int = 0
    no_longer_logged: int = 0
    left_out_otherwise: int = 0
    policies: dict[str, Change[str]] = field(default_factory=dict)

    def add(self, differences: Differences) -> None:
        """Count one call."""
        self.calls += 1
        self.changed += differences.change_the_call
        self.policies.update(differences.policies)
        match differences.skipped:
            case None:
                for name in differences.fields:
                    self.fields[name] = self.fields.get(name, 0) + 1
                self.person += differences.person is not None
                self.wait += differences.wait_until is not None
            case Change(new=None):
                self.newly_logged += 1
            case Change(old=None):
                self.no_longer_logged += 1
            case _:
                self.left_out_otherwise += 1


def show_totals(totals: Totals) -> str:
    """The numbers in words, and what a changed mapping does not do by itself."""
    calls = counted(totals.calls, "call")
    lines = []
    if totals.policies:
        rows = [(name, f"{change.old} → {change.new}") for name, change in totals.policies.items()]
        lines += ["Written under another policy (`write`):", table(rows), ""]
    if totals.changed:
        lines.append(f"{totals.changed:,} of {calls} would change: {'; '.join(_parts(totals))}")
    elif totals.calls:
        lines.append(f"None of {calls} would change.")
    else:
        lines.append("Apten has no calls to compare.")
    if totals.changed or totals.policies:
        lines += [
            "A changed mapping alone rewrites nothing that is logged already.",
            "`apten-crm resync --mapping-changed` does, but keeps people's edits and what is written at creation only.",
        ]
    if totals.no_longer_logged:
        lines.append("Nothing is deleted: what is logged stays in the CRM, also where its call no longer would be.")
    return "\n".join(lines)


def _parts(totals: Totals) -> Iterator[str]:
    counts = sorted(totals.fields.items(), key=lambda item: item[1], reverse=True)
    counts += [("the person", totals.person), ("the wait", totals.wait)]
    if any(count for _, count in counts):
        yield ", ".join(f"{name} {count:,}" for name, count in counts if count)
    if totals.newly_logged:
        yield f"{totals.newly_logged:,} would be logged that the old version leaves out"
    if totals.no_longer_logged:
        yield f"{totals.no_longer_logged:,} would no longer be logged"
    if totals.left_out_otherwise:
        yield f"{totals.left_out_otherwise:,} would be left out for another reason"
