"""Apten's client against its stand-in."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from connector.apten.client import Apten
from connector.sandbox.apten import AptenStandIn
from connector.sandbox.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.sandbox.world import World

KEY = "canary-key-5c1e"


@contextmanager
def served(world: World, now: datetime) -> Iterator[LocalServer]:
    """The stand-in showing a world at that time."""
    with LocalServer(AptenStandIn(world, api_key=KEY, now=lambda: now).app) as server:
        yield server


def client(server: LocalServer, *, key: str = KEY, timeout: float = 5.0) -> closing[Apten]:
    """A client of a server, closed with the context."""
    return closing(Apten(f"{server.url}/v1", key, timeout=timeout))
