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

ANOTHER_ORG = "00D000000000999EAA"
NOW = at("2026-06-20T09:00:00+00:00")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


def raise_town(
    stack: ExitStack, kind: str, folder: Path, clock: FakeClock, *, world: World, org: SalesforceOrg
) -> Town:
    """A town whose servers run until the stack is closed. The org knows nobody yet."""
    apten = stack.enter_context(LocalServer(AptenStandIn(world, now=clock.now).app))
    salesforce = stack.enter_context(LocalServer(SalesforceStandIn(org, now=clock.now).app))
    return Town(kind, folder, world, apten, salesforce, org, clock)


def towns(stack: ExitStack, folder: Path, clock: FakeClock) -> Callable[..., Town]:
    """Makes a town whose servers run until the stack is closed: `build("salesforce", calls=200, leads=40)`."""

    def build(
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
        town = raise_town(stack, kind, folder, clock, world=world, org=org)
        town.let_people_in()
        return town

    return build


@pytest.fixture
def build(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., Town]]:
    with ExitStack() as stack:
        yield towns(stack, tmp_path, clock)


def another_org(build: Callable[..., Town], town: Town) -> Town:
    """The same connector before another org, with the same Apten."""
    other = build("salesforce", org_id=ANOTHER_ORG)
    other.config_path.write_text(other.config_path.read_text().replace(other.apten.url, town.apten.url))
    other.world = town.world
    return other


@pytest.fixture(params=["database", "salesforce"])
def town(request: pytest.FixtureRequest, build: Callable[..., Town]) -> Town:
    return build(request.param)
