from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.mapping.apply import compile_mapping
from connector.mapping.check import check
from connector.mapping.load import load
from connector.mapping.snapshot import load_schema
from tests.mapping import golden
from tests.mapping.random_parts import templates
from tests.mapping.samples import HEAD, call, file, shipped

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema

SCHEMA = load_schema(shipped("salesforce.schema.yaml"))
TEXTS = [shipped("salesforce.yaml").text, *(golden.split(path)[1] for path in golden.files())]
_SNIPPETS = [
    *("{{", "}}", "{%", "%}", "{", "}", "[", "]", ": ", "\n", "  ", "#", "'", '"', "|", "\t", "\x00", "\ud800", "🎉"),
    *("&a", "*a", "!x", "null", "{from: id}", "“", "\u00a0", "- ", "-", ": |", ", ", "\udcff"),
]


def survives(text: str, schema: ObjectSchema | None) -> None:
    """Checking ends in diagnostics that can be drawn, and what has no error can be applied."""
    mapping = load(file(text))
    found = check(mapping, schema)
    for one in found:
        assert one.render()
        assert one.place.line >= 1
        assert one.place.column >= 1
    if not any(one.is_error for one in found):
        compile_mapping(mapping, schema).apply(call(), None)


@given(st.text() | st.text(st.characters(categories=["Cc", "Cs", "Zs", "P"])))
def test_any_text_is_checked_without_an_accident(text: str) -> None:
    survives(text, SCHEMA)


@settings(max_examples=120)
@given(st.data())
def test_a_mapping_damaged_anywhere_is_checked_without_an_accident(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(_SNIPPETS) | st.just("")) + text[at + gone :]
    survives(text, data.draw(st.sampled_from([None, SCHEMA])))


@given(templates | st.lists(st.sampled_from(_SNIPPETS)).map("".join) | st.text())
def test_any_template_is_checked_without_an_accident(template: str) -> None:
    block = "\n".join(f"      {line}" for line in template.splitlines())
    survives(f"{HEAD}fields:\n  a:\n    text: |\n{block}\n", None)
