"""When a field is written: by the file, by itself, by what the CRM allows, by what its value is."""

from __future__ import annotations

import pytest

from tests.mapping.samples import call, codes, compiled, made, schema_of, visit

SCHEMA = schema_of("target: {type: text, length: 40}")
ONCE = schema_of("target: {type: text, length: 40, updateable: false}")
PERSON = "person: {by: [lead.externalLeadId]}\n"
FIND = "find: User, where: {Name: x}"


@pytest.mark.parametrize(
    ("file", "field", "expected"),
    [
        (None, None, "unless_edited"),
        (None, "always", "always"),
        (None, "on_create", "on_create"),
        (None, "unless_edited", "unless_edited"),
        ("always", "unless_edited", "unless_edited"),
        ("always", None, "always"),
        ("unless_edited", "always", "always"),
        ("on_create", None, "on_create"),
        ("on_create", "unless_edited", "unless_edited"),
    ],
)
def test_a_field_is_written_as_it_says_or_else_as_the_file_says(
    file: str | None, field: str | None, expected: str
) -> None:
    written = "{value: x" + (f", write: {field}" if field else "") + "}"
    assert policy(visit(written, f"write: {file}\n" if file else ""), "text") == expected


def policy(text: str, kind: str) -> str:
    draft = made(compiled(text, ONCE if kind == "once" else SCHEMA), call())
    if "target" in draft.on_create:
        return "on_create"
    return "unless_edited" if "target" in draft.unless_edited else "always"


@pytest.mark.parametrize("head", ["", "write: always\n", "write: unless_edited\n", "write: on_create\n"])
def test_what_can_be_set_at_creation_only_is(head: str) -> None:
    assert policy(visit("x", head), "once") == "on_create"
    assert policy(visit("{from: person}", head + PERSON), "text") == "on_create"
    assert policy(visit(f"{{{FIND}}}", head), "text") == "on_create"
    assert (
        policy(visit("{from: summary, cut: {to: 9}, default: x, when: {isTransfer: true}}", head), "once")
        == "on_create"
    )
    assert policy(visit(f"{{cases: [{{when: {{isTransfer: true}}, {FIND}}}, x]}}", head), "text") == "on_create"


@pytest.mark.parametrize(
    ("written", "kind", "found"),
    [
        ("{value: x, write: always}", "once", ["MAP409"]),
        ("{value: x, write: unless_edited}", "once", ["MAP409"]),
        ("{value: x, write: on_create}", "once", []),
        ("{from: person, write: always}", "text", ["MAP111"]),
        ("{from: person, write: unless_edited}", "text", ["MAP111"]),
        ("{from: person, write: on_create}", "text", []),
        (f"{{{FIND}, write: always}}", "text", ["MAP111"]),
        ("{value: x, write: sometimes}", "text", ["MAP105"]),
        ("{cases: [{value: x, write: always}]}", "text", ["MAP101"]),
    ],
)
def test_a_policy_that_cannot_be_kept_is_told(written: str, kind: str, found: list[str]) -> None:
    text = visit(written, PERSON if "person" in written else "")
    assert codes(text, ONCE if kind == "once" else SCHEMA) == found


def test_a_missing_value_clears_its_field_only_if_it_says_so_and_never_with_a_default() -> None:
    draft = made(compiled(visit("{from: sessionId, if_missing: clear}"), None), call())
    assert draft.fields == {"target": None}
    assert made(compiled(visit("{from: sessionId}"), None), call()).fields == {}
    assert codes(visit("{from: sessionId, if_missing: clear, default: x}")) == ["MAP111"]
    assert codes(visit("{from: sessionId, if_missing: keep}")) == ["MAP105"]
    assert codes(visit("{value: x, if_missing: clear}")) == ["MAP111"]
