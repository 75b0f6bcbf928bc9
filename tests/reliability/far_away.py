"""Both stand-ins in a process of their own, misbehaving by chance, so that the connector's memory is measured alone.

    python -m tests.reliability.far_away 100000 0.05

It prints the two addresses, serves until its input ends, and then prints how things stand in the org.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from connector.sandbox.faults import Fault, FaultQueue, Faulty, When
from connector.sandbox.together import Sandbox
from connector.sandbox.world import make_world

if TYPE_CHECKING:
    from connector.sandbox.server import LocalServer

_CALLS_PER_LEAD = 20
_ALL = (
    Fault(status=500),
    Fault(status=503, headers={"Retry-After": "1"}),
    Fault(status=429, headers={"Retry-After": "1"}),
    Fault(drop=True),
    Fault(when=When.AFTER, drop=True),
    Fault(when=When.AFTER, status=502, body=b"<html>Bad gateway</html>"),
    Fault(status=200, body=b'{"cut": '),
)


class ByChance(FaultQueue):
    """Every request goes wrong with this probability, in one of many ways. Logins never do: nobody sends them again."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self._dice = Random(1)
        self.shown = 0

    def take(self, request: str) -> Fault | None:
        """A fault, if the dice say so."""
        if "/oauth2/" in request or self._dice.random() >= self._share:
            return None
        self.shown += 1
        return self._dice.choice(_ALL)


class Nothing(list[str]):
    """Keeps no list of requests: it would hold all there were."""

    def append(self, request: str, /) -> None:
        """Forget it."""


def misbehave(server: LocalServer, share: float) -> ByChance:
    """Let a server go wrong by chance."""
    faults = ByChance(share)
    server.faults, server.requests = faults, Nothing()
    server._app = Faulty(server._app._app, faults)
    return faults


def main() -> None:
    """Serve."""
    calls, share = int(sys.argv[1]), float(sys.argv[2])
    world = make_world(seed=1, calls=calls, leads=max(5, calls // _CALLS_PER_LEAD), now=datetime.now(UTC))
    for call in world.calls_in_progress():
        world.finish_call(call["id"], datetime.now(UTC))
    with Sandbox(world, now=lambda: datetime.now(UTC)) as sandbox:
        sandbox.org.daily_requests = 10**9
        servers = [misbehave(server, share) for server in (sandbox.apten_server, sandbox.salesforce_server)]
        begin = {"apten": sandbox.apten_url, "salesforce": sandbox.salesforce_url, "start": f"{sandbox.begin:%Y-%m-%d}"}
        sys.stdout.write(json.dumps(begin) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
        keys = Counter(task["Apten_Call_Id__c"] for task in sandbox.org.tasks.values())
        wanted = {call["id"] for call in world.loggable_calls()}
        found = {
            "wanted": len(wanted),
            "missing": len(wanted - keys.keys()),
            "doubled": sum(number > 1 for number in keys.values()),
            "beyond": len(keys.keys() - wanted),
            "faults": sum(server.shown for server in servers),
        }
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
