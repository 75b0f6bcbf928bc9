"""Whatever a call lives through, and whether its stamps tell of it or not: the activity ends as Apten's record says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from connector.model import State
from connector.sync.select import Named, Remembered
from tests.reliability.converged import assert_converged
from tests.reliability.place import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.place import Place
    from tests.reliability.scoreboard import HowMany

    Settle = Callable[..., Place]

AFTER = {
    "1 s": timedelta(seconds=1),
    "30 s": timedelta(seconds=30),
    "1 min": timedelta(minutes=1),
    "5 min": timedelta(minutes=5),
    "29 min": timedelta(minutes=29),
    "31 min": timedelta(minutes=31),
    "1 h": timedelta(hours=1),
    "2 h": timedelta(hours=2),
    "6 h": timedelta(hours=6),
    "12 h": timedelta(hours=12),
    "24 h": timedelta(hours=24),
}
STATUSES = ("RINGING", "ON_HOLD", "FAILED", "complete")


def live(here: Place, span: timedelta) -> None:
    """A run every five minutes at first, then rarer."""
    end = here.theirs.now() + span
    minutes = 5.0
    while (left := end - here.theirs.now()) > timedelta():
        step = min(left, timedelta(minutes=minutes))
        here.pass_by(seconds=step.total_seconds())
        assert here.town.run().exit_code == 0
        minutes *= 2


def call_of(here: Place, call_id: str, **call: Any) -> None:
    """A new lead is called."""
    here.add_lead(f"lead-of-{call_id}")
    here.add_call(call_id, f"lead-of-{call_id}", **call)


@pytest.mark.survives("H call life", "in progress for ever")
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_in_progress_for_ever(place: Settle, kind: str) -> None:
    here = place(kind)
    call_of(here, "endless", callStatus="IN_PROGRESS", summary=None, transcript=[])
    live(here, timedelta(hours=3, minutes=50))
    assert here.town.logged() == []
    live(here, timedelta(hours=2))
    assert_converged(here.town, besides=["endless"])
    here.world.finish_call("endless", here.theirs.now(), summary="It ended after all.")
    live(here, timedelta(minutes=10))
    assert_converged(here.town)


@pytest.mark.survives("H call life", "late summary with a stamp")
@pytest.mark.parametrize("kind", KINDS)
def test_a_summary_whose_stamp_tells_of_it(
    place: Settle, kind: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    summaries(place(kind), touch=True, step=number(check=5, soak=1), tell=record_property)


@pytest.mark.survives("H call life", "late summary without a stamp")
@pytest.mark.parametrize("kind", KINDS)
def test_a_summary_that_no_stamp_tells_of(
    place: Settle, kind: str, number: HowMany, record_property: Callable[[str, int], None]
) -> None:
    summaries(place(kind), touch=False, step=number(check=5, soak=1), tell=record_property)


def summaries(here: Place, *, touch: bool, step: int, tell: Callable[[str, int], None]) -> None:
    """One call for each time after which a summary comes; all are logged by then, or as soon as waiting is over."""
    delays = list(AFTER.values())[::step]
    for nth, delay in enumerate(delays):
        call_of(here, f"call-{nth}", summary=None)
        comes = here.theirs.now() + timedelta(minutes=1) + delay
        # A default is bound when the function is made, as a loop's variable is not.
        here.world.later(comes, lambda nth=nth, at=comes: here.world.summary_arrives(f"call-{nth}", at, touch=touch))  # type: ignore[misc]
    live(here, timedelta(minutes=32))
    assert here.town.logged() == here.town.loggable(), "nothing is waited for any longer than the mapping says"
    live(here, timedelta(hours=31))
    assert all(call["summary"] for call in here.world.calls())
    assert_converged(here.town)
    tell("cases", len(delays))


@pytest.mark.survives("H call life", "transcript changed after settling")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lead_is_touched", [True, False])
def test_a_transcript_that_changes_when_all_is_settled(place: Settle, kind: str, lead_is_touched: bool) -> None:
    """Where the lead's stamps do not move, the daily sweep finds it."""
    here = place(kind)
    call_of(here, "settled")
    here.rest()
    stamp_of_lead = {name: here.world.lead("lead-of-settled")[name] for name in ("updatedAt", "lastActivityAt")}
    said = [{"role": "user", "content": "Tuesday is fine as well."}]
    here.world.change_call("settled", here.theirs.now(), transcript=said)
    if not lead_is_touched:
        here.world.add_lead({**here.world.lead("lead-of-settled"), **stamp_of_lead})
    here.pass_by(minutes=10)
    here.town.run()
    if not lead_is_touched:
        here.pass_by(days=1)
        here.town.run()
    assert_converged(here.town)


