"""A first sync of up to 1,000,000 calls: whether memory stays flat. As in "Cost growth", but a single run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.growth import Memory, pages, sync
from bench.world import Setting, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options

TITLE = "Memory"
CALLS = 1_000_000
_SHOWN = 20


def measure(options: Options) -> Iterator[Figure]:
    """One run."""
    calls = min(CALLS, options.most_calls)
    memory = Memory()
    with place(Setting(calls, "forgetful", connections=16, latency=0.0)) as here:
        synced = sync(here, memory)
        assert synced.ran.counts["created"] == calls
        ledger = Figure("ledger", f"{calls:,} calls", "bytes a call", bar=600)
        ledger.add(here.installation.ledger.stat().st_size / calls, **pages(here.installation.ledger, calls))
    cpu = Figure("processor time", f"{calls:,} calls", "ms a call")
    cpu.add(1e3 * synced.ran.cpu / calls, wall_s=synced.ran.wall)
    course = Figure("course", "MiB by calls fetched", "MiB at the end")
    some = memory.samples[:: max(1, len(memory.samples) // _SHOWN)]
    *_, last = (taken for _, taken in memory.samples if taken)
    course.add(last, **{f"{fetched:,}": taken for fetched, taken in some})
    yield from (*memory.figures(calls), ledger, cpu, course)
