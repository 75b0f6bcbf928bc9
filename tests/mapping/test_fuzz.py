"""Whatever a file holds, reading it ends in an error of ours or a diagnostic: never in an accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.shipped import shipped as shipped_path
from tests.mapping import golden
from tests.mapping.random_parts import templates
from tests.mapping.samples import HEAD, shipped
from tests.mapping.survival import KINDS, SCHEMA, survives_as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = {
    "mapping": [shipped("salesforce.yaml").text, *(golden.split(path)[1] for path in golden.files())],
    "schema": [shipped("salesforce.schema.yaml").text, golden.split(golden.FOLDER / "schema_broken.yaml")[1]],
    "tests": [shipped("salesforce.tests.yaml").text, golden.split(golden.FOLDER / "tests_broken.yaml")[1]],
    "config": [shipped_path("config.example.yaml").read_text(encoding="utf-8")],
}
_SNIPPETS = [
    *("{{", "}}", "{%", "%}", "{", "}", "[", "]", ": ", "\n", "  ", "#", "'", '"', "|", "\t", "\x00", "\ud800", "🎉"),
    *("&a", "*a", "!x", "null", "{from: id}", "“", "\u00a0", "- ", "-", ": |", ", ", "\udcff", "<<: *a", "? ", "---"),
    *("\n...\n", "%YAML 1.1\n", "\r", "\x85", "\u2028", "\ufeff", "-1", "1e999", "0x1F", "~", "${A}", "file:"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "a.yaml"


every_kind = pytest.mark.parametrize(("kind", "survives"), KINDS.items(), ids=KINDS)
_written = st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
_encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"])


@every_kind
@given(written=_written | st.text(st.characters(categories=["Cc", "Zs", "P"])).map(str.encode))
def test_any_bytes_are_read_without_an_accident(
    kind: str, survives: Callable[[Path], None], path: Path, written: bytes
) -> None:
    assert kind
    path.write_bytes(written)
    survives(path)


@every_kind
@given(data=st.data())
def test_a_file_damaged_anywhere_is_read_without_an_accident(
    kind: str, survives: Callable[[Path], None], path: Path, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(TEXTS[kind]))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 12))
        text = text[:at] + data.draw(st.sampled_from(_SNIPPETS) | st.just("")) + text[at + gone :]
    path.write_bytes(text.encode(data.draw(_encodings), "ignore"))
    survives(path)


_scalars = st.sampled_from(
    [
        *(
            "a",
            "null",
            "~",
            "''",
            '"\\x00"',
            '"\\ud800"',
            "1",
            "-1",
            "true",
            "!!int x",
            "&a b",
            "*a",
            "|\n   x",
            ">-\n   y",
        ),
        *("2026-06-15", "{{ id }}", "'{{ id }}'", "[", "{a: b}", "[a, [b]]", "{? a : b}", "@x", "`", "%", "- -", "<<"),
        *(
            "9" * 400,
            "1e400",
            ".inf",
            "id",
            "from",
            "30m",
            "utf16",
            "text",
            "sqlite:///x",
            "${HOME}",
            "file:/etc/passwd",
        ),
    ]
)
_keys = st.sampled_from(
    [
        *(
            "a",
            "version",
            "activity",
            "key",
            "fields",
            "person",
            "by",
            "from",
            "text",
            "cases",
            "when",
            "cut",
            "to",
            "map",
        ),
        *("crm", "object", "counted", "type", "length", "values", "references", "required", "only_with", "controller"),
        *("name", "call", "lead", "expect", "skipped", "waits", "absent", "records", "apten", "ledger", "sync", "url"),
        *(
            "<<",
            "&a b",
            "*a",
            "? x\n",
            "[a]",
            "{a: b}",
            "null",
            "''",
            "timezone",
            "redact",
            "labels",
            "wait_for",
            "find",
        ),
    ]
)
_lines = st.builds(
    lambda depth, dash, key, value: "  " * depth + dash + (f"{key}: {value}" if key else value),
    st.integers(0, 5),
    st.sampled_from(["", "", "", "- "]),
    _keys | st.just(""),
    _scalars | st.just(""),
)


@every_kind
@given(lines=st.lists(_lines, max_size=12))
def test_any_lines_of_yaml_are_read_without_an_accident(
    kind: str, survives: Callable[[Path], None], path: Path, lines: list[str]
) -> None:
    assert kind
    path.write_text("\n".join(lines), encoding="utf-8")
    survives(path)


@given(templates | st.lists(st.sampled_from(_SNIPPETS)).map("".join) | st.text())
def test_any_template_is_checked_without_an_accident(path: Path, template: str) -> None:
    block = "\n".join(f"      {line}" for line in template.splitlines())
    path.write_bytes(f"{HEAD}fields:\n  a:\n    text: |\n{block}\n".encode("utf-8", "surrogatepass"))
    survives_as_mapping(path, None)


@given(st.sampled_from(TEXTS["mapping"]))
def test_what_is_whole_survives_with_and_without_a_schema(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    for schema in (None, SCHEMA):
        survives_as_mapping(path, schema)
