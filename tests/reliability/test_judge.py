"""The judge itself: what is well passes, and each promise that is broken is named with the call it was broken to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.sandbox.founding_call import FOUNDING_CALL
from tests.ledger.openings import leave_otherwise
from tests.looking import delete, edit, refuse
from tests.reliability.judge import BrokenPromiseError, judge, judge_in_between
from tests.reliability.watch import Watch
from tests.town import add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

ONE = FOUNDING_CALL["id"]
TEXT = {"salesforce": "Description", "database": "summary"}


@pytest.fixture(params=["salesforce"])
def town(request: pytest.FixtureRequest, build: Callable[..., Town]) -> Town:
    return build(request.param, calls=15, leads=6)


of_both = pytest.mark.parametrize("town", ["database", "salesforce"], indirect=True)
"""Where the judge looks at each CRM in its own way."""


@pytest.fixture
def watch(town: Town) -> Watch:
    """Of a town in which runs went well, with late summaries before the second, and nothing new before the last."""
    watch = Watch(town)
    town.run()
    town.clock.advance(hours=3)
    town.world.late_summaries(10, town.clock.now())
    town.world.change_call(ONE, town.clock.now(), summary="They will speak again on Thursday.")
    town.run()
    town.clock.advance(minutes=10)
    town.run()
    return watch


def ledger(town: Town, statement: str, *values: str) -> None:
    leave_otherwise(town.folder / "ledger.db", statement, *values)


@of_both
def test_what_is_well_passes(town: Town, watch: Watch) -> None:
    judge_in_between(town)
    judge(town, watch=watch)


def test_what_cannot_be_logged_passes_if_it_is_parked(town: Town) -> None:
    watch = Watch(town)
    town.world.forget_call(ONE)
    town.run()
    judge(town, watch=watch, parked=[ONE])


@of_both
def test_a_persons_edit_passes_where_it_is_told_of(town: Town, watch: Watch) -> None:
    edit(town, ONE, TEXT[town.kind], "My own words")
    judge(town, watch=watch if town.kind == "salesforce" else None, edited={ONE: [TEXT[town.kind]]})


def lose(town: Town, _watch: Watch) -> None:
    delete(town, ONE)


def invent(town: Town, _watch: Watch) -> None:
    if town.kind == "salesforce":
        town.org.add("Task", Apten_Call_Id__c="no-call")
    else:
        town.sql("INSERT INTO calls (call_id) VALUES ('no-call')")


def alter(town: Town, _watch: Watch) -> None:
    edit(town, ONE, TEXT[town.kind], "What nobody said")


def go_back(town: Town, watch: Watch) -> None:
    """The first write once more, then the last one, so that in the end all is as it should be."""
    first, *_, last = watch.writes()[ONE]
    for fields in (first, last):
        if town.kind == "salesforce":
            town.org.update(town.activity(ONE)["Id"], dict(fields), town.clock.now())
        else:
            edit(town, ONE, "summary", fields["summary"])


def leave_undone(town: Town, _watch: Watch) -> None:
    town.clock.advance(minutes=1)
    town.world.change_call(ONE, town.clock.now(), summary="They spoke once more.")


def forget_call(town: Town, _watch: Watch) -> None:
    ledger(town, "DELETE FROM call WHERE call_id = ?", ONE)


def forget_lead(town: Town, _watch: Watch) -> None:
    ledger(town, "DELETE FROM lead WHERE lead_id = ?", FOUNDING_CALL["leadId"])


def squander(town: Town, _watch: Watch) -> None:
    town.org.requests_used = town.org.daily_requests


def leak(town: Town, _watch: Watch) -> None:
    ledger(town, "INSERT INTO meta (name, value) VALUES ('note', ?)", str(town.world.call(ONE)["summary"]))


def tell(town: Town, _watch: Watch) -> None:
    town.log.info("call.written", summary=town.world.call(ONE)["summary"])


def park(town: Town, _watch: Watch) -> None:
    """The CRM refuses a change for a reason that is over by then, which nothing tells of."""
    leave_undone(town, _watch)
    refuse(town, 1)
    town.run()


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (forget_call, f"I6 watermark ahead of: {ONE}"),
        (forget_lead, f"I6 watermark ahead of: {FOUNDING_CALL['leadId']}"),
        (squander, "I7 15000 requests"),
        (leak, f"I8 leaked into ledger.db: {ONE}"),
        (tell, f"I8 leaked into the log: {ONE}"),
        (park, f"I10 parked, and could be logged: {ONE}"),
        (park, "I10 exit code 1 with 0 calls"),
    ],
)
def test_a_broken_promise_is_named(
    town: Town, watch: Watch, break_it: Callable[[Town, Watch], None], said: str
) -> None:
    break_it(town, watch)
    assert said in _verdict(town, watch)


@of_both
def test_promises_about_activities_are_judged_in_every_crm(town: Town, watch: Watch) -> None:
    go_back(town, watch)
    invent(town, watch)
    alter(town, watch)
    verdict = _verdict(town, watch)
    assert "I2 of no call: no-call" in verdict
    assert f"I3 not as Apten says now: {ONE}." in verdict
    assert f"I4 older over newer: {ONE}" in verdict
    lose(town, watch)
    assert f"I1 lost: {ONE}" in _verdict(town, watch)


def test_work_left_undone_is_named(town: Town, watch: Watch) -> None:
    leave_undone(town, watch)
    verdict = _verdict(town, watch)
    assert f"I5 the next run fetched: {ONE}" in verdict
    assert f"I5 the next run wrote: {ONE}" in verdict


def _verdict(town: Town, watch: Watch) -> str:
    with pytest.raises(BrokenPromiseError) as broken:
        judge(town, watch=watch)
    return str(broken.value)


def test_a_double_is_named(build: Callable[..., Town]) -> None:
    town = build("salesforce", calls=15, leads=6)
    watch = Watch(town)
    town.run()
    town.org.tables["Task"].rows["00T0000000000DOUBL"] = {**town.activity(ONE), "Id": "00T0000000000DOUBL"}
    with pytest.raises(BrokenPromiseError, match=f"I2 doubled: {ONE}"):
        judge(town, watch=watch)


def test_what_cannot_be_logged_and_is_not_parked_is_named(town: Town, watch: Watch) -> None:
    with pytest.raises(BrokenPromiseError, match=f"I10 not parked, and cannot be logged: {ONE}"):
        judge(town, watch=watch, parked=[ONE])


def test_a_call_that_was_lost_before_it_was_ever_known_is_named(town: Town, watch: Watch) -> None:
    """The usual mistake: the watermark runs ahead, and a lead below it is never listed."""
    call_id = add_lead_with_call(town.world, 1, town.clock.now())
    town.clock.advance(hours=1)
    ledger(town, "UPDATE meta SET value = '2027-01-01T00:00:00+00:00' WHERE name = 'mark watermark'")
    verdict = _verdict(town, watch)
    assert f"I1 lost: {call_id}" in verdict
    assert "I6 watermark ahead of: lead-1" in verdict
