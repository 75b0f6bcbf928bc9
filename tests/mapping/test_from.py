from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.mapping.samples import LEAD, LEFT_OUT, call, codes, founding_call, schema_of, value, visit


def test_a_source_is_read_by_its_name() -> None:
    assert value("{from: direction}", founding_call()) == "OUTBOUND"
    assert value("{from: endedAt}", founding_call()) == datetime(2026, 6, 15, 14, 32, 25, tzinfo=UTC)
    assert value("{from: lead.firstName}", call(), LEAD) == "Ada"
    assert value("{from: lead.tags, as: text}", call(), LEAD) == "vip, solar"


def test_additional_info_is_text_whatever_json_holds() -> None:
    assert value("{from: lead.additionalInfo.region}", call(), LEAD) == "West"
    assert value("{from: lead.additionalInfo.score}", call(), LEAD) == "7"
    assert value("{from: lead.additionalInfo.note}", call(), LEAD) == LEFT_OUT
    assert value("{from: lead.additionalInfo.other key}", call(), LEAD) == LEFT_OUT


def test_a_webchat_call_has_no_lead() -> None:
    assert value("{from: lead.firstName}", call(sessionId="s1"), None) == LEFT_OUT
    assert value("{from: lead.isHot}", call(sessionId="s1"), None) is False


@pytest.mark.parametrize("absent", [{}, {"isTransfer": None}])
def test_a_flag_that_is_absent_or_null_reads_as_false(absent: dict[str, Any]) -> None:
    assert value("{from: isTransfer}", call(**absent)) is False


@pytest.mark.parametrize("blank", [None, "", "  ", "\n\t", "\x00\x1f", "\u2028"])
def test_a_blank_text_is_missing(blank: str | None) -> None:
    assert value("{from: summary}", call(summary=blank)) == LEFT_OUT
    assert value("{from: summary, default: none}", call(summary=blank)) == "none"
    assert value("{text: \"{{ summary | default('none') }}\"}", call(summary=blank)) == "none"


def test_a_missing_value_leaves_the_field_alone_or_clears_it() -> None:
    assert value("{from: summary}", call()) == LEFT_OUT
    assert value("{from: summary, if_missing: clear}", call()) is None


def test_a_map_gives_its_value_or_unmapped_and_leaves_the_missing_missing() -> None:
    written = "{from: endedBy, map: {LEAD: Customer, AGENT: Us}, unmapped: Somebody, default: Nobody}"
    assert value(written, call(endedBy="LEAD")) == "Customer"
    assert value(written, call(endedBy="NEW_ONE")) == "Somebody"
    assert value(written, call()) == "Nobody"


def test_a_map_of_flags_and_durations_is_typed() -> None:
    assert value("{from: isTransfer, map: {true: Yes, false: No}}", call(isTransfer=True)) == "Yes"
    assert value("{from: durationSeconds, map: {2m: two}, unmapped: other}", call(durationSeconds=120)) == "two"


def test_mapped_values_are_read_as_what_the_field_holds() -> None:
    written = "{from: direction, map: {INBOUND: 1, OUTBOUND: 2}}"
    assert value(written, call(direction="INBOUND"), field="{type: integer}") == 1


def test_a_default_without_a_schema_is_of_the_kind_it_stands_in_for() -> None:
    assert value("{from: midCallTransferDuration, default: 0}", call()) == 0


def test_a_date_is_the_day_it_was_in_the_zone() -> None:
    late = call(createdAt="2026-06-16T03:59:00Z")
    assert value("{from: createdAt, as: date}", late) == date(2026, 6, 15)
    assert value("{from: createdAt, as: date, timezone: Europe/Berlin}", late) == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("rounding", "expected"), [("", 2), (", round: nearest", 2), (", round: up", 3), (", round: down", 2)]
)
def test_minutes_round_as_they_say(rounding: str, expected: int) -> None:
    assert value(f"{{from: durationSeconds, as: minutes{rounding}}}", call(durationSeconds=149)) == expected


def test_half_a_minute_rounds_up_and_none_stays_none() -> None:
    assert value("{from: durationSeconds, as: minutes}", call(durationSeconds=30)) == 1
    assert value("{from: durationSeconds, as: minutes, round: up}", call(durationSeconds=0)) == 0


def test_seconds_fit_a_field_in_milliseconds_only_when_they_say_so() -> None:
    field = "{type: integer, unit: milliseconds}"
    assert value("{from: durationSeconds, as: milliseconds}", founding_call(), field=field) == 145_000
    assert codes(visit("{from: durationSeconds}"), schema_of(f"target: {field}")) == ["MAP302"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{from: createdAt, as: date, plus: 1d}", date(2026, 6, 16)),
        ("{from: createdAt, as: date, plus: 30d}", date(2026, 7, 15)),
        ("{from: createdAt, as: date, plus: 3650d}", date(2036, 6, 12)),
        ("{from: lead.createdAt, as: date, plus: 1d}", LEFT_OUT),
        ("{from: lead.createdAt, as: date, plus: 1d, default: 2026-01-01}", date(2026, 1, 1)),
        ("{from: createdAt, as: date, plus: 1d, when: {isTransfer: true}}", LEFT_OUT),
    ],
)
def test_a_date_may_be_some_days_later(written: str, expected: Any) -> None:
    assert value(written, call(), field="{type: date}") == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{from: createdAt, as: date, plus: 12h}", "MAP120"),
        ("{from: createdAt, as: date, plus: 0d}", "MAP120"),
        ("{from: createdAt, as: date, plus: -1d}", "MAP120"),
        ("{from: createdAt, as: date, plus: 3651d}", "MAP120"),
        ("{from: createdAt, as: date, plus: 1}", "MAP120"),
        ("{from: createdAt, plus: 1d}", "MAP223"),
        ("{from: durationSeconds, plus: 1d}", "MAP223"),
    ],
)
def test_only_dates_are_moved_and_by_whole_days(written: str, code: str) -> None:
    assert codes(visit(written, "timezone: America/New_York\n")) == [code]
