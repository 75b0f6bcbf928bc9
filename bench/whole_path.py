"""A first sync, from Apten to the CRM, each answer taking 50 ms.

Either side is a stand-in in a process of its own. The time is that of the traffic: from the first request to the last
answer; with a database, which shows no requests, to the end of the run. The bound is what so many connections cannot
be faster than: the fewest requests × latency ÷ connections, and one answer of Salesforce. One call a lead, so that
every call costs two requests, and each lead's contact is looked for in Salesforce. Processor time is that of the
connector's process with everything it does, its start included; that of a bare client (`bench/bare.py`) is what the
same requests to Apten take with nothing but the HTTP library, in the same minutes. 10,000 calls are read once, and not
by the bare client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.client import PLAIN, run
from bench.figures import Figure
from bench.world import Setting, Synced, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options
    from bench.world import Place

TITLE = "The whole path"
_SMALL = 1_000
"""Calls that are read as often as is asked for, and by the bare client, too; more take minutes, and are read once."""


def measure(options: Options) -> Iterator[Figure]:
    """Each size, with each number of connections, into each CRM."""
    for calls in options.sizes(1_000, 10_000):
        settings = [Setting(calls, crm, connections) for connections in (8, 16) for crm in ("database", "salesforce")]
        walls = {each: Figure("time", _case(each), "× the bound", bar=1.15) for each in settings}
        costs = {each: Figure("client CPU", _case(each), "ms a call", bar=3.0) for each in settings}
        for _ in range(options.repeats if calls == _SMALL else 1):
            for setting in settings:
                with place(setting) as here:
                    synced = here.sync()
                    beside = {} if calls > _SMALL else {"bare_client_ms": 1e3 * _bare(here, setting) / calls}
                assert synced.ran.counts["created"] == calls
                after = 0.0 if setting.crm == "database" else setting.latency
                bound = setting.fewest_requests * setting.latency / setting.connections + after
                walls[setting].add(
                    synced.traffic / bound, seconds=synced.traffic, bound_s=bound, **_where(setting, synced)
                )
                costs[setting].add(1e3 * synced.ran.cpu / calls, **beside, MiB=synced.ran.memory)
        yield from walls.values()
        yield from costs.values()


def _case(setting: Setting) -> str:
    return f"{setting.calls:,} calls, {setting.connections} connections, {setting.crm}"


def _bare(here: Place, setting: Setting) -> float:
    """Seconds of processor time that the HTTP library takes."""
    begin = f"{here.apten.told['begin']}T00:00:00.000Z"
    ran = run([str(PLAIN), "-m", "bench.bare", here.apten.url, begin, str(setting.connections)])
    assert int(ran.output) == setting.calls
    return ran.cpu


def _where(setting: Setting, synced: Synced) -> dict[str, float]:
    """Where the time went: how full the connections to Apten were, and what came after the last of its answers."""
    spent = {int(level): seconds for level, seconds in synced.apten["in_flight"].items()}
    apten, crm = synced.requests
    return {
        "Apten_requests": apten,
        **({"CRM_requests": crm} if setting.crm != "database" else {}),
        "connections_busy_percent": 100
        * sum(level * seconds for level, seconds in spent.items())
        / (setting.connections * sum(spent.values())),
        "seconds_with_none_busy": spent.get(0, 0.0),
        "seconds_after_Apten": synced.traffic - (synced.apten["last"] - synced.apten["first"]),
    }
