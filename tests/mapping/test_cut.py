from __future__ import annotations

import pytest

from tests.mapping.samples import call, codes, schema_of, value, visit


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
    assert codes(visit('{text: "🎉", cut: {to: 1}}'), required) == ["MAP304"]
    assert codes(visit('{text: "🎉", cut: {to: 2}}'), required) == []


def test_a_text_that_fits_is_not_touched() -> None:
    written = "{from: summary, cut: {keep: start, mark: …}}"
    assert value(written, call(summary="just right"), field="{type: text, length: 10}") == "just right"
