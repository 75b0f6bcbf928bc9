"""What a sync of n changed calls asks of Salesforce, which counts requests: logins, descriptions, everything.

"created" are calls whose leads Apten knows no record of, so that nobody is looked for. "created, people looked for":
Apten knows each lead's contact. "updated": every call and its lead changed after that, so that each field that people
may have edited is read first. Counts are exact, so that each case runs once.
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
        fewest = -(-calls // _BATCH)
        bar = fewest + _EXTRA
        with place(Setting(calls, latency=0.0, strangers=True, connections=16)) as here:
            yield _figure("created", calls, fewest, bar, here.sync())
        with place(Setting(calls, latency=0.0, connections=16)) as here:
            yield _figure("created, people looked for", calls, fewest, _WITH_READS * bar, here.sync())
            here.apten.control("revise")
            yield _figure("updated", calls, fewest, _WITH_READS * bar, here.sync())


def _figure(case: str, calls: int, fewest: int, bar: int, synced: Synced) -> Figure:
    assert synced.ran.counts["written"] + synced.ran.counts.get("unchanged", 0) == calls
    figure = Figure("requests", f"{calls:,} calls {case}", "requests", bar=bar)
    asked = synced.crm["requests"]
    by_kind = {f"{name.replace('_', ' ')}": number for name, number in asked.items()}
    figure.add(sum(asked.values()), fewest_writes=fewest, **by_kind)
    return figure
