from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.mapping.samples import LEAD, call, codes, compiled, founding_call, made, schema_of, value

LEFT_OUT = "left out"


@pytest.mark.parametrize("typed", ["+15551234567", "007", "Yes", "No", "on", "1.10", "1_000", "0x1F", "null and void"])
def test_a_plain_value_in_a_text_field_stays_as_typed(typed: str) -> None:
    assert value(typed, call()) == typed
    assert value(typed, call(), field="{type: text}") == typed
    assert value(f"{{value: {typed}}}", call(), field="{type: text}") == typed


@pytest.mark.parametrize(
    ("typed", "field", "expected"),
    [
        ("7", "{type: integer}", 7),
        ("-7", "{type: number}", -7),
        ("1.5", "{type: number}", 1.5),
        ("true", "{type: boolean}", True),
        ("FALSE", "{type: boolean}", False),
        ("2026-06-15", "{type: date}", date(2026, 6, 15)),
        ("2026-06-15T14:30:00Z", "{type: datetime}", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
        ("2026-06-15T10:30:00", "{type: datetime}", datetime(2026, 6, 15, 14, 30, tzinfo=UTC)),
        ("Inbound", "{type: picklist, restricted: true, values: [Inbound]}", "Inbound"),
        ("2026-06-15", "{type: text}", "2026-06-15"),
    ],
)
def test_a_plain_value_is_read_as_what_its_field_holds(typed: str, field: str, expected: Any) -> None:
    assert value(typed, call(), field=field) == expected


@pytest.mark.parametrize("typed", ["1e5", "12345678901234567890", "\u0661", "1.", "--1", "five"])
def test_a_whole_number_is_digits_and_nothing_else(typed: str) -> None:
    assert codes(_visit(typed), schema_of("target: {type: integer}")) == ["MAP303"]


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
    assert codes(_visit("{from: durationSeconds}"), schema_of(f"target: {field}")) == ["MAP302"]


def test_the_first_case_that_holds_is_taken_even_if_its_value_is_missing() -> None:
    written = "{cases: [{when: {isTransfer: true}, from: summary}, {when: {endedBy: LEAD}, value: b}, c]}"
    assert value(written, call(isTransfer=True, summary="a", endedBy="LEAD")) == "a"
    assert value(written, call(isTransfer=True, endedBy="LEAD")) == LEFT_OUT
    assert value(written, call(endedBy="LEAD")) == "b"
    assert value(written, call()) == "c"


def test_cases_may_hold_cases_and_options_of_their_own() -> None:
    written = """
      default: nothing
      cases:
        - when: {isTransfer: true}
          cases: [{when: {endedBy: LEAD}, from: endedBy, as: label}]
        - {when: {endedBy: AGENT}, from: endedBy, map: {AGENT: us}, unmapped: them}
"""
    assert value(written, call(isTransfer=True, endedBy="LEAD")) == "Customer"
    assert value(written, call(endedBy="AGENT")) == "us"
    assert value(written, call()) == "nothing"


def test_what_a_condition_has_found_to_be_there_needs_no_default() -> None:
    field = "{type: text, required: true, length: 100}"
    written = """
      cases:
        - {when: {endedBy: {present: true}}, text: "{{ endedBy }} ended it", cut: {keep: start}}
        - never ended
"""
    assert value(written, call(endedBy="LEAD"), field=field) == "LEAD ended it"
    assert value(written, call(), field=field) == "never ended"


def test_a_value_whose_condition_does_not_hold_is_missing() -> None:
    written = "{from: durationSeconds, when: {isTransfer: true}}"
    assert value(written, call(isTransfer=True)) == 145
    assert value(written, call()) == LEFT_OUT
    assert value("{value: a, when: {isTransfer: true}, default: b}", call()) == "b"


def test_texts_are_written_canonical() -> None:
    assert value("{from: summary}", call(summary=" a\r\nb\x00 e\u0301 ")) == "a\nb é"
    assert value('"  a\\r\\nb  "', call()) == "a\nb"
    assert value("{text: \"{{ summary | default('') }}\\r\\n!\"}", call(summary="e\u0301\r\n")) == "é\n\n!"


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        ("{keep: start}", "abcdefghij"),
        ("{keep: end}", "qrstuvwxyz"),
        ("{to: 5}", "abcde"),
        ("{to: 5, mark: …}", "abcd…"),
        ("{to: 5, keep: end, mark: …}", "…wxyz"),
        ("{mark: ' [cut]'}", "abcd [cut]"),
    ],
)
def test_a_text_is_cut_as_declared(cut: str, expected: str) -> None:
    long = call(summary="abcdefghijklmnopqrstuvwxyz")
    assert value(f"{{from: summary, cut: {cut}}}", long, field="{type: text, length: 10}") == expected


def test_a_cut_so_short_that_nothing_may_be_left_does_not_fill_a_required_field() -> None:
    required = schema_of("target: {type: text, required: true, length: 40}")
    assert codes(_visit('{text: "🎉", cut: {to: 1}}'), required) == ["MAP304"]
    assert codes(_visit('{text: "🎉", cut: {to: 2}}'), required) == []


def test_a_text_that_fits_is_not_touched() -> None:
    written = "{from: summary, cut: {keep: start, mark: …}}"
    assert value(written, call(summary="just right"), field="{type: text, length: 10}") == "just right"


def test_field_write_policies_and_the_person_decide_what_is_written_at_creation_only() -> None:
    text = """version: 1
activity: salesforce/Visit
key: call_id
write: on_create
person: {by: [lead.externalLeadId]}
fields:
  a: x
  b: {value: x, write: always}
  c: x
  d: {value: x, write: unless_edited}
  who: {from: person}
"""
    schema = schema_of(
        "a: {type: text}\nb: {type: text}\nc: {type: text, updateable: false}\nd: {type: text}\nwho: {type: reference}"
    )
    draft = made(compiled(text, schema), call())
    assert draft.on_create == {"a", "c", "who"}
    assert draft.unless_edited == {"d"}
    always = compiled(text.replace("write: on_create", "write: always"), schema)
    assert made(always, call()).on_create == {"c", "who"}


def _visit(written: str) -> str:
    return f"version: 1\nactivity: salesforce/Visit\nkey: call_id\nfields:\n  target: {written}\n"
