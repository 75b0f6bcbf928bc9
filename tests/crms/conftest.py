"""A Salesforce stand-in and an adapter logged in to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from connector.crms.salesforce.adapter import Salesforce
from connector.crms.salesforce.login import ClientCredentials, Login
from connector.model import Activity, Target, Value
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

TASK = Target("Task", "Apten_Call_Id__c")
LOGIN = ClientCredentials("acme.my", "sandbox-consumer-key", "sandbox-consumer-secret")


@dataclass(frozen=True, slots=True)
class World:
    """A stand-in org, served."""

    org: SalesforceOrg
    stand_in: SalesforceStandIn
    server: LocalServer

    def connect(self, login: Login = LOGIN, *, timeout: float = 20.0) -> Salesforce:
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


def noted_hosts(world: World) -> list[str]:
    """Collects the host names that requests carry, logins aside."""
    hosts: list[str] = []
    admit = world.stand_in._admit

    def noting(request: Request) -> None:
        hosts.append(request.headers["host"])
        admit(request)

    world.stand_in._admit = noting  # type: ignore[method-assign]  # the stand-in's own door, to look behind it
    return hosts


def call(key: str, record_id: str | None = None, **fields: Value) -> Activity:
    """An activity of the call with this key."""
    return Activity(key, key, fields, record_id)
