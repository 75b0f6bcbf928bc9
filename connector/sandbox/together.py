"""Apten and a Salesforce org served side by side, the one knowing the other's people."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from connector.sandbox.apten import AptenStandIn
from connector.sandbox.salesforce import ids
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.shelf import read_stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType

    from connector.sandbox.world import World

_PROFILE = {"firstName": "FirstName", "lastName": "LastName", "phone": "Phone", "email": "Email"}


class Sandbox:
    """Both stand-ins, served while the context is open. The org begins with the world's people and without tasks.

    Args:
        world: what Apten shows; may be changed while it is served.
        now: the clock of both, aware UTC.
        apten_port: 0 takes any free port, here and below.
        salesforce_port: the org's.

    `apten_server` and `salesforce_server` know all requests and take faults; `org` knows all that was written. A port
    that is taken raises OSError on entering.
    """

    API_KEY = "sandbox-key"
    CONSUMER_KEY = "sandbox-consumer-key"
    CONSUMER_SECRET = "sandbox-consumer-secret"  # noqa: S105  # known to everyone, opens nothing

    def __init__(
        self, world: World, *, now: Callable[[], datetime], apten_port: int = 0, salesforce_port: int = 0
    ) -> None:
        self.world = world
        self.org = org_of(world)
        self.apten = AptenStandIn(world, api_key=self.API_KEY, now=now)
        self.salesforce = SalesforceStandIn(
            self.org, now=now, consumer_key=self.CONSUMER_KEY, consumer_secret=self.CONSUMER_SECRET
        )
        self.apten_server = LocalServer(self.apten.app, port=apten_port)
        self.salesforce_server = LocalServer(self.salesforce.app, port=salesforce_port)
        self._open = ExitStack()

    @property
    def apten_url(self) -> str:
        """The address of Apten's API, as a config names it."""
        return f"{self.apten_server.url}/v1"

    @property
    def begin(self) -> datetime:
        """When the world's oldest lead came in: a sync that starts then finds every call."""
        return min(read_stamp(lead["createdAt"]) for lead in self.world.leads())

    @property
    def salesforce_url(self) -> str:
        """The address of the org."""
        return self.salesforce_server.url

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self.apten_server)
            opening.enter_context(self.salesforce_server)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def org_of(world: World) -> SalesforceOrg:
    """An org that holds the world's leads as its Leads and Contacts, under the ids that Apten knows them by.

    Their names, phones and e-mail addresses are those at Apten.

    Apten may know an id by its first 15 characters; the org has all of them by 18.
    """
    org = SalesforceOrg()
    for lead in world.leads():
        known_by = lead.get("externalLeadId") or ""
        if ids.is_id(known_by) and known_by.startswith((ids.LEAD, ids.CONTACT)):
            kind = "Lead" if known_by.startswith(ids.LEAD) else "Contact"
            known = {field: lead[name] for name, field in _PROFILE.items() if name in lead}
            org.add(kind, record_id=known_by, **known)
    return org
