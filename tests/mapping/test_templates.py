from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from connector.mapping.check import check
from connector.mapping.load import load
from tests.mapping.samples import HEAD, LEAD, call, codes, file, founding_call, schema_of, value

if TYPE_CHECKING:
    from connector.diagnostics import Place


def text(template: str, *, field: str | None = None, **facts: Any) -> Any:
    return value(f"{{text: {json.dumps(template)}}}", call(**facts), LEAD, field=field)


@pytest.mark.parametrize(
    ("template", "facts", "expected"),
    [
        ("Call {{ id }}", {"id": "c1"}, "Call c1"),
        ("{{ durationSeconds }} s", {}, "145 s"),
        ("{{ isTransfer }}", {}, "false"),
        ("{{ lead.firstName | default('?') }} {{ lead.additionalInfo.region | default('?') }}", {}, "Ada West"),
        ("{{ lead.additionalInfo['region'] | default('?') }}", {}, "West"),
        ("{{ lead.tags | default('none') }}", {}, "vip, solar"),
        ("{{ createdAt }}", {}, "2026-06-15 10:30"),
        ("{% if summary %}{{ summary }}{% else %}nothing{% endif %}", {"summary": "All good."}, "All good."),
        ("{% if summary %}{{ summary }}{% else %}nothing{% endif %}", {}, "nothing"),
        ("{% if not summary %}nothing{% else %}{{ summary }}{% endif %}", {"summary": "All good."}, "All good."),
        ("{% if endedBy == 'LEAD' %}them{% elif endedBy %}us{% else %}nobody{% endif %}", {"endedBy": "AGENT"}, "us"),
        ("{% if endedBy != 'LEAD' %}not them{% endif %}", {}, "not them"),
        ("{% if endedBy in ['LEAD', 'AGENT'] %}a{% else %}b{% endif %}", {"endedBy": "AGENT"}, "a"),
        ("{% if endedBy not in ('LEAD', 'AGENT') %}a{% else %}b{% endif %}", {"endedBy": "AGENT"}, "b"),
        ("{% if 'vip' in lead.tags %}VIP{% endif %}", {}, "VIP"),
        ("{% if durationSeconds > 145 %}long{% elif durationSeconds >= 145 %}just{% endif %}", {}, "just"),
        ("{% if durationSeconds < '3m' and durationSeconds <= 145 %}short{% endif %}", {}, "short"),
        ("{% if isTransfer == true or lead.isHot %}hot{% endif %}", {}, "hot"),
        ("{% if summary and durationSeconds > 0 %}{{ summary }}{% endif %}!", {"summary": "Yes"}, "Yes!"),
        ("{% if createdAt >= '2026-06-15' %}later{% endif %}", {}, "later"),
        ("{# a remark #}a {% raw %}{{ b }}{% endraw %}", {}, "a {{ b }}"),
        ("{% if transcript %}\nsaid\n{% endif %}\nend", {}, "end"),
    ],
)  # fmt: skip
def test_a_template_prints_what_it_reads_like(template: str, facts: dict[str, Any], expected: str) -> None:
    assert text(template, **facts) == expected


def test_a_transcript_is_printed_as_dialogue_with_the_mappings_labels() -> None:
    written = '{text: "{{ transcript | dialogue }}"}'
    assert value(written, founding_call()) == (
        "Agent: Hi, this is Apten calling about your inquiry.\nCustomer: Yes, I had some questions about pricing."
    )
    german = value(written, founding_call(), head="labels: {transcript: {assistant: KI, user: Kunde}}\n")
    assert german.startswith("KI: Hi")
    assert "\nKunde: Yes" in german


def test_a_transcript_that_says_nothing_prints_nothing() -> None:
    assert text("{{ transcript | dialogue }}", transcript=[{"role": "user", "content": " "}]) == "left out"
    assert text("{{ transcript | dialogue | default('silence') }}") == "silence"


def test_a_speaker_unknown_so_far_is_made_readable() -> None:
    turns = [{"role": "supervisor_bot", "content": "Hello."}]
    assert text("{{ transcript | dialogue }}", transcript=turns) == "Supervisor bot: Hello."


def test_a_template_that_prints_nothing_is_a_missing_value() -> None:
    assert text("{% if summary %}x{% endif %}") == "left out"
    assert value('{text: "{% if summary %}x{% endif %}", default: y}', call()) == "y"


def test_one_part_takes_the_room_that_the_others_leave() -> None:
    template = "{{ summary | default('') | cut(10) }} / {{ transcript | dialogue | cut('[..]') }} / end"
    turns = [{"role": "user", "content": "word " * 20}]
    made = text(template, field="{type: text, length: 40}", summary="0123456789abc", transcript=turns)
    assert made == "0123456789 / Customer: word wo[..] / end"
    assert len(made) <= 40


def test_the_part_may_come_to_nothing_when_no_room_is_left() -> None:
    template = "{{ summary | default('') | cut(10) }}{{ transcript | dialogue | cut('[..]') }}"
    turns = [{"role": "user", "content": "word"}]
    assert text(template, field="{type: text, length: 10}", summary="0123456789", transcript=turns) == "0123456789"


def test_either_branch_may_take_the_room_left_but_not_both_sides_of_an_if() -> None:
    schema = schema_of("a: {type: text, length: 40}")
    one = "{% if summary %}{{ summary | cut('…') }}{% else %}{{ transcript | dialogue | cut('…') }}{% endif %}"
    assert codes(f'{HEAD}fields:\n  a: {{text: "{one}"}}\n', schema) == []
    assert codes(f"{HEAD}fields:\n  a: {{text: \"{one}{{{{ transcript | dialogue | cut('…') }}}}\"}}\n", schema) == [
        "MAP226"
    ]


def test_bounded_parts_need_no_cut() -> None:
    schema = schema_of("a: {type: text, length: 40}")
    fits = "{{ direction }}{{ durationSeconds }}{{ isTransfer }}{{ endedBy | default('?') | cut(10) }}"
    assert codes(f'{HEAD}fields:\n  a: {{text: "{fits}"}}\n', schema) == []
    assert codes(f'{HEAD}fields:\n  a: {{text: "{fits}{{{{ id }}}}"}}\n', schema) == ["MAP305"]


def test_the_caret_finds_its_word_in_every_kind_of_scalar() -> None:
    for written in (
        '"A {{ nope }}"',
        "'A {{ nope }}'",
        "|\n      nope A\n      {{ nope }}\n",
        ">-\n      one nope\n      two {{ nope }}\n",
        '"A\n      nope\n      {{ nope }}"',
    ):
        lines = f"{HEAD}fields:\n  a:\n    text: {written}\n"
        found = _only(lines)
        assert found.file.line(found.line)[found.column - 4 :].startswith("{{ nope }}")


def _only(lines: str) -> Place:
    (found,) = check(load(file(lines)))
    assert found.code == "MAP201"
    return found.place


def test_a_label_of_what_may_be_blank_may_be_blank_too() -> None:
    text_ = '{text: "{{ transcript | dialogue | label }}", cut: {keep: start}}'
    assert codes(f"{HEAD}fields:\n  a: {text_}\n", schema_of("a: {type: text, length: 40, required: true}")) == [
        "MAP304"
    ]
