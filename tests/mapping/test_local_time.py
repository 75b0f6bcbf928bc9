from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.model import Skip
from connector.source_model import Lead
from tests.mapping.samples import HEAD, call, codes, compiled, made, schema_of

OWN_ZONE = "timezone: {from: lead.additionalInfo.zone, default: America/New_York}"


def lead_in(zone: Any) -> Lead:
    return Lead.model_validate({"id": "l1", "additionalInfo": {"zone": zone}})


def value(written: str, at: str, lead: Lead | None = None, head: str = OWN_ZONE) -> Any:
    """What a value becomes for a call that began then; `head` holds the file's time zone."""
    mapping = compiled(f"{HEAD}{head}\nfields: {{a: {written}}}\n")
    return made(mapping, call(createdAt=at), lead).fields["a"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Tokyo", "2026-06-16 01:00"),
        (" Asia/Tokyo\n", "2026-06-16 01:00"),
        ("US/Pacific", "2026-06-15 09:00"),
        ("EST", "2026-06-15 11:00"),
        ("Asia/Kathmandu", "2026-06-15 21:45"),
    ],
)
def test_each_call_has_the_zone_that_its_source_names(zone: str, expected: str) -> None:
    assert value("{from: createdAt, as: text}", "2026-06-15T16:00:00Z", lead_in(zone)) == expected


IN_NEW_YORK = "2026-06-15 12:00"


@pytest.mark.parametrize(
    "zone",
    [
        *("", "  ", None, 7, ["UTC"], "Mars/Base", "Europe", "../UTC", "/etc/passwd", "é\x00", "x" * 999),
        *("localtime", "Factory", "posixrules", "posix/UTC", "right/UTC"),
    ],
)
def test_a_name_that_is_no_zones_falls_to_the_default(zone: Any) -> None:
    assert value("{from: createdAt, as: text}", "2026-06-15T16:00:00Z", lead_in(zone)) == IN_NEW_YORK


def test_without_a_lead_the_default_holds() -> None:
    assert value("{from: createdAt, as: text}", "2026-06-15T16:00:00Z") == IN_NEW_YORK


@given(st.text() | st.text(st.sampled_from("./AEgmotu\\\x00 "), max_size=12))
def test_no_name_whatsoever_is_an_accident(name: str) -> None:
    known = name.strip() in available_timezones()
    made_of = value("{from: createdAt, as: text}", "2026-06-15T16:00:00Z", lead_in(name))
    assert known or made_of == IN_NEW_YORK


@given(
    st.integers(-2_200_000_000, 32_500_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(sorted(available_timezones() - {"localtime", "posixrules", "Factory"})),
)
def test_a_date_is_the_day_it_was_in_the_calls_own_zone(at: datetime, zone: str) -> None:
    lead, local = lead_in(zone), at.astimezone(ZoneInfo(zone))
    assert value("{from: createdAt, as: date}", at.isoformat(), lead) == local.date()
    assert value('{text: "{{ createdAt | time }}"}', at.isoformat(), lead) == f"{local:%H:%M}"
    assert value("{from: createdAt}", at.isoformat(), lead) == at


# In New York clocks go from 2:00 to 3:00 on 8 March 2026, and from 2:00 back to 1:00 on 1 November.
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-08T06:59:59Z", "2026-03-08 01:59"),
        ("2026-03-08T07:00:00Z", "2026-03-08 03:00"),
        ("2026-03-08T04:59:59Z", "2026-03-07 23:59"),
        ("2026-03-09T03:59:59Z", "2026-03-08 23:59"),
        ("2026-11-01T05:30:00Z", "2026-11-01 01:30"),
        ("2026-11-01T06:30:00Z", "2026-11-01 01:30"),
        ("2026-11-01T03:59:59Z", "2026-10-31 23:59"),
        ("2026-11-02T04:59:59Z", "2026-11-01 23:59"),
    ],
)
def test_summer_time_begins_and_ends_where_it_does(at: str, expected: str) -> None:
    assert value("{from: createdAt, as: text}", at) == expected
    assert value("{from: createdAt, as: date}", at) == date.fromisoformat(expected[:10])
    assert value('{text: "{{ createdAt | date }} {{ createdAt | time }}"}', at) == expected


def test_a_day_later_is_the_next_day_also_when_that_has_other_hours() -> None:
    for at in ("2026-03-08T04:59:59Z", "2026-10-31T23:00:00Z"):
        day = value("{from: createdAt, as: date}", at)
        assert (value("{from: createdAt, as: date, plus: 1d}", at) - day).days == 1


def test_a_value_may_have_a_zone_of_its_own() -> None:
    late = "2026-06-15T22:30:00Z"
    assert value("{from: createdAt, as: date, timezone: Europe/Berlin}", late, lead_in("US/Pacific")) == date(
        2026, 6, 16
    )
    own = "{from: createdAt, as: date, timezone: {from: lead.additionalInfo.zone, default: UTC}}"
    assert value(own, late, lead_in("Asia/Tokyo"), "timezone: US/Pacific") == date(2026, 6, 16)
    assert value(own, late, lead_in("none"), "timezone: US/Pacific") == date(2026, 6, 15)


@pytest.mark.parametrize(
    ("zone", "condition", "holds"),
    [
        ("Asia/Tokyo", "{createdAt: {at_least: 2026-06-16}}", True),
        ("UTC", "{createdAt: {at_least: 2026-06-16}}", False),
        ("nowhere", "{createdAt: {at_most: 2026-06-15}}", True),
        ("Asia/Tokyo", "{createdAt: 2026-06-16}", True),
        ("Asia/Tokyo", "{createdAt: {not: 2026-06-16}}", False),
        ("Asia/Tokyo", "{createdAt: {at_least: 2026-06-15T16:00:00Z}}", True),
        ("Asia/Tokyo", "{createdAt: {at_least: 2026-06-15T16:00:01Z}}", False),
    ],
)
def test_a_date_in_a_condition_is_a_day_there(zone: str, condition: str, holds: bool) -> None:
    mapping = compiled(f"{HEAD}{OWN_ZONE}\nlog_when: {condition}\nfields: {{a: b}}\n")
    assert isinstance(mapping.apply(call(createdAt="2026-06-15T16:00:00Z"), lead_in(zone)), Skip) is not holds


def test_a_date_in_a_template_is_a_day_there() -> None:
    asked = "{text: \"{% if createdAt >= '2026-06-16' %}later{% else %}{{ createdAt | date('long') }}{% endif %}\"}"
    assert value(asked, "2026-06-15T16:00:00Z", lead_in("Asia/Tokyo")) == "later"
    assert value(asked, "2026-06-15T16:00:00Z", lead_in("UTC")) == "June 15, 2026"


def test_a_time_typed_without_a_zone_needs_one_that_is_the_same_on_every_call() -> None:
    schema = schema_of("a: {type: datetime}")
    text = f"{HEAD}{{}}\nfields: {{{{a: 2026-06-15T10:30:00}}}}\n"
    assert codes(text.format("timezone: America/New_York"), schema) == []
    assert codes(text.format(OWN_ZONE), schema) == ["MAP308"]
    assert codes(text.format(""), schema) == ["MAP308"]
