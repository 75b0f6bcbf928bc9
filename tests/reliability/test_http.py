"""Every fault of a line, on every sort of request: nothing is lost, doubled or told that is not to be seen."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from connector.model import State
from connector.sync.select import Remembered
from tests.reliability.busy_town import BusyTown
from tests.reliability.converged import assert_converged
from tests.reliability.endpoints import ENDPOINTS
from tests.reliability.http_faults import CANARY, ROWS
from tests.reliability.network import LASTS, Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.reliability.endpoints import Endpoint
    from tests.reliability.http_faults import Row
    from tests.reliability.scoreboard import HowMany

CASES = [
    (endpoint, position, times) for endpoint in ENDPOINTS for position in endpoint.positions for times in (1, LASTS)
]
"""Which request of an endpoint meets the fault, and for how often."""
PARKED = Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))
ROWS_BY_NUMBER = [
    pytest.param(number, row, id=row.name, marks=pytest.mark.survives("F HTTP", row.name))
    for number, row in enumerate(ROWS)
]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


@pytest.fixture
def busy(network: Network, row: Row, tmp_path: Path) -> Iterator[BusyTown]:
    with ExitStack() as stack:
        busy = BusyTown(stack, tmp_path)
        if row.name == "bad certificate":
            network.use_tls(busy.town, stack)
        busy.morning()
        assert busy.sync().exit_code == 0
        yield busy


@pytest.mark.parametrize(("first", "row"), ROWS_BY_NUMBER)
def test_a_fault_is_got_over(
    *,
    busy: BusyTown,
    network: Network,
    row: Row,
    first: int,
    number: HowMany,
    record_property: Callable[[str, int], None],
) -> None:
    asked = busy.rehearse()
    cases = list(islice(_from(first), number(check=1, soak=len(CASES))))
    for endpoint, position, times in cases:
        after = {"first": 0, "middle": asked[endpoint.name] // 2, "last": asked[endpoint.name] - 1}[position]
        slept = busy.town.clock.slept
        exit_code = _run_with(busy, network, row, endpoint, after, times=times)
        # One fault alone may be got over at once: another connection was free, or the call is fetched a second time.
        likely = {row.ends_with(endpoint, once=times == 1), *([0] if times == 1 or row.hides(endpoint) else [])}
        assert exit_code in likely, (endpoint.name, position, times)
        assert exit_code or busy.town.clock.slept - slept >= row.waits
        if exit_code:
            busy.town.clock.advance(minutes=5)
        if exit_code == 1:
            busy.sync(PARKED)
        assert busy.sync().exit_code == 0, (endpoint.name, position, times)
        assert_converged(busy.town)
    record_property("cases", len(cases))


def _from(first: int) -> Iterator[tuple[Endpoint, str, int]]:
    """All cases, beginning with another one for each fault, so that a slice touches all endpoints."""
    begin = 3 * first % len(CASES)
    return iter(CASES[begin:] + CASES[:begin])


def _run_with(busy: BusyTown, network: Network, row: Row, endpoint: Endpoint, after: int, *, times: int) -> int:
    """The exit code of a run in which requests meet the fault so many times; nothing of a body is told."""
    faults = busy.server_of(endpoint).faults
    shown, network.times = faults.shown, times
    busy.morning()
    told_before = len(busy.town.log.events)
    faults.add(row.at(endpoint, lambda: row.network and row.network(network)), times=times, after=after)
    ended = busy.sync(patience=row.patience)
    faults.clear()
    network.mend()
    assert faults.shown > shown, f"{endpoint.name} was not asked so often"
    events = busy.town.log.events[told_before:]
    assert CANARY not in ended.told + repr(events)
    assert ended.exit_code == 0 or ended.todo or any("left_over" in event for event, _ in events)
    return ended.exit_code
