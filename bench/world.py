"""A world between stand-ins, an installation of the connector in it, and what a sync there comes to."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from bench.client import Installation
from bench.servers import LATENCY, Server, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.client import Ran

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What is synced, how.

    Args:
        calls: in Apten.
        crm: `salesforce`, `database`, or `forgetful`: Salesforce that stores nothing.
        connections: to Apten.
        calls_per_lead: in Apten.
        latency: seconds that either side takes to answer.
        rate: requests that Apten takes in a second.
        remember: Apten counts requests for what it answered before.
        strangers: Apten knows no record ids of its leads, so that nobody is looked for in the CRM.
        settings: more lines for the section `sync` of the config.
    """

    calls: int
    crm: str = "salesforce"
    connections: int = 8
    calls_per_lead: int = 1
    latency: float = LATENCY
    rate: int | None = None
    remember: bool = False
    strangers: bool = False
    settings: tuple[str, ...] = ()

    @property
    def leads(self) -> int:
        """Leads with calls."""
        return -(-self.calls // self.calls_per_lead)

    @property
    def fewest_requests(self) -> int:
        """Requests to Apten that find and fetch everything: pages of leads, events of each lead, calls."""
        return -(-self.leads // PAGE) + self.leads + self.calls


@dataclass(frozen=True, slots=True)
class Synced:
    """A sync: the process, and the tallies of Apten and of the CRM, as `bench.stand_in.line.Tally` describes them."""

    ran: Ran
    apten: dict[str, Any]
    crm: dict[str, Any]

    @property
    def traffic(self) -> float:
        """Seconds from the first request to the last answer; with a database, which shows none, to the run's end."""
        first = min(tally["first"] for tally in (self.apten, self.crm) if tally["first"])
        last = self.crm["last"] or self.finished
        return float(max(self.apten["last"], last) - first)

    @property
    def finished(self) -> float:
        """When the run had ended, by the machine's monotonic clock."""
        return datetime.fromisoformat(self.ran.told["finished"]).timestamp() - time() + monotonic()

    @property
    def requests(self) -> tuple[int, int]:
        """How many Apten and the CRM were asked."""
        return sum(self.apten["requests"].values()), sum(self.crm["requests"].values())


@dataclass(frozen=True, slots=True)
class Place:
    """An installation between its stand-ins."""

    apten: Server
    crm: Server
    installation: Installation

    def sync(self, *, watch: Callable[[int], bool] | None = None, flags: tuple[str, ...] = ()) -> Synced:
        """Sync, and count from zero."""
        self.apten.control("reset")
        self.crm.control("reset")
        ran = self.installation.sync(watch=watch, flags=flags)
        return Synced(ran, self.apten.report(), self.crm.report())


@contextmanager
def place(setting: Setting) -> Iterator[Place]:
    """A new world, and a new installation that has synced nothing."""
    with ExitStack() as opened:
        apten = opened.enter_context(
            serving(
                "apten",
                calls=setting.calls,
                calls_per_lead=setting.calls_per_lead,
                latency=setting.latency,
                rate=setting.rate,
                remember=setting.remember,
                strangers=setting.strangers,
            )
        )
        forgetful = setting.crm == "forgetful"
        contacts = 0 if setting.strangers or setting.crm == "database" else setting.leads
        crm = opened.enter_context(
            serving("salesforce", contacts=contacts, latency=setting.latency, forgetful=forgetful)
        )
        installation = Installation(
            Path(opened.enter_context(TemporaryDirectory(prefix="bench-"))),
            apten,
            None if setting.crm == "database" else crm,
            setting.connections,
            setting.settings,
        )
        installation.set_up()
        yield Place(apten, crm, installation)
