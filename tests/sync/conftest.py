from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.apten import AptenStandIn
from connector.sandbox.salesforce.app import SalesforceStandIn
from connector.sandbox.salesforce.assumptions import Assumptions
from connector.sandbox.salesforce.org import SalesforceOrg
from connector.sandbox.server import LocalServer
from connector.sandbox.world import World, make_world
from tests.clock import FakeClock
from tests.town import Town, at

NOW = at("2026-06-20T09:00:00+00:00")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def build(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., Town]]:
    """Makes a town: `build("salesforce", calls=200, leads=40)`."""
    with ExitStack() as stack:

        def make(
            kind: str,
            *,
            calls: int = 60,
            leads: int = 15,
            org_id: str | None = None,
            people_must_exist: bool = False,
            world: World | None = None,
            assumptions: Mapping[str, Any] | None = None,
        ) -> Town:
            world = world or make_world(seed=1, calls=calls, leads=leads, now=clock.now())
            assumed = Assumptions(**(assumptions or {}))
            org = SalesforceOrg(people_must_exist=people_must_exist, org_id=org_id, assumptions=assumed)
            apten = stack.enter_context(LocalServer(AptenStandIn(world, now=clock.now).app))
            salesforce = stack.enter_context(LocalServer(SalesforceStandIn(org, now=clock.now).app))
            town = Town(kind, tmp_path, world, apten, salesforce, org, clock)
            town.let_people_in()
            return town

        yield make


@pytest.fixture(params=["database", "salesforce"])
def town(request: pytest.FixtureRequest, build: Callable[..., Town]) -> Town:
    return build(request.param)
