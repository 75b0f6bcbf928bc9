"""The tests that an admin writes beside a mapping: what a case means, and what it says when it fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.mapping.apply import Mapping, compile_mapping
from connector.mapping.cases.read import read_cases
from connector.mapping.cases.run import Difference, differences
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from tests.mapping.samples import FOUNDING, HEAD, compiled, file, shipped

if TYPE_CHECKING:
    from connector.mapping.cases.case import Case, Cases

MAPPING = compiled(
    HEAD
    + """
timezone: America/New_York
log_when: {durationSeconds: {at_least: 10}}
wait_for: {summary: {up_to: 90m, when: {callStatus: COMPLETE}}}
person: {by: [lead.externalLeadId]}
fields:
  who: {from: person}
  text: {from: summary, if_missing: clear}
  number: {from: durationSeconds}
  flag: {from: isTransfer}
  time: {from: createdAt}
  day: {from: createdAt, as: date}
  minutes: {from: durationSeconds, as: minutes}
  lead: {from: leadId}
  first: {from: lead.firstName}
  updated: {from: updatedAt}
"""
)


def read(text: str, files: dict[str, str] | None = None, mapping: Mapping = MAPPING) -> Cases:
    return read_cases(file(text, "mapping.tests.yaml"), mapping, (files or {}).get)


def case(written: str, files: dict[str, str] | None = None) -> Case:
    found = read(f"cases:\n  - {{name: one, {written}}}\n", files)
    assert [each.render() for each in found.diagnostics] == []
    return found.cases[0]


def ran(written: str, files: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    return [(each.what, each.expected, each.got) for each in differences(case(written, files), MAPPING)]


@pytest.mark.parametrize("name", ["salesforce", "database"])
def test_every_shipped_case_passes(name: str) -> None:
    saved = load_schema(shipped(f"{name}.schema.yaml"))
    mapping = compile_mapping(load(shipped(f"{name}.yaml")), saved)
    found = read(shipped(f"{name}.tests.yaml").text, mapping=mapping)
    assert found.diagnostics == ()
    assert len(found.cases) > 5
    assert {each.name: differences(each, mapping) for each in found.cases if differences(each, mapping)} == {}


@pytest.mark.parametrize(
    "fields",
    [
        "call_id: call-1",
        "number: 60",
        'number: "60"',
        "number: 60.0",
        "flag: false",
        "time: 2026-06-15T14:30:00Z",
        'time: "2026-06-15T10:30:00-04:00"',
        "day: 2026-06-15",
        "minutes: 1",
        "text: null",
        "updated: 2026-06-15T14:30:00Z",
    ],
)
def test_a_value_is_read_as_the_kind_of_thing_that_its_field_holds(fields: str) -> None:
    assert ran(f"expect: {{fields: {{{fields}}}}}") == []


@pytest.mark.parametrize(
    ("fields", "expected", "got"),
    [
        ("number: long", "long", "60"),
        ("number: null", "(emptied)", "60"),
        ("text: Hello", "Hello", "(emptied)"),
        ("flag: 1", "1", "false"),
        ("time: 2026-06-15T14:30:00", "2026-06-15T14:30:00", "2026-06-15T14:30:00Z"),
        ("day: 2026-06-16", "2026-06-16", "2026-06-15"),
        ("lead: lead-1", "lead-1", "(not written)"),
        ("lead: null", "(emptied)", "(not written)"),
    ],
)
def test_a_failure_shows_expected_against_got(fields: str, expected: str, got: str) -> None:
    quoted = fields.replace("2026-06-15T14:30:00", '"2026-06-15T14:30:00"')
    name = fields.partition(":")[0]
    assert ran(f"expect: {{fields: {{{quoted}}}}}") == [(name, expected, got)]


def test_line_ends_and_spaces_around_a_text_do_not_count() -> None:
    text = 'cases:\n  - name: one\n    call: {summary: "a\\r\\nb "}\n    expect:\n      fields:\n        text: |\n'
    found = read(text + "          a\n          b\n")
    assert differences(found.cases[0], MAPPING) == ()


def test_a_field_expected_to_be_absent_is_shown_if_it_is_not() -> None:
    assert ran("expect: {absent: [lead, who]}") == []
    assert ran("expect: {absent: number}") == [("number", "(not written)", "60")]


def test_what_is_expected_of_the_whole_call_is_held_against_what_becomes_of_it() -> None:
    short, done = "call: {durationSeconds: 5}", "call: {summary: Done}"
    assert ran(f'{short}, expect: {{skipped: "log_when: durationSeconds"}}') == []
    assert ran("expect: {waits: true}") == ran("expect: {waits: 90m}") == ran(f"{done}, expect: {{waits: false}}") == []
    skipped = "skipped: log_when: durationSeconds"
    assert ran(f"{short}, expect: {{fields: {{number: 5}}}}") == [("the call", "logged", skipped)]
    assert ran(f"{short}, expect: {{waits: false}}") == [("the call", "does not wait", skipped)]
    assert ran("expect: {skipped: no reason}") == [("the call", "skipped: no reason", "logged")]
    assert ran("expect: {waits: 2h}") == [("the call", "waits 2h", "waits 90m")]
    assert ran("expect: {waits: false}") == [("the call", "does not wait", "waits 90m")]
    assert ran(f"{done}, expect: {{waits: true}}") == [("the call", "waits", "does not wait")]


@pytest.mark.parametrize(
    ("written", "who"),
    [
        ("lead: {externalLeadId: A}", "A"),
        ("lead: {externalLeadId: A}, person: {id: B}", "B"),
        ("lead: {externalLeadId: A}, person: none", None),
        ("lead: {firstName: Ada}, person: {id: B}", None),
        ("person: {id: B}", None),
    ],
)
def test_the_person_is_whom_the_case_says_else_whom_the_lead_names(written: str, who: str | None) -> None:
    expected = f"fields: {{who: {who}}}" if who else "absent: [who]"
    assert ran(f"{written}, expect: {{{expected}}}") == []


@pytest.mark.parametrize(
    ("lead", "who"), [("phone: '+12085550123'", None), ("phone: '+12085550123', externalLeadId: A", "A")]
)
def test_whom_a_phone_number_leads_to_only_a_case_can_say(lead: str, who: str | None) -> None:
    mapping = compiled(f"{HEAD}person: {{by: [lead.phone, lead.externalLeadId]}}\nfields:\n  who: {{from: person}}\n")
    expect = f"fields: {{who: {who}}}" if who else "absent: [who]"
    found = read(f"cases:\n  - {{name: one, lead: {{{lead}}}, expect: {{{expect}}}}}\n", mapping=mapping)
    assert [differences(each, mapping) for each in found.cases] == [()]


def test_call_and_lead_belong_together_whichever_of_them_is_named() -> None:
    assert ran("lead: {id: L}, expect: {fields: {lead: L}}") == []
    assert ran("lead: {firstName: Ada}, expect: {fields: {lead: lead-1, first: Ada}}") == []
    one = case("call: {leadId: L}, lead: {firstName: Ada}, expect: {waits: true}")
    assert one.lead is not None
    assert one.lead.id == one.call.lead_id == "L"


def test_a_call_and_a_lead_may_be_files_as_apten_sends_them() -> None:
    files = {"calls/a.json": json.dumps({**FOUNDING, "new": 1, "summary": "🙂"}), "lead.json": '{"firstName": "Zoë"}'}
    written = "call: calls/a.json, lead: lead.json, expect: {fields: {text: 🙂, number: 145, first: Zoë}}"
    assert ran(written, files) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("{", "it does not hold JSON"),
        ("[" * 100_000, "it does not hold JSON"),
        ("[]", "it holds no JSON object"),
        ('{"durationSeconds": -1}', "durationSeconds is a whole number from 0 to 31622399"),
        ('{"transcript": [{"role": "user"}]}', "not as Apten sends it in transcript"),
    ],
)
def test_a_file_that_holds_no_call_is_told_where_it_is_named(text: str, label: str) -> None:
    (found,) = read("cases:\n  - {name: one, call: a.json, expect: {waits: true}}", {"a.json": text}).diagnostics
    assert (found.label, found.place.column) == (label, 23)


def test_yaml_that_cannot_be_read_is_told_like_a_mapping_s() -> None:
    assert [each.code for each in read("cases: [").diagnostics] == ["YML117"]
    assert read("cases:\n  - {name: one}\n").cases == ()


def test_a_difference_is_plain_data() -> None:
    (found,) = differences(case("expect: {fields: {number: 1}}"), MAPPING)
    assert found == Difference("number", "1", "60")
