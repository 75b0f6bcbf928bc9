"""What is refused although, or because, it can be read as YAML; and what is let alone."""

from __future__ import annotations

import pytest

from connector import yaml_codes
from connector.diagnostics import Code
from connector.yaml_text import YamlError
from tests.test_yaml_text import nodes, refusals


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 'b' c'", [("YML116", 1, 6)]),
        ("a:\n  b\n c: {d", [("YML101", 3, 3)]),
        ("a: {b: 'c\nd' e: f g", [("YML115", 1, 8)]),
        ("a:\n\tb: 1", [("YML102", 2, 1)]),
        ("a:\n  b: 1\n\t c: 2", [("YML102", 3, 1)]),
        ("a: &x 1\nb: *x", [("YML103", 1, 4), ("YML103", 2, 4)]),
        ("a: *nowhere", [("YML103", 1, 4)]),
        ("a: !!str 1\nb: !mine {c: d}", [("YML104", 1, 4), ("YML104", 2, 4)]),
        ("a: 1\nb: 2\na: 3\nb: 4", [("YML105", 3, 1), ("YML105", 4, 1)]),
        ("a: {b: 1, 'b': 2}", [("YML105", 1, 11)]),
        ("a: 1\n---\nb: 2", [("YML106", 2, 1)]),
        ("[a, b]: 1", [("YML109", 1, 1)]),
        ("a: 1\nb: x\x07y", [("YML110", 2, 5)]),
        ("a: \ud800", [("YML110", 1, 4)]),
        ("a: {{ b }}", [("YML111", 1, 4)]),
        ("a: {text: {{ b }}, c: d}", [("YML111", 1, 11)]),
        ("a: Call #1\nb: #x", [("YML112", 1, 9), ("YML112", 2, 4)]),
        ("a: {up_to:30m}", [("YML113", 1, 5)]),
        ("a:\n  b:c\nd: {e}", [("YML113", 2, 3)]),
        ("a:{b: c}", [("YML113", 1, 1)]),
        ("a:\n  - b:c", [("YML113", 2, 5)]),
        ("a:\n  -b", [("YML127", 2, 3)]),
        ("-a: b", [("YML127", 1, 1)]),
        ("a: “b”\n“c”: d", [("YML122", 1, 4), ("YML122", 2, 1)]),
        ("a: \u00a0b\u00a0\n\u200bc: d", [("YML123", 1, 4), ("YML123", 2, 1)]),
        ("a: {b:\u00a0c}", [("YML123", 1, 7)]),
    ],
)
def test_what_is_refused_is_refused_at_its_place(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert refusals(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a: b # c",
            "a: b  #",
            "a: 'b' #c",
            "a: b#c",
            "a: b ## c",
            "a: 10:30",
            "a: {b: }",
            "a: # c",
            "a: b:c",
        ),
        *(
            "a:\n  10:30",
            "a:\n  https://b.c",
            "a:\n  - C:\\b",
            "a:\n  -1",
            "a: the customer\u2019s",
            "a: b “c”",
            "a: b\u00a0c",
        ),
        *("a: '“b”'", "a: |\n  b:c\n  -d\n  “e”", "a: b\n  c:d"),
    ],
)
def test_remarks_colons_dashes_and_quotes_that_mean_no_harm_are_left_alone(text: str) -> None:
    assert nodes(text) is not None


def test_what_comes_of_a_slip_in_the_same_line_is_not_told_beside_it() -> None:
    assert refusals("a: 1\na: {{ b }}\nc: {{ d }} e") == [("YML111", 2, 4), ("YML105", 2, 1), ("YML111", 3, 4)]


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("a: 1\nb: café é".encode("latin-1"), (2, 7), "another encoding"),
        ("é: ü\r\nb: “x”".encode("cp1252"), (1, 1), "another encoding"),
        ("a: é".encode("utf-16"), (1, 1), "saved as UTF-16"),
        (b"\xfe\xff" + "a: é".encode("utf-16-be"), (1, 1), "saved as UTF-16"),
    ],
)
def test_a_file_in_another_encoding_is_refused_where_that_shows(
    written: bytes, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(YamlError) as raised:
        nodes(written.decode("utf-8-sig", errors="surrogateescape"))
    (found,) = raised.value.diagnostics
    assert (found.code, found.place.line, found.place.column) == ("YML114", *place)
    assert said in found.label
    assert "\0" not in found.render()
    found.render().encode()


@pytest.mark.parametrize(
    "code", [code for code in vars(yaml_codes).values() if isinstance(code, Code)], ids=lambda code: code.name
)
def test_what_is_said_to_bring_a_code_about_does(code: Code) -> None:
    if not code.example.startswith("("):
        assert refusals(code.example.replace("(non-breaking space)", "\u00a0"))[0][0] == code.name
    if not code.instead.startswith(("(", "write ", "if ")):
        assert nodes(code.instead) is not None
