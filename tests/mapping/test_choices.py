from __future__ import annotations

from tests.mapping.samples import LEFT_OUT, call, value


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
