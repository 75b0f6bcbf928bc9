"""A town of few rows made by hand, whose Apten and whose connector need not agree on the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.sandbox.apten import AptenStandIn
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import stamp_text
from connector.sandbox.world import World
from tests.clock import FakeClock
from tests.town import Town, at

if TYPE_CHECKING:
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

BEGIN = at("2026-06-20T09:00:00+00:00")
NO_SKEW = timedelta()
KINDS = ("database", pytest.param("salesforce", marks=pytest.mark.soak))
"""Of CRMs: one in a slice, each in the full numbers."""
LONG = timedelta(days=2)
"""After so long, every call has had its last look, and every lead its sweep."""


@dataclass
class Place:
    """A town, Apten's habits, and Apten's clock beside the connector's own, which is `town.clock`."""

    town: Town
    apten: AptenStandIn
    theirs: FakeClock

    @property
    def world(self) -> World:
        return self.town.world

    def pass_by(self, **span: float) -> None:
        """Time passes for everybody."""
        self.theirs.advance(**span)
        self.town.clock.advance(**span)

    def rest(self, *, parked: bool = False) -> None:
        """Run after run until every call has settled; all of them, or all but what is parked."""
        for hours in (1, 3, 25, 25):
            self.pass_by(hours=hours)
            assert self.town.run().exit_code == int(parked)

    def add_lead(self, lead_id: str, stamp: datetime | None = None, **lead: Any) -> None:
        """A lead comes, now or at another time."""
        text = stamp_text(stamp or self.theirs.now())
        stamps = {"createdAt": text, "updatedAt": text, "lastActivityAt": text}
        self.world.add_lead({"id": lead_id, "firstName": "Lee", "tags": [], "deleted": False, **stamps, **lead})

    def add_call(self, call_id: str, lead_id: str | None, stamp: datetime | None = None, **call: Any) -> None:
        """A lead is called, now or at another time."""
        text = stamp_text(stamp or self.theirs.now())
        whose = {"leadId": lead_id} if lead_id else {"sessionId": f"session-of-{call_id}"}
        said = {"summary": "They agreed.", "transcript": [{"role": "user", "content": "Monday is fine."}]}
        how = {"direction": "OUTBOUND", "callStatus": "COMPLETE", "durationSeconds": 60}
        self.world.add_call({"id": call_id, **whose, **how, **said, "createdAt": text, "updatedAt": text, **call})


def settle_place(
    stack: ExitStack, kind: str, folder: Path, *, skew: timedelta = NO_SKEW, page: int | None = None
) -> Place:
    """A place without people, served until the stack is closed.

    Args:
        stack: keeps the servers up.
        kind: the CRM.
        folder: for config, mapping and ledger.
        skew: how far the connector's clock is ahead of everybody else's.
        page: rows in a page of Apten's.
    """
    theirs, world, org = FakeClock(BEGIN), World(), SalesforceOrg()
    apten = AptenStandIn(world, now=theirs.now)
    apten.largest_page = page or apten.largest_page
    answering = stack.enter_context(LocalServer(apten.app))
    salesforce = stack.enter_context(LocalServer(SalesforceStandIn(org, now=theirs.now).app))
    return Place(Town(kind, folder, world, answering, salesforce, org, FakeClock(BEGIN + skew)), apten, theirs)
