"""A first sync at 10 requests a second, killed (SIGKILL) after a first batch was written, and started again.

"unknown to the connector": the stand-in takes 10 requests in any second and refuses more with 429 and `Retry-After: 1`.
"as configured": the stand-in takes everything, and `requests_per_second: 10` is set. The time is that of both runs'
traffic, the bound the fewest requests ÷ the rate. The departure is that of the second run's requests a second from
the limit. "finished calls fetched again" are those answered in both runs, beyond those not yet written at the kill.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.world import Setting, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options
    from bench.world import Place

TITLE = "Rate limited back-fill"
RATE = 10
CALLS, CALLS_PER_LEAD = 400, 2
_BATCH = 200
_KILL_AFTER = 20
"""So many calls are still fetched once the first batch was sent: its receipts are recorded by then."""
_WRITE = "PATCH composite/sobjects"
_KINDS = ("leads", "lead", "events", "call")


@dataclass(slots=True)
class _Case:
    """One way to be limited, and its figures."""

    setting: Setting
    figures: dict[str, Figure]


def measure(options: Options) -> Iterator[Figure]:
    """The two ways to be limited, in turns."""
    cases = [_unknown(), _configured()]
    for _ in range(options.repeats):
        for case in cases:
            with place(case.setting) as here:
                _measure(here, case)
    for case in cases:
        yield from case.figures.values()


def _unknown() -> _Case:
    name = "limit unknown to the connector"
    figures = {"time": Figure("time", name, "× the bound", bar=1.15), "again": _again(name)}
    return _Case(Setting(CALLS, calls_per_lead=CALLS_PER_LEAD, rate=RATE, remember=True), figures)


def _configured() -> _Case:
    name = "limit as configured"
    figures = {
        "time": Figure("time", name, "× the bound", bar=1.15),
        "departure": Figure("departure from the limit", name, "%", bar=5),
        "fullest": Figure("fullest second", name, "requests", bar=RATE + 1),
        "again": _again(name),
    }
    line = f"requests_per_second: {RATE}"
    return _Case(Setting(CALLS, calls_per_lead=CALLS_PER_LEAD, settings=(line,), remember=True), figures)


def _again(name: str) -> Figure:
    return Figure("finished calls fetched again", name, "calls", bar=0)


def _measure(here: Place, case: _Case) -> None:
    fetched: list[int] = []

    def go_on(_process: int) -> bool:
        if here.crm.report()["requests"].get(_WRITE):
            fetched.append(here.apten.report()["requests"]["call"])
        return not fetched or fetched[-1] < fetched[0] + _KILL_AFTER

    here.apten.control("reset")
    assert here.installation.run("sync", watch=go_on).exit_code < 0
    sleep(2 * case.setting.latency)
    first = here.apten.report()
    written = _BATCH * here.crm.report()["requests"].get(_WRITE, 0)
    second = here.sync()
    assert written + second.ran.counts["created"] >= CALLS
    runs = [first, second.apten]
    seconds = sum(tally["last"] - tally["first"] for tally in runs)
    bound = case.setting.fewest_requests / RATE
    figures = case.figures
    figures["time"].add(
        seconds / bound,
        seconds=seconds,
        bound_s=bound,
        requests=sum(_sent(tally) for tally in runs),
        refused=sum(sum(tally["refused"].values()) for tally in runs),
        fullest_second=max(tally["most_in_a_second"] for tally in runs),
        **{f"GET {kind}": sum(tally["requests"].get(kind, 0) for tally in runs) for kind in _KINDS},
    )
    again = second.apten["repeated"].get("call", 0)
    unfinished = first["requests"]["call"] - first["refused"].get("call", 0) - written
    figures["again"].add(max(0, again - unfinished), repeated=again, unfinished=unfinished, written=written)
    if "departure" in figures:
        tally = second.apten
        rate = (_sent(tally) - 1) / (tally["last"] - case.setting.latency - tally["first"])
        figures["departure"].add(100 * abs(rate / RATE - 1), requests_a_second=rate)
        figures["fullest"].add(max(tally["most_in_a_second"] for tally in runs))


def _sent(tally: dict[str, Any]) -> int:
    return sum(tally["requests"].values())
