"""A town whose every morning asks every sort of request several times: few rows, but in small pages and batches."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from connector.apten.client import Apten
from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import ClientCredentials
from connector.errors import RunError, SetupError
from connector.sandbox.apten import AptenStandIn
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import stamp_text
from connector.sandbox.world import World
from connector.sync.run import run
from connector.sync.select import EverythingNew, Selection
from connector.wiring import make_rules, open_house
from tests.clock import FakeClock
from tests.reliability.endpoints import ENDPOINTS, SALESFORCE
from tests.reliability.http_faults import CANARY
from tests.town import ENVIRON, Town, at

if TYPE_CHECKING:
    from contextlib import ExitStack
    from pathlib import Path

    from tests.reliability.endpoints import Endpoint

BEGIN = at("2026-06-20T09:00:00+00:00")
LEADS = 10
PAGE = 2
"""Rows in a page of Apten's, records in a request to Salesforce."""
ORG_KEY_PREFIX = "00Q5g00000Fault"


class Ended(NamedTuple):
    """How a run ended: its exit code, all that it told of what went wrong, and what it told people to do."""

    exit_code: int
    told: str
    todo: str


class BusyTown:
    """Apten, Salesforce, and leads half of which are called each morning.

    Args:
        stack: keeps the servers up.
        folder: for config, mapping and ledger.
    """

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._clock, self._world, org = FakeClock(BEGIN), World(), SalesforceOrg()
        apten = AptenStandIn(self._world, now=self._clock.now)
        apten.largest_page = PAGE
        answering = stack.enter_context(LocalServer(apten.app))
        salesforce = stack.enter_context(LocalServer(SalesforceStandIn(org, now=self._clock.now).app))
        self.town = Town("salesforce", folder, self._world, answering, salesforce, org, self._clock)
        self._mornings, self._numbers = count(), count()
        self._called: dict[int, list[str]] = {}
        for number in range(LEADS):
            stamp = stamp_text(BEGIN - timedelta(days=1))
            lead = {"id": f"lead-{number}", "externalLeadId": f"{ORG_KEY_PREFIX}{number:03}", "deleted": False}
            self._world.add_lead(lead | {"createdAt": stamp, "updatedAt": stamp, "lastActivityAt": stamp, "tags": []})
        self.town.let_people_in()

    def morning(self) -> None:
        """Half of the leads are called, one of them often; calls of before change, some of them without a new stamp."""
        self._clock.advance(minutes=90)
        now, half = self._clock.now(), next(self._mornings) % 2
        busy, quiet = range(half, LEADS, 2), range(1 - half, LEADS, 2)
        for lead in busy:
            for call_id in self._called.get(lead, [])[:1]:
                self._world.change_call(call_id, now, summary=f"{CANARY}: changed {next(self._numbers)}")
            self._called[lead] = [self._call(lead) for _ in range(5 if lead == busy[0] else 1)]
        for lead in quiet:
            for call_id in self._called.get(lead, [])[:1]:
                self._world.change_call(call_id, now, touch=False, summary=f"{CANARY}: {next(self._numbers)}")
        self._clock.advance(minutes=5)

    def rehearse(self) -> dict[str, int]:
        """A morning without faults; how many requests of each sort a run asks then."""
        self.morning()
        before = [len(server.requests) for server in (self.town.apten, self.town.salesforce)]
        assert self.sync().exit_code == 0
        asked = self.town.apten.requests[before[0] :] + self.town.salesforce.requests[before[1] :]
        return {each.name: sum(bool(re.search(each.match, line)) for line in asked) for each in ENDPOINTS}

    def server_of(self, endpoint: Endpoint) -> LocalServer:
        """Who answers it."""
        return self.town.salesforce if endpoint.side == SALESFORCE else self.town.apten

    def sync(self, selection: Selection | None = None, *, patience: float = 30.0) -> Ended:
        """How a run with clients as patient as that ended."""
        try:
            report = self._run(selection or EverythingNew(), patience)
        except SetupError as error:
            return Ended(2, f"{error!r} {error}", error.todo)
        except RunError as error:
            return Ended(3, f"{error!r} {error}", error.todo)
        problems = list(report.problems)
        told = f"{problems} {[str(problem.error) for problem in problems]}"
        return Ended(report.exit_code, told, "".join(problem.error.todo for problem in problems))

    def _run(self, selection: Selection, patience: float) -> Any:
        town, config = self.town, self.town.config()
        key, secret = ENVIRON["SALESFORCE_CONSUMER_KEY"], ENVIRON["SALESFORCE_CONSUMER_SECRET"]
        login = ClientCredentials(domain="acme.my", consumer_key=key, consumer_secret=secret)
        base_url = getattr(config.crm, "base_url", None)
        crm = Salesforce(login, base_url=base_url, ca_file=config.ca_file, timeout=patience)
        crm.batch_size = PAGE
        url, api_key = config.apten.base_url, ENVIRON["APTEN_API_KEY"]
        with (
            open_house(config, clock=town.clock, log=town.log) as house,
            closing(crm),
            closing(Apten(url, api_key, timeout=patience, ca_file=config.ca_file)) as source,
        ):
            return run(replace(house, source=source, crm=crm), make_rules(config, town.clock), selection)

    def _call(self, lead: int) -> str:
        stamp, call_id = stamp_text(self._clock.now()), f"call-{next(self._numbers)}"
        said = {"summary": f"{CANARY}: They agreed.", "transcript": [{"role": "user", "content": f"{CANARY}: Monday."}]}
        call = {"id": call_id, "leadId": f"lead-{lead}", "direction": "OUTBOUND", "callStatus": "COMPLETE"}
        self._world.add_call({**call, **said, "durationSeconds": 60, "createdAt": stamp, "updatedAt": stamp})
        return call_id
