from __future__ import annotations

import pytest

from connector.crm_schema import FieldSchema, FieldType
from connector.errors import MappingError
from connector.mapping.apply import compile_mapping
from connector.mapping.load import load
from connector.model import Clue, PersonRef, PersonSearch, Target
from tests.mapping.samples import HEAD, LEAD, call, compiled, file, made, shipped

TEXT = f"""{HEAD}name: Visits
person: {{by: [lead.externalLeadId]}}
fields:
  a: x
  b: {{from: durationSeconds}}
  who: {{from: person}}
"""


def test_a_mapping_tells_what_it_is() -> None:
    mapping = compiled(TEXT)
    assert (mapping.name, mapping.crm, mapping.target) == ("Visits", "salesforce", Target("Visit", "call_id"))
    assert mapping.fields == ("a", "b", "who")


def test_a_mapping_tells_where_it_writes_each_field() -> None:
    written = TEXT.splitlines()
    starts = {"call_id": "key: call_id", "a": "  a: x", "b": "  b: {from", "who": "  who: {from"}
    for name, line in compiled(TEXT).lines.items():
        file, _, number = line.rpartition(":")
        assert file == "mapping.yaml"
        assert written[int(number) - 1].startswith(starts.pop(name))
    assert starts == {}


def test_a_mapping_without_a_name_is_called_by_its_target() -> None:
    assert compiled(f"{HEAD}fields: {{a: b}}\n").name == "salesforce/Visit.call_id"


def test_a_suffix_stands_behind_the_calls_id() -> None:
    mapping = compiled(TEXT.replace("key: call_id", "key: {field: call_id, suffix: follow-up}"))
    assert mapping.target == Target("Visit", "call_id", "follow-up")
    assert made(mapping, call(id="c1")).key == "c1:follow-up"


def test_the_person_is_a_clue_if_the_lead_has_one() -> None:
    mapping = compiled(TEXT)
    clue, people = Clue("lead.externalLeadId", "003xx000004TmiQAAS"), ("Contact", "Lead")
    assert made(mapping, call(), LEAD).person == PersonSearch((clue,), people)
    assert made(mapping, call(), LEAD.model_copy(update={"external_lead_id": "\t"})).person == PersonSearch((), people)
    assert made(mapping, call()).person == PersonSearch((), people)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Visits", "name: Other words"),
        ("  a: x", "  # a remark\n  a:   'x'"),
        ("  a: x\n  b: {from: durationSeconds}", "  b:\n    from: durationSeconds\n  a: x"),
        ("\n", "\r\n"),
        ("version", "\ufeffversion"),
    ],
)
def test_the_fingerprint_is_of_the_meaning(old: str, new: str) -> None:
    assert old in TEXT
    assert compiled(TEXT.replace(old, new)).fingerprint == compiled(TEXT).fingerprint
    assert len(compiled(TEXT).fingerprint) == 16


@pytest.mark.parametrize(
    ("old", "new"),
    [("a: x", "a: y"), ("  a: x\n", ""), ("durationSeconds", "id"), ("a: x", "c: x"), ("a: x", "a: {value: x}")],
)
def test_another_meaning_has_another_fingerprint(old: str, new: str) -> None:
    assert compiled(TEXT.replace(old, new)).fingerprint != compiled(TEXT).fingerprint


def test_the_order_of_cases_is_meaning() -> None:
    one = "cases: [{when: {isTransfer: true}, value: a}, {when: {endedBy: LEAD}, value: b}]"
    other = "cases: [{when: {endedBy: LEAD}, value: b}, {when: {isTransfer: true}, value: a}]"
    text = f"{HEAD}fields: {{a: {{{one}}}}}\n"
    assert compiled(text).fingerprint != compiled(text.replace(one, other)).fingerprint


def test_a_mapping_with_an_error_does_not_compile_and_tells_everything() -> None:
    text = f"{HEAD}log_when: {{callStatus: COMPLETED}}\nfields:\n  a: endedBy\n  b: {{from: nope}}\n"
    with pytest.raises(MappingError, match=r"The mapping mapping\.yaml has 2 problems\.") as raised:
        compile_mapping(load(file(text)))
    assert [found.is_error for found in raised.value.diagnostics] == [False, True, True]
    assert "MAP112" in raised.value.diagnostics[1].render()


def test_a_warning_alone_compiles() -> None:
    assert compiled(f"{HEAD}log_when: {{callStatus: COMPLETED}}\nfields: {{a: b}}\n").fields == ("a",)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word\n", "version: 1\n", "a: [\n"])
def test_what_is_no_mapping_does_not_compile(text: str) -> None:
    with pytest.raises(MappingError):
        compiled(text)


def test_the_table_has_a_typed_column_for_each_field() -> None:
    text = f"""{HEAD}timezone: Europe/Berlin
person: {{by: lead.externalLeadId}}
fields:
  plain: x
  who: {{from: person}}
  seconds: {{from: durationSeconds}}
  flag: {{from: isTransfer}}
  day: {{from: createdAt, as: date}}
  moment: {{from: createdAt}}
  either: {{cases: [{{when: {{isTransfer: true}}, from: midCallTransferDuration}}, 0]}}
"""
    table = compiled(text).table_schema()
    assert (table.crm, table.object) == ("salesforce", "Visit")
    assert table.fields["call_id"] == FieldSchema("call_id", FieldType.TEXT, length=255, required=True, key=True)
    assert {name: field.type for name, field in table.fields.items() if name != "call_id"} == {
        "plain": FieldType.LONG_TEXT,
        "who": FieldType.LONG_TEXT,
        "seconds": FieldType.INTEGER,
        "flag": FieldType.BOOLEAN,
        "day": FieldType.DATE,
        "moment": FieldType.DATETIME,
        "either": FieldType.INTEGER,
    }
    assert table.fields["seconds"].unit == "seconds"


def test_a_mapping_is_sound_against_the_table_it_asks_for() -> None:
    text = shipped("database.yaml").text
    table = compiled(text).table_schema()
    assert made(compiled(text, table), call()).fields == made(compiled(text), call()).fields


def test_a_column_of_text_takes_the_person_or_a_word_instead() -> None:
    text = f"""{HEAD.replace("salesforce", "database")}person: {{by: lead.externalLeadId}}
fields:
  who:
    cases:
      - {{when: {{endedBy: LEAD}}, from: person, default: nobody}}
      - a machine
"""
    mapping = compiled(text, compiled(text).table_schema())
    assert made(mapping, call(endedBy="LEAD")).fields == {"who": PersonRef(otherwise="nobody")}
    assert made(mapping, call()).fields == {"who": "a machine"}
