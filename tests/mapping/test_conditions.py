from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.model import Skip
from tests.mapping.samples import HEAD, LEAD, call, codes, compiled

if TYPE_CHECKING:
    from connector.source_model import Lead


def holds(condition: str, lead: Lead | None = None, **facts: Any) -> bool:
    mapping = compiled(f"{HEAD}timezone: America/New_York\nlog_when: {condition}\nfields: {{a: b}}\n")
    return not isinstance(mapping.apply(call(**facts), lead), Skip)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        ("{endedBy: LEAD}", {"endedBy": "LEAD"}, True),
        ("{endedBy: LEAD}", {"endedBy": "AGENT"}, False),
        ("{endedBy: LEAD}", {}, False),
        ("{endedBy: [LEAD, AGENT]}", {"endedBy": "AGENT"}, True),
        ("{endedBy: [LEAD, AGENT]}", {}, False),
        ("{endedBy: {not: LEAD}}", {"endedBy": "AGENT"}, True),
        ("{endedBy: {not: LEAD}}", {}, True),
        ("{endedBy: {not: [LEAD, AGENT]}}", {"endedBy": "AGENT"}, False),
        ("{isTransfer: false}", {}, True),
        ("{isTransfer: {not: true}}", {"isTransfer": True}, False),
        ("{durationSeconds: 145}", {}, True),
        ("{durationSeconds: {at_least: 145}}", {}, True),
        ("{durationSeconds: {at_least: 2m, at_most: 3m}}", {}, True),
        ("{durationSeconds: {at_least: 2m, at_most: 3m}}", {"durationSeconds": 181}, False),
        ("{durationSeconds: {at_most: 90s}}", {}, False),
        ("{midCallTransferDuration: {at_most: 90s}}", {}, False),
        ("{midCallTransferDuration: {at_least: 0}}", {}, False),
        ("{summary: {present: true}}", {"summary": "x"}, True),
        ("{summary: {present: true}}", {"summary": " "}, False),
        ("{summary: {present: false}}", {}, True),
        ("{transcript: {present: false}}", {}, True),
        ("{createdAt: {at_least: 2026-06-15}}", {"createdAt": "2026-06-15T04:00:00Z"}, True),
        ("{createdAt: {at_least: 2026-06-15}}", {"createdAt": "2026-06-15T03:59:59Z"}, False),
        ("{createdAt: {at_most: 2026-06-15}}", {"createdAt": "2026-06-16T03:59:59Z"}, True),
        ("{createdAt: 2026-06-15}", {"createdAt": "2026-06-16T03:59:59Z"}, True),
        ("{createdAt: {at_least: 2026-06-15T14:30:00Z}}", {}, True),
        ("{createdAt: {at_most: 2026-06-15T14:29:59Z}}", {}, False),
        ("{isTransfer: false, endedBy: LEAD}", {"endedBy": "LEAD"}, True),
        ("{isTransfer: false, endedBy: LEAD}", {"endedBy": "LEAD", "isTransfer": True}, False),
        ("{any: [{endedBy: LEAD}, {isTransfer: true}]}", {"isTransfer": True}, True),
        ("{any: [{endedBy: LEAD}, {isTransfer: true}]}", {}, False),
        ("{all: [{endedBy: LEAD}, {isTransfer: true}]}", {"isTransfer": True}, False),
        ("{not: {endedBy: LEAD, isTransfer: true}}", {"endedBy": "LEAD"}, True),
        ("{not: {any: [{endedBy: LEAD}, {isTransfer: true}]}}", {}, True),
    ],
)
def test_a_condition_holds_as_it_reads(condition: str, facts: dict[str, Any], expected: bool) -> None:
    assert holds(condition, **facts) is expected


def test_lists_are_asked_for_one_of_their_values() -> None:
    assert holds("{lead.tags: {has: vip}}", LEAD)
    assert holds("{lead.tags: {has: [none, solar]}}", LEAD)
    assert not holds("{lead.tags: {has: gold}}", LEAD)
    assert not holds("{lead.tags: {has: vip}}", None)
    assert holds("{lead.tags: {present: false}}", None)


def test_a_skip_names_the_condition_that_did_not_hold() -> None:
    mapping = compiled(f"{HEAD}log_when: {{isTransfer: false, any: [{{endedBy: LEAD}}]}}\nfields: {{a: b}}\n")
    assert mapping.apply(call(isTransfer=True), None) == Skip("log_when: isTransfer")
    assert mapping.apply(call(), None) == Skip("log_when: any")


@pytest.mark.parametrize(
    ("condition", "code"),
    [("{durationSeconds: {at_least: [5, 6]}}", "MAP104"), ("{any: [{}]}", "MAP103"), ("{all: [{}, {}]}", "MAP103")],
)
def test_what_a_condition_would_pass_over_is_told(condition: str, code: str) -> None:
    assert codes(f"{HEAD}log_when: {condition}\nfields: {{target: x}}\n") == [code]
