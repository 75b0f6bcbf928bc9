"""What a run cost, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.cli.printing import counted
from connector.sync.cost import CPU, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORTH_A_RATE = 100
"""Activities, or calls: with fewer of them a rate tells of the run's fixed costs only."""
_BYTES = ((1_000_000, "MB"), (1_000, "kB"))


def cost_in_words(counts: Mapping[str, int], cost: Mapping[str, int], seconds: float) -> str:
    """Two lines: what either side was asked, and where the time went.

    Args:
        counts: what the run did.
        cost: what it cost, as the record of a run names it.
        seconds: how long it took.
    """
    return "\n".join(
        "  " + " · ".join(parts) for parts in (list(_asked(counts, cost)), list(_spent(counts, cost, seconds))) if parts
    )


def _asked(counts: Mapping[str, int], cost: Mapping[str, int]) -> Iterator[str]:
    if cost.get("apten requests"):
        yield f"Apten: {counted(cost['apten requests'], 'request')}, {_size(cost.get('apten bytes', 0))}"
    if requests := cost.get("crm requests"):
        written = counts.get("created", 0) + counts.get("updated", 0)
        rate = f" ({1000 * requests / written:,.1f} per 1,000 activities)" if written >= _WORTH_A_RATE else ""
        yield f"CRM: {counted(requests, 'request')}{rate}, {_size(cost.get('crm bytes', 0))}"


def _spent(counts: Mapping[str, int], cost: Mapping[str, int], seconds: float) -> Iterator[str]:
    steps = [f"{_in_words(step)} {cost[step] / 1000:,.1f} s" for step in Step if cost.get(step)]
    if steps:
        yield f"{seconds:,.1f} s: " + ", ".join(steps)
    if cost.get(CPU):
        fetched = counts.get("fetched", 0)
        rate = f", {cost[CPU] / fetched:,.1f} ms a call" if fetched >= _WORTH_A_RATE else ""
        yield f"CPU {cost[CPU] / 1000:,.1f} s{rate}"


def _in_words(step: Step) -> str:
    return step.value.removeprefix("ms ").replace("apten", "Apten").replace("crm", "CRM")


def _size(number: int) -> str:
    return next((f"{number / unit:,.1f} {name}" for unit, name in _BYTES if number >= unit), f"{number} bytes")