@pytest.mark.survives("H call life", "unknown status")
@pytest.mark.parametrize("kind", KINDS)
def test_a_status_that_nobody_knows(place: Settle, kind: str, record_property: Callable[[str, int], None]) -> None:
    here = place(kind)
    for nth, status in enumerate(STATUSES):
        call_of(here, f"call-{nth}", callStatus=status)
    live(here, timedelta(minutes=14))
    assert here.town.logged() == []
    live(here, timedelta(minutes=30))
    assert here.town.logged() == here.town.loggable()
    for nth in range(len(STATUSES)):
        here.world.change_call(f"call-{nth}", here.theirs.now(), callStatus="COMPLETE")
    here.rest()
    assert_converged(here.town)
    record_property("cases", len(STATUSES))


@pytest.mark.survives("H call life", "transfer answered late")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("touch", [True, False])
def test_a_transfer_that_is_pending_and_then_answered(
    place: Settle, kind: str, touch: bool, record_property: Callable[[str, int], None]
) -> None:
    here = place(kind)
    delays = [AFTER[after] for after in ("1 s", "5 min", "1 h", "24 h")]
    for nth, delay in enumerate(delays):
        call_of(here, f"call-{nth}", isTransfer=True, transferAnswerStatus="pending")
        answered = {"transferAnswerStatus": ("answered", "no_answer")[nth % 2], "transferAnsweredBy": "human"}
        comes = here.theirs.now() + timedelta(minutes=1) + delay
        here.world.later(
            comes,
            lambda nth=nth, at=comes, how=answered: here.world.change_call(f"call-{nth}", at, touch=touch, **how),  # type: ignore[misc]  # bound defaults
        )
    live(here, timedelta(hours=32))
    assert_converged(here.town)
    record_property("cases", len(delays))


@pytest.mark.survives("H call life", "call 404")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("logged_before", [False, True])
def test_a_call_that_apten_lists_and_does_not_have(place: Settle, kind: str, logged_before: bool) -> None:
    here = place(kind)
    call_of(here, "neighbour")
    call_of(here, "gone")
    if logged_before:
        live(here, timedelta(minutes=5))
        here.world.change_call("gone", here.theirs.now())
    row = here.world.call("gone")
    here.world.forget_call("gone")
    here.pass_by(minutes=5)
    assert here.town.run().exit_code == 1
    assert here.town.logged() == (["gone", "neighbour"] if logged_before else ["neighbour"])
    here.world.add_call({**row, "summary": "Back again.", "updatedAt": here.theirs.now().isoformat()})
    live(here, timedelta(minutes=5))
    assert_converged(here.town)


@pytest.mark.survives("H call life", "call 404")
@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_is_gone_for_good_is_told_of_until_somebody_asks(place: Settle, kind: str) -> None:
    here = place(kind)
    call_of(here, "gone")
    here.world.forget_call("gone")
    for _ in range(2):
        here.pass_by(minutes=5)
        assert here.town.run().exit_code == 1
    assert here.town.run(Remembered(lambda ledger, _mappings: ledger.calls_in(State.PARKED))).exit_code == 0
    live(here, timedelta(minutes=5))
    assert here.town.logged() == []


@pytest.mark.survives("H call life", "webchat only")
@pytest.mark.parametrize("kind", KINDS)
def test_a_webchat_call(place: Settle, kind: str) -> None:
    """No listing names it; named by its id it is logged, and from then on kept as it is in Apten."""
    here = place(kind)
    here.add_call("chat", None, summary=None)
    here.rest()
    assert here.town.logged() == []
    assert here.town.run(Named(["chat"])).exit_code == 0
    assert here.town.logged() == ["chat"]
    here.world.summary_arrives("chat", here.theirs.now(), summary="They wrote.", touch=False)
    here.rest()
    assert_converged(here.town, besides=["chat"])
