"""Slips in mappings and tests, by JSON Schema: most are flagged, and it is known which are left to the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from connector.mapping.check import check
from connector.mapping.json_schema.mapping import mapping_schema
from connector.mapping.load import load
from tests.editor.reading import as_editors_read
from tests.editor.slips import HEAD as HEAD_OF_TASKS
from tests.editor.slips import SLIPS
from tests.mapping import golden
from tests.mapping.samples import file

if TYPE_CHECKING:
    from pathlib import Path

from tests.editor.test_json_schema import TASK, flagged

LEFT_TO_CHECK = {
    *(
        "a_database_finds_nobody",
        "no_address",
        "bad_arguments",
        "broken_templates",
        "not_in_templates",
        "unknown_filter",
    ),
    *("cut_too_late", "mark_too_long", "may_be_too_long", "rest_without_room", "too_long", "two_rests"),
    *("may_be_missing", "missing_values_printed", "required_but_only_sometimes", "needs_a_time_zone"),
    *(
        "default_may_be_missing",
        "related_lead",
        "no_person_section",
        "unreachable_case",
        "not_all_in_picklist",
        "slip_typographic_quotes_in_template",
    ),
    *("default_may_be_missing", "related_lead", "wrong_types", "wrong_types_without_a_schema", "wrong_units"),
}
MAPPINGS = [
    path
    for path in golden.files()
    if not path.name.startswith(("tests_", "schema_", "empty_file"))
    and not any(found.code.startswith("YML") for found in golden.diagnostics(path))
]


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_a_bad_mapping_is_flagged_unless_only_check_can_tell(path: Path) -> None:
    text = golden.split(path)[1]
    saved = golden.schema_of(text)
    found = list(Draft202012Validator(mapping_schema(saved)).iter_errors(as_editors_read(text)))
    is_wrong = any(found.is_error for found in golden.diagnostics(path))
    assert bool(found) == (is_wrong and path.stem not in LEFT_TO_CHECK), [error.message for error in found]


@pytest.mark.parametrize("written", [written for written, _, _ in SLIPS])
def test_a_single_slip_is_flagged(written: str) -> None:
    text = f"{HEAD_OF_TASKS}{written}\n"
    assert any(found.is_error for found in check(load(file(text)), TASK))
    assert flagged("a mapping to tasks", as_editors_read(text))


def test_bad_tests_are_flagged() -> None:
    for name in ("tests_broken", "tests_not_a_list"):
        assert flagged("any tests", as_editors_read(golden.split(golden.FOLDER / f"{name}.yaml")[1]))
