from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from connector.model import CallState
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.source_model import Call, Lead
from connector.sync.fetched import Fetched
from tests.clock import FakeClock
from tests.town import Town

Build = Callable[..., Town]

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(summary=st.none() | TEXT, news=JSON, has_lead=st.booleans())
def test_what_was_packed_comes_out_as_it_was(summary: str | None, news: object, has_lead: bool) -> None:
    call = Call.model_validate({**FOUNDING_CALL, "summary": summary, "newsOfApten": news})
    lead = Lead.model_validate({**FOUNDING_LEAD, "newsOfApten": news}) if has_lead else None
    fetched = Fetched(call, lead, CallState(call.id), unchanged=False)
    for _ in range(2):
        fetched.pack()
        fetched.pack()
        assert isinstance(fetched._call, bytes)
        assert fetched.call == call
        assert fetched.call.model_dump() == call.model_dump()
        assert fetched.lead == lead


def test_hundreds_of_calls_that_wait_for_the_brake_are_written_as_they_were_fetched(
    build: Build, clock: FakeClock
) -> None:
    town = build("database", calls=800, leads=150)
    town.run()
    clock.advance(hours=3)
    wanted = {call["id"]: f"Summary {number}." for number, call in enumerate(town.world.loggable_calls())}
    for call_id, summary in wanted.items():
        town.world.change_call(call_id, clock.now(), summary=summary)
    # A status that nobody knows counts as in progress for a quarter of an hour after each change.
    clock.advance(minutes=30)
    report = town.run()
    assert report.counts["updated"] > 600
    assert {row["call_id"]: row["summary"] for row in town.activities()} == wanted
