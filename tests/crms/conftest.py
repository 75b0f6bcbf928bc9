"""A Salesforce stand-in and an adapter logged in to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import ClientCredentials, Session
from connector.model import Activity, Target, Value
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

TASK = Target("Task", "Apten_Call_Id__c")
LOGIN = ClientCredentials("acme.my", "sandbox-consumer-key", "sandbox-consumer-secret")


@dataclass(frozen=True, slots=True)
class World:
    """A stand-in org, served."""

    org: SalesforceOrg
    stand_in: SalesforceStandIn
    server: LocalServer

    def connect(self, login: ClientCredentials | Session = LOGIN, *, timeout: float = 20.0) -> Salesforce:
        """A new adapter."""
        return Salesforce(login, base_url=self.server.url, timeout=timeout)

    def asked(self, part: str) -> int:
        """How many requests had this in their method, path and query."""
        return sum(part in request for request in self.server.requests)


@pytest.fixture
def world() -> Iterator[World]:
    org = SalesforceOrg()
    stand_in = SalesforceStandIn(org, now=lambda: NOON)
    with LocalServer(stand_in.app) as server:
        yield World(org, stand_in, server)


@pytest.fixture
def crm(world: World) -> Iterator[Salesforce]:
    adapter = world.connect()
    yield adapter
    adapter.close()


def call(key: str, record_id: str | None = None, **fields: Value) -> Activity:
    """An activity of the call with this key."""
    return Activity(key, key, fields, record_id)
