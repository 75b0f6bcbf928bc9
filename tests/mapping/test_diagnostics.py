from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.mapping.codes.registry import CODES
from tests.mapping import golden

if TYPE_CHECKING:
    from pathlib import Path

# These need a file of a megabyte, one with an invisible character and one that is not UTF-8; tests/test_yaml_text.py
# and tests/test_yaml_refused.py show them.
# MAP412 needs a second schema, MAP124 a second mapping; tests/mapping/test_drift.py and test_order.py show them.
# MAP421 and MAP422 need a CRM; tests/cli/test_live_finds.py shows them.
WITHOUT_GOLDEN = {"YML107", "YML110", "YML114", "MAP412", "MAP124", "MAP421", "MAP422"}


@pytest.mark.parametrize("path", golden.files(), ids=lambda path: path.stem)
def test_a_bad_mapping_gets_exactly_the_diagnostics_at_its_top(path: Path) -> None:
    assert golden.rendered(path) == golden.split(path)[0]


def test_every_code_has_a_golden_file() -> None:
    shown = {found.code for path in golden.files() for found in golden.diagnostics(path)}
    assert shown == set(CODES) - WITHOUT_GOLDEN


def test_every_golden_file_shows_something() -> None:
    assert all(golden.diagnostics(path) for path in golden.files())


def test_every_code_is_described_for_the_docs() -> None:
    for code in CODES.values():
        assert all((code.title, code.means, code.example, code.instead)), code.name
        assert code.name[:3] in ("MAP", "YML")
        assert code.name[3:].isdigit()


def test_places_count_from_one_and_lie_inside_their_line() -> None:
    for path in golden.files():
        for found in golden.diagnostics(path):
            line = found.place.file.line(found.place.line)
            assert 1 <= found.place.column <= len(line) + 1, (path.stem, found.code)


def test_a_diagnostic_is_the_same_record_as_json() -> None:
    found = golden.diagnostics(golden.FOLDER / "unknown_filter.yaml")[0]
    assert found.as_json() == {
        "code": "MAP222",
        "severity": "error",
        "message": "unknown filter",
        "file": "unknown_filter.yaml",
        "line": 5,
        "column": 35,
        "width": 5,
        "label": 'there is no filter "lable"',
        "help": 'did you mean "label"?',
    }
