"""Whether a call costs the same in a small world and in a large one; what it leaves in the ledger, and in memory.

First syncs without latency, 16 connections, to a Salesforce that stores nothing. Processor time a call is that of the
process less that of an idle run. The ledger's bytes are those of its file once the run has ended. Memory is looked at
several times a second.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bench.client import memory_of
from bench.figures import Figure
from bench.world import Setting, place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.figures import Options
    from bench.world import Place, Synced

TITLE = "Cost growth"
_WARM = 10_000
"""Calls after which memory is to grow no more."""


def measure(options: Options) -> Iterator[Figure]:
    """Each size in turns."""
    sizes = options.sizes(1_000, 10_000, 100_000)
    costs = {calls: Figure("processor time", f"{calls:,} calls", "ms a call") for calls in sizes}
    ledgers = {calls: Figure("ledger", f"{calls:,} calls", "bytes a call", bar=600) for calls in sizes}
    memory = {calls: Memory() for calls in sizes}
    growth = Figure("processor time a call", f"{sizes[-1]:,} calls to {sizes[0]:,}", "×", bar=1.1)
    for _ in range(options.repeats):
        cost = {}
        for calls in sizes:
            with place(Setting(calls, "forgetful", connections=16, latency=0.0)) as here:
                synced = sync(here, memory[calls])
                assert synced.ran.counts["created"] == calls
                idle = here.sync().ran.cpu
                cost[calls] = 1e3 * (synced.ran.cpu - idle) / calls
                costs[calls].add(
                    cost[calls],
                    whole_s=synced.ran.cpu,
                    idle_s=idle,
                    stand_ins_s=synced.apten["cpu"] + synced.crm["cpu"],
                )
                ledgers[calls].add(
                    here.installation.ledger.stat().st_size / calls, **pages(here.installation.ledger, calls)
                )
        growth.add(cost[sizes[-1]] / cost[sizes[0]])
    yield from (*costs.values(), *([growth] if len(sizes) > 1 else []), *ledgers.values())
    yield from memory[sizes[-1]].figures(sizes[-1])


class Memory:
    """Looks at a process while it syncs."""

    def __init__(self) -> None:
        self._most: list[float] = []
        self._grown: list[float] = []
        self.samples: list[tuple[int, float]] = []

    def begin(self) -> None:
        """A new process."""
        self.samples = []

    def end(self, most: float) -> None:
        """The process has ended; so many MiB is what it took at the most."""
        warm = [taken for fetched, taken in self.samples if fetched >= _WARM]
        self._most.append(most)
        self._grown.append(max(warm, default=0.0) - (warm[0] if warm else 0.0))

    def figures(self, calls: int) -> Iterator[Figure]:
        """What it took at the most, and how it grew."""
        yield Figure("memory", f"{calls:,} calls", "MiB", bar=200, runs=self._most)
        if calls > _WARM:
            yield Figure("memory after the first 10,000", f"{calls:,} calls", "MiB more", bar=20, runs=self._grown)


def sync(here: Place, memory: Memory) -> Synced:
    """Sync, and look at the memory it takes."""
    memory.begin()

    def look(process: int) -> bool:
        memory.samples.append((here.apten.report()["requests"].get("call", 0), memory_of(process, "VmRSS")))
        return True

    synced = here.sync(watch=look)
    memory.end(synced.ran.memory)
    return synced


def pages(ledger: Path, calls: int) -> dict[str, float]:
    """Bytes a call by table and index, and those of all of them that hold nothing."""
    with closing(sqlite3.connect(ledger)) as connection:
        found = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 5")
        sizes = {name: size / calls for name, size in found}
        (empty,) = connection.execute("SELECT sum(unused) FROM dbstat").fetchone()
        return sizes | {"empty": empty / calls}
