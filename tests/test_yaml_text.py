from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from connector import yaml_text
from connector.diagnostics import SourceFile
from connector.yaml_text import MAX_CHARACTERS, MAX_DEPTH, Mapping, Node, Scalar, Sequence, YamlError, read
from tests.mapping import golden

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

TEXT = """\
# a remark
plain: some words   # another
quoted: "a \\"b\\" \\u00e9"
single: 'it''s'
list: [one, {two: 2}]
block: |
  first
    second
folded: >-
  one
  line
empty:
"""


def nodes(text: str) -> Node | None:
    return read(SourceFile("a.yaml", text))


def refusals(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(YamlError) as raised:
        nodes(text)
    assert raised.value.diagnostic is raised.value.diagnostics[0]
    return [(found.code, found.place.line, found.place.column) for found in raised.value.diagnostics]


def plain(node: Any) -> Any:
    """The tree without places; in either copy of the module."""
    match type(node).__name__:
        case "Scalar":
            return node.text
        case "Sequence":
            return [plain(item) for item in node.items]
        case "Mapping":
            return {key.text: plain(value) for key, value in node.pairs}
    return None


def scalars(node: Node | None) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items):
            for item in items:
                yield from scalars(item)
        case Mapping(pairs):
            for key, value in pairs:
                yield key
                yield from scalars(value)


def test_every_value_stays_as_typed() -> None:
    assert plain(nodes(TEXT)) == {
        "plain": "some words",
        "quoted": 'a "b" é',
        "single": "it's",
        "list": ["one", {"two": "2"}],
        "block": "first\n  second\n",
        "folded": "one line",
        "empty": "",
    }


@pytest.mark.parametrize("typed", ["007", "+15551234567", "Yes", "1.10", "1e5", "2026-06-15", "0x1F", "1_000", "off"])
def test_nothing_is_guessed_from_the_look_of_a_value(typed: str) -> None:
    assert plain(nodes(f"a: {typed}")) == {"a": typed}


def test_how_a_value_was_written_is_kept() -> None:
    root = nodes(TEXT)
    assert isinstance(root, Mapping)
    styles = {key.text: (value.plain, value.block) for key, value in root.pairs if isinstance(value, Scalar)}
    assert styles == {
        "plain": (True, False),
        "quoted": (False, False),
        "single": (False, False),
        "block": (False, True),
        "folded": (False, True),
        "empty": (True, False),
    }


@pytest.mark.parametrize("typed", ["", "null", "Null", "NULL", "~"])
def test_nothing_and_null_are_null_and_quoted_ones_are_not(typed: str) -> None:
    root = nodes(f"a: {typed}\nb: '{typed}'")
    assert isinstance(root, Mapping)
    (_, bare), (_, quoted) = root.pairs
    assert isinstance(bare, Scalar)
    assert isinstance(quoted, Scalar)
    assert (bare.is_null, quoted.is_null) == (True, False)
    assert bare.is_empty == (typed == "")


def test_places_count_from_one_in_characters() -> None:
    root = nodes("é🎉: x\nb: {ü: 'y', list: [1, 22]}\n")
    found = {scalar.text: (scalar.place.line, scalar.place.column, scalar.place.width) for scalar in scalars(root)}
    assert found == {
        "é🎉": (1, 1, 2),
        "x": (1, 5, 1),
        "b": (2, 1, 1),
        "ü": (2, 5, 1),
        "y": (2, 8, 3),
        "list": (2, 13, 4),
        "1": (2, 20, 1),
        "22": (2, 23, 2),
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "\ufeff"])
def test_a_document_of_nothing_is_none(text: str) -> None:
    assert nodes(text) is None


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    windows = "\ufeff" + TEXT.replace("\n", "\r\n")
    assert plain(nodes(windows)) == plain(nodes(TEXT))
    assert [(found.place.line, found.place.column) for found in scalars(nodes(windows))] == [
        (found.place.line, found.place.column) for found in scalars(nodes(TEXT))
    ]


def test_size_and_depth_are_bounded() -> None:
    assert refusals("a" * (MAX_CHARACTERS + 1)) == [("YML107", 1, 1)]
    assert nodes("a" * MAX_CHARACTERS) is not None
    assert refusals("[" * 5_000) == [("YML108", 1, MAX_DEPTH + 1)]
    assert nodes("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None


def test_a_bomb_of_aliases_is_refused_without_being_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{key}: &{key} [*{before}, *{before}]\n" for before, key in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert {code for code, _, _ in refusals(bomb)} == {"YML103"}


def test_the_place_of_a_stretch_of_text_is_found_where_it_was_typed() -> None:
    root = nodes("a: |\n    one two\n      two two\nb: 'it''s two'\nc: >\n  one\n  two\n")
    assert isinstance(root, Mapping)
    block, quoted, folded = (value for _, value in root.pairs)
    assert isinstance(block, Scalar)
    assert isinstance(quoted, Scalar)
    assert isinstance(folded, Scalar)
    assert [str(block.place_of(at, 3)) for at in (4, 10, 14)] == ["a.yaml:2:9", "a.yaml:3:7", "a.yaml:3:11"]
    assert str(quoted.place_of(quoted.text.index("two"), 3)) == "a.yaml:4:11"
    assert str(folded.place_of(folded.text.index("two"), 3)) == "a.yaml:7:3"


def test_a_stretch_typed_with_escapes_has_the_place_of_its_scalar() -> None:
    root = nodes('a: "\\u0065nd"')
    assert isinstance(root, Mapping)
    ((_, value),) = root.pairs
    assert isinstance(value, Scalar)
    assert value.place_of(0, 3) == value.place


@given(
    st.dictionaries(st.text(st.characters(categories=["L", "N"]), min_size=1), st.text(st.characters(codec="utf-8")))
)
def test_what_yaml_writes_in_quotes_is_read_back(written: dict[str, str]) -> None:
    text = yaml.safe_dump(written, default_style='"', allow_unicode=True)
    assert plain(nodes(text)) == (written or {})


@given(st.text() | st.text(st.sampled_from("ab :-{}[]#&*!|>'\"\n\t%@`?,~")))
def test_any_text_is_read_or_refused_and_never_an_accident(text: str) -> None:
    try:
        found = nodes(text)
    except YamlError as error:
        found = None
        drawn = [one.render() for one in error.diagnostics]
    else:
        drawn = []
    assert all(drawn)
    assert found is None or plain(found) is not None


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as it is where PyYAML came without its C library."""
    monkeypatch.delattr(yaml, "CSafeLoader")
    spec = importlib.util.spec_from_file_location("pure_yaml_text", yaml_text.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "pure_yaml_text", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML has no C library here, all tests ran without it")
def test_without_the_c_library_all_is_the_same(pure: ModuleType) -> None:
    for text in (TEXT, "a: \ud800", "a: 1\na: 2", *(golden.split(path)[1] for path in golden.files())):
        file = SourceFile("a.yaml", text)
        assert outcome(pure, file) == outcome(yaml_text, file)


def outcome(module: ModuleType, file: SourceFile) -> Any:
    """The tree without places, or what is told instead."""
    try:
        return plain(module.read(file))
    except module.YamlError as error:
        return [found.render() for found in error.diagnostics]
