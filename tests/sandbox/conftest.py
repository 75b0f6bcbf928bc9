"""A Salesforce stand-in, served, and a client logged in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from tests.clock import NOON
from tests.sandbox.org_client import OrgClient

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client() -> Iterator[OrgClient]:
    stand_in = SalesforceStandIn(SalesforceOrg(), now=lambda: NOON)
    with LocalServer(stand_in.app) as server:
        made = OrgClient(stand_in, server)
        yield made
        made.http.close()
