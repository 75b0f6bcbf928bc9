"""What an odd record costs: itself at most, never its neighbours, and never unnoticed."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.apten.rows import CallEvent, read_rows
from connector.errors import BadCallError, ConnectorError
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from connector.sandbox.world import World
from connector.source_model import Call, Lead
from tests.apten.serving import client, served
from tests.contracts.source import NOW, lead_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector.apten.client import Apten

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["", "2026", "1e9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
LEAD_FIELDS = st.sampled_from([key for key in FOUNDING_LEAD if key != "id"])
CALL_FIELDS = st.sampled_from(
    [*FOUNDING_CALL, "sessionId", "transferNumber", "midCallTransferDuration", "somethingNew"]
)


class Served:
    """A stand-in that answers the next request with the given body, and a client of it."""

    def __init__(self, source: Apten, faults: Any) -> None:
        self.source = source
        self._faults = faults

    def say(self, body: Any) -> Apten:
        self._faults.add(Fault(status=200, body=json.dumps(body).encode()))
        return self.source


@pytest.fixture(scope="module")
def apten() -> Iterator[Served]:
    with served(World(), NOW) as server, client(server) as source:
        yield Served(source, server.faults)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(LEAD_FIELDS, JSON, max_size=3), max_size=4))
def test_a_lead_with_an_id_is_read_but_for_its_bad_fields_and_those_are_told(damages: list[dict[str, Any]]) -> None:
    rows = [FOUNDING_LEAD | damage | {"id": f"lead{number}"} for number, damage in enumerate(damages)]
    leads, unreadable = read_rows(Lead, rows)
    told = []
    for row, lead, damage in zip(rows, leads, damages, strict=True):
        bad = sorted(name for name, value in damage.items() if not _readable(name, value))
        assert lead == Lead.model_validate({name: value for name, value in row.items() if name not in bad})
        told += [f"Lead {row['id']}: left out {', '.join(bad)}"] if bad else []
    assert unreadable == tuple(told)


def _readable(name: str, value: Any) -> bool:
    try:
        Lead.model_validate({"id": "x", name: value})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("hopeless", [None, 7, "lead", [], {}, {"id": None}, {"id": ""}, {"id": []}, {"id": True}])
def test_a_row_without_an_id_is_left_out_told_and_takes_no_other_along(apten: Served, hopeless: Any) -> None:
    page = apten.say({"leads": [lead_row("a", NOW), hopeless, lead_row("b", NOW)], "nextToken": "more"}).leads(
        updated_since=NOW
    )
    assert [lead.id for lead in page.rows] == ["a", "b"]
    assert page.next_token == "more"
    assert page.unreadable == ("Lead in row 2 of a page: left out, no id",)


def test_a_field_that_cannot_be_read_is_missing_and_told_without_its_value(apten: Served) -> None:
    row = lead_row("a", NOW, externalLeadId={"id": "private"}, tags=["private"], lastActivityAt="yesterday")
    page = apten.say({"leads": [row]}).leads(updated_since=NOW)
    [lead] = page.rows
    assert (lead.external_lead_id, lead.tags, lead.last_activity_at, lead.activity_at) == (None, (), None, NOW)
    assert page.unreadable == ("Lead a: left out externalLeadId, lastActivityAt, tags",)


def test_an_event_without_a_readable_stamp_still_names_its_call(apten: Served) -> None:
    events = [
        {"id": "a", "type": "CALL"},
        {"id": "b", "type": "CALL", "updatedAt": "2016-12-31T24:59:60Z"},
        {"id": "c"},
        {"id": "d", "type": "TELEPATHY", "updatedAt": {}},
        {"id": "e", "type": "CALL", "updatedAt": "2026-06-15T14:30:00.000Z", "data": ["anything"], "new": 1},
        "CALL",
    ]
    page = apten.say({"events": events}).events("lead", since=NOW)
    assert [(ref.call_id, ref.updated_at) for ref in page.rows] == [
        ("a", None),
        ("b", None),
        ("c", None),
        ("e", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
    ]
    assert page.unreadable == (
        "CallEvent b: left out updatedAt",
        "CallEvent in row 5 of a page: left out, no id",
    )


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("2026-06-15T14:30:07.000Z", 7.0),
        ("2026-06-15T14:30:07Z", 7.0),
        ("2026-06-15T14:30:07.25Z", 7.25),
        ("2026-06-15T14:30:07.123456Z", 7.123456),
        ("2026-06-15T14:30:07.123456789Z", 7.123456),
        ("2026-06-15T14:30:07+00:00", 7.0),
        ("2026-06-15T16:30:07.000+02:00", 7.0),
        ("2026-06-15T14:30:07", 7.0),
        ("2026-06-15 14:30:07", 7.0),
        ("2026-06-15T14:30:60.000Z", 59.0),
        (1_781_533_807, 7.0),
    ],
)
def test_stamps_are_read_in_every_usual_spelling(text: Any, second: float) -> None:
    [event], _ = read_rows(CallEvent, [{"id": "a", "updatedAt": text}])
    assert event.updated_at == datetime(2026, 6, 15, 14, 30, tzinfo=UTC) + timedelta(seconds=second)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+05:30", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00Z"])
def test_stamps_at_the_edge_of_the_calendar_are_none(text: str) -> None:
    [event], unreadable = read_rows(CallEvent, [{"id": "a", "updatedAt": text}])
    assert event.updated_at is None
    assert len(unreadable) == 1


@pytest.mark.parametrize(
    "half",
    ["\ud83d", "low \ude00", "Great\ud83d call", "\ud83d\ud83d\ude00"],
    ids=["high", "low", "inside", "before a whole"],
)
def test_an_emoji_cut_in_half_costs_that_emoji_alone(apten: Served, half: str) -> None:
    call = apten.say(FOUNDING_CALL | {"summary": half, "half\ud83d": [half]}).call(FOUNDING_CALL["id"])
    assert call.summary
    assert "\ufffd" in call.summary
    call.summary.encode()


def test_optional_fields_may_be_null_or_missing_and_unknown_ones_are_kept(apten: Served) -> None:
    required = ("id", "direction", "callStatus", "durationSeconds", "createdAt", "updatedAt")
    bare = {name: FOUNDING_CALL[name] for name in required}
    call = apten.say(bare).call(FOUNDING_CALL["id"])
    nulls = {field.alias: None for field in Call.model_fields.values() if field.alias not in bare}
    assert apten.say({**nulls, **bare}).call(FOUNDING_CALL["id"]) == call
    kept = apten.say(bare | {"callStatus": "RINGING", "sentiment": {"score": 1}}).call(FOUNDING_CALL["id"])
    assert kept.call_status == "RINGING"
    assert kept.model_extra == {"sentiment": {"score": 1}}


@pytest.mark.parametrize("missing", ["direction", "callStatus", "durationSeconds", "createdAt", "updatedAt"])
def test_a_call_that_lacks_what_is_always_there_is_bad_and_says_which_field(apten: Served, missing: str) -> None:
    with pytest.raises(BadCallError, match=missing) as caught:
        apten.say({**FOUNDING_CALL, missing: None}).call(FOUNDING_CALL["id"])
    assert (caught.value.code, caught.value.fields) == ("bad_call", (missing,))
    assert "pricing" not in str(caught.value)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(CALL_FIELDS, JSON, min_size=1, max_size=3))
def test_whatever_a_call_holds_it_is_read_or_refused_in_our_words(apten: Served, damage: dict[str, Any]) -> None:
    try:
        call = apten.say(FOUNDING_CALL | damage).call(FOUNDING_CALL["id"])
    except ConnectorError as error:
        assert "pricing" not in str(error)  # noqa: PT017  # most damages are none
    else:
        assert call.id == FOUNDING_CALL["id"]
        assert call.ended_at >= call.created_at


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_whatever_an_answer_is_it_is_read_or_refused_in_our_words(apten: Served, body: Any) -> None:
    requests: tuple[Callable[[Apten], object], ...] = (
        lambda source: source.leads(updated_since=NOW),
        lambda source: source.events("lead", since=NOW),
        lambda source: source.lead("lead"),
        lambda source: source.call("call"),
    )
    for send in requests:
        with suppress(ConnectorError):
            send(apten.say(body))
