"""One poisonous record among many: it is set aside alone, with its reason, and its neighbours pass as ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from connector.ledger.opening import read_summary
from connector.model import State
from connector.sandbox.faults import Fault
from connector.sync.select import Remembered
from tests.reliability.poisons import NO_CALL, ODD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.clock import FakeClock
    from tests.reliability.scoreboard import HowMany
    from tests.town import Town

    Build = Callable[..., Town]

ALWAYS = 10**6
PARKED = Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))
POISONS = {**NO_CALL, **ODD}


def poison(town: Town, call_ids: list[str]) -> dict[str, str]:
    """Poison as many calls as there are poisons; by call, which."""
    given = dict(zip(call_ids, POISONS, strict=False))
    for call_id, name in given.items():
        body = POISONS[name](town.world.call(call_id))
        town.apten.faults.add(Fault(f"/calls/{re.escape(call_id)}$", status=200, body=body), times=ALWAYS)
    return given


@pytest.mark.survives("L poison and config", "poisonous calls")
@pytest.mark.parametrize("kind", ["database", pytest.param("salesforce", marks=pytest.mark.soak)])
def test_every_poison_is_set_aside_alone_and_its_neighbours_pass(
    build: Build, clock: FakeClock, kind: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    calls = number(check=300, soak=10_000)
    town = build(kind, calls=calls, leads=calls // 20)
    for call in town.world.calls_in_progress():
        town.world.finish_call(call["id"], clock.now())
    clock.advance(days=2)
    loggable = town.loggable()
    given = poison(town, loggable[:: len(loggable) // len(POISONS)][: len(POISONS)])
    assert len(given) == len(POISONS) > 50
    record_property("cases", len(given))
    for _ in range(3):
        # What cannot be read at all may pass by itself: such a call is due again, in the next runs as well.
        report = town.run()
        clock.advance(hours=1)
    logged = town.logged()
    assert len(set(logged)) == len(logged)
    neighbours = [call_id for call_id in loggable if call_id not in given]
    assert [call_id for call_id in logged if call_id not in given] == neighbours
    fates = {name: fate(town, call_id) for call_id, name in given.items()}
    assert {name for name, told in fates.items() if not told} == set(), "of each there is a record or a reason"
    assert {name for name in NO_CALL if fates[name] == "logged"} == set()
    # A damaged answer may be whole the next time; what is whole and no call is set aside.
    again = sum(told == "UnreachableError" for told in fates.values())
    aside = sum(told != "logged" for told in fates.values()) - again
    assert (report.exit_code, report.counts[State.LEFT_OVER]) == (3, again)
    assert len(list(parked(town))) == aside > 20
    town.apten.faults.clear()
    assert town.run(PARKED).counts[State.PARKED] == 0
    clock.advance(hours=1)
    assert town.run().exit_code == 0
    assert town.logged() == loggable


def parked(town: Town) -> Iterator[str]:
    """The calls set aside, by the ledger as `status` reads it."""
    summary = read_summary(f"sqlite:///{town.folder / 'ledger.db'}", now=town.clock.now())
    assert summary is not None
    for group in summary.parked:
        yield from [group.reason] * group.count


def fate(town: Town, call_id: str) -> str:
    """What became of a call: logged, or the last reason told for it."""
    if call_id in set(town.logged()):
        return "logged"
    told = [
        str(fields.get("code") or fields.get("reason") or event)
        for event, fields in town.log.events
        if fields.get("call_id") == call_id and event not in {"call.written", "call.unchanged"}
    ]
    return told[-1] if told else ""
