"""What a sync of n changed calls asks of Salesforce, which counts requests: logins, descriptions, everything.

The stand-ins answer at once. "created" are calls whose leads Apten knows no record of, so that nobody is looked for.
"created, people looked for": Apten knows each lead's contact. "updated": every call changed after that, so that each
field that people may have edited is read first; one in seven, without a summary, makes the same activity as before. All
writes of that run are held in memory until it is known how many they are (MiB). Counts are exact, so that each case
runs once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.world import Setting, Synced, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options

TITLE = "Requests to Salesforce"
_BATCH, _EXTRA, _WITH_READS = 200, 10, 3


def measure(options: Options) -> Iterator[Figure]:
    """Each size, in each of the three ways."""
    for calls in options.sizes(200, 1_000, 10_000):
        with place(Setting(calls, latency=0.0, strangers=True, connections=16)) as here:
            yield _figure("created", calls, here.sync())
        with place(Setting(calls, latency=0.0, connections=16)) as here:
            yield _figure("created, people looked for", calls, here.sync(), reads=True)
            here.apten.control("revise")
            yield _figure("updated", calls, here.sync(), reads=True)


def _figure(case: str, calls: int, synced: Synced, *, reads: bool = False) -> Figure:
    written = synced.ran.counts["written"]
    assert written + synced.ran.counts.get("unchanged", 0) == calls
    fewest = -(-written // _BATCH)
    bar = (_WITH_READS if reads else 1) * (fewest + _EXTRA)
    figure = Figure("requests", f"{calls:,} calls {case}", "requests", bar=bar)
    asked = synced.crm["requests"]
    by_kind = {f"{name.replace('_', ' ')}": number for name, number in asked.items()}
    figure.add(sum(asked.values()), fewest_writes=fewest, **by_kind, MiB=synced.ran.memory)
    return figure
