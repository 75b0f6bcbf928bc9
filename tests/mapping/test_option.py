from __future__ import annotations

import pytest

from connector.mapping.check import check
from connector.mapping.load import load
from tests.mapping.samples import call, codes, file, schema_of, value, visit

STAGE = (
    "{type: picklist, restricted: true, values: "
    "[{value: A1, label: Abgeschlossen}, {value: O1, label: Offen}, {value: O2, label: Offen}, Other]}"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{option: Abgeschlossen}", "A1"),
        ("{option: Other}", "Other"),
        ("{from: endedBy, map: {LEAD: {option: Abgeschlossen}}, unmapped: O1}", "A1"),
        ("{from: callStatus, map: {IN_PROGRESS: O1}, unmapped: {option: Abgeschlossen}}", "A1"),
        ("{option: Other, when: {isTransfer: true}, default: {option: Abgeschlossen}}", "A1"),
        ("{cases: [{when: {isTransfer: true}, value: O1}, {option: Abgeschlossen}]}", "A1"),
    ],
)
def test_a_label_stands_for_its_value(written: str, expected: str) -> None:
    assert value(written, call(endedBy="LEAD"), field=STAGE) == expected


@pytest.mark.parametrize(
    ("written", "code", "says"),
    [
        ("{option: Abgeschlosen}", "MAP413", 'did you mean "Abgeschlossen"?'),
        ("{option: A1}", "MAP413", '"A1" is the value; write {value: A1}'),
        ("{option: Done}", "MAP413", "write Abgeschlossen, Offen or Other"),
        ("{option: Offen}", "MAP413", "write {value: O1}, say"),
        ("Abgeschlossen", "MAP404", '"Abgeschlossen" is the label; write "A1"'),
    ],
)
def test_a_label_that_is_none_or_not_the_only_one_is_told(written: str, code: str, says: str) -> None:
    (found,) = check(load(file(visit(written))), schema_of(f"target: {STAGE}"))
    assert (found.code, found.help) == (code, says)


@pytest.mark.parametrize("field", ["{type: text}", "{type: boolean}", "{type: reference}", "{type: integer}"])
def test_only_picklists_have_labels(field: str) -> None:
    assert codes(visit("{option: Yes}"), schema_of(f"target: {field}")) == ["MAP301"]


def test_without_the_crms_fields_a_label_can_only_be_warned_of() -> None:
    (found,) = check(load(file(visit("{option: Abgeschlossen}"))))
    assert (found.code, found.is_error) == ("MAP414", False)
