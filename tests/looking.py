"""Looks at a town as `reconcile` does, and what people do to its activities meanwhile."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.sandbox.faults import Fault
from connector.sync.findings import Kind
from connector.sync.reconcile import reconcile
from connector.wiring import make_rules, open_plan
from tests.town import at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.sync.findings import Finding
    from tests.town import Town

BEGIN, END = at("2026-05-01T00:00:00+00:00"), at("2027-01-01T00:00:00+00:00")
_IN_ANY_WORLD = {Kind.UNLINKED, Kind.WAITING}


@dataclass
class Seen:
    """What a look told."""

    counts: Mapping[str, int]
    findings: list[Finding]

    def of(self, kind: Kind) -> list[str]:
        """The calls found so, sorted."""
        return sorted(finding.call_id for finding in self.findings if finding.kind is kind)

    def the(self, kind: Kind) -> Finding:
        """The only one of a kind."""
        (found,) = [finding for finding in self.findings if finding.kind is kind]
        return found

    @property
    def kinds(self) -> set[Kind]:
        """All that was found but what is found in any world."""
        return {finding.kind for finding in self.findings} - _IN_ANY_WORLD


def look(town: Town, *, since: str | None = None, until: str | None = None) -> Seen:
    """Look, and make sure that nothing was changed by it."""
    before, lying_about = rows(town), files(town)
    findings: list[Finding] = []
    begin, end = at(since) if since else BEGIN, at(until) if until else END
    config = town.config()
    with open_plan(config, clock=town.clock, log=town.log) as (house, _):
        looked = reconcile(house, make_rules(config, town.clock), begin, end, findings.append)
    assert rows(town) == before
    assert files(town) == lying_about
    return Seen(looked.counts, findings)


def files(town: Town) -> dict[str, str]:
    """Everything that lies in the town's folder, by content."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in town.folder.iterdir() if path.is_file()
    }


def rows(town: Town) -> dict[str, dict[str, Any]]:
    """The activities by key."""
    return {row[town.key_field]: row for row in town.activities()}


def edit(town: Town, call_id: str, field: str, value: str | None) -> None:
    """A person changes one field of the call's activity."""
    if town.kind == "salesforce":
        next(task for task in town.org.tasks.values() if task[town.key_field] == call_id)[field] = value
    else:
        written = "NULL" if value is None else f"'{value}'"
        town.sql(f"UPDATE calls SET {field} = {written} WHERE call_id = '{call_id}'")  # a test's own words


def delete(town: Town, call_id: str) -> None:
    """A person deletes the call's activity."""
    if town.kind == "salesforce":
        town.org.delete(town.activity(call_id)["Id"])
    else:
        town.sql(f"DELETE FROM calls WHERE call_id = '{call_id}'")  # a test's own words


def refuse(town: Town, number: int) -> None:
    """Salesforce takes no subject of the next write, which is one of so many calls."""
    error = {"statusCode": "STRING_TOO_LONG", "message": "data value too large", "fields": ["Subject"]}
    body = json.dumps([{"success": False, "errors": [error]}] * number).encode()
    town.salesforce.faults.add(Fault("^PATCH ", status=200, body=body), times=1)


def lose_ledger(town: Town) -> None:
    """The ledger is gone."""
    for file in town.folder.glob("ledger.db*"):
        file.unlink()
