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

CASES = [(endpoint, position) for endpoint in ENDPOINTS for position in endpoint.positions]
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
    record_property("cases", len(cases))
    for endpoint, position in cases:
        after = {"first": 0, "middle": asked[endpoint.name] // 2, "last": asked[endpoint.name] - 1}[position]
        _goes_over(busy, network, row, endpoint, after)


def _from(first: int) -> Iterator[tuple[Endpoint, str]]:
    """All cases, beginning with another endpoint for each fault, so that a slice touches all of them."""
    begin = 3 * first % len(CASES)
    return iter(CASES[begin:] + CASES[:begin])


def _goes_over(busy: BusyTown, network: Network, row: Row, endpoint: Endpoint, after: int) -> None:
    """One request meets the fault; then, where that changes nothing, all do until it is mended."""
    ends = row.ends_at_once(endpoint)
    if ends is None:
        slept = busy.town.clock.slept
        assert _run_with(busy, network, row, endpoint, after, times=1) == 0, (endpoint.name, after)
        assert busy.town.clock.slept - slept >= row.waits
        assert_converged(busy.town)
    assert _run_with(busy, network, row, endpoint, after, times=LASTS) == (ends or 3), (endpoint.name, after)
    busy.town.clock.advance(minutes=5)
    if ends == 1:
        busy.sync(PARKED)
    assert busy.sync().exit_code == 0, (endpoint.name, after)
    assert_converged(busy.town)


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
