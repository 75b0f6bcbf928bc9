"""`check --live` asks the CRM for every record that a mapping says to find."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main

if TYPE_CHECKING:
    from tests.town import Town

    Captured = pytest.CaptureFixture[str]

MAPPING = """\
version: 1
activity: salesforce/Task
key: Apten_Call_Id__c
person: {by: [lead.externalLeadId], in: [Contact]}
fields:
  OwnerId: {from: person.owner, default: {find: User, where: {Username: apten@acme.com}}}
  WhatId:
    cases:
      - {when: {isTransfer: true}, find: Case, where: {Subject: Roof}}
      - {find: Account, where: {Name: {from: lead.additionalInfo.company}}}
"""


def told(town: Town, capsys: Captured, mapping: str = MAPPING) -> tuple[int, list[tuple[str, str, int, int, str]]]:
    """The exit code, and every problem with its place."""
    town.mapping_path.write_text(mapping)
    (town.folder / "salesforce.schema.yaml").unlink(missing_ok=True)
    code = main(["check", "--live", "--format", "json", "--config", str(town.config_path)])
    found = json.loads(capsys.readouterr().out)
    return code, [tuple(each[name] for name in ("code", "severity", "line", "column", "label")) for each in found]


def test_records_that_are_there_once_are_nothing_to_tell(salesforce: Town, capsys: Captured) -> None:
    salesforce.org.add("User", LastName="Apten", Username="Apten@acme.com")
    salesforce.org.add("Case", Subject="Roof")
    assert told(salesforce, capsys) == (0, [])


def test_a_record_that_is_missing_or_there_twice_is_a_warning_at_its_place(salesforce: Town, capsys: Captured) -> None:
    for _ in range(2):
        salesforce.org.add("Case", Subject="Roof")
    code, found = told(salesforce, capsys)
    assert code == 0
    assert found == [
        ("MAP421", "warning", 6, 49, "no record of User fits what `where` says"),
        ("MAP421", "warning", 9, 42, "several records of Case fit what `where` says"),
    ]


@pytest.mark.parametrize(
    ("wrong", "place", "label"),
    [
        (("find: User", "find: Usr"), (6, 49), "description of Usr, which the mapping names in `find`"),
        (("Username:", "Usernam:"), (6, 49), "by Usernam (`find: User`)"),
        (("where: {Name: {from", "where: {Nam: {from"), (10, 16), "by Nam (`find: Account`)"),
    ],
)
def test_an_object_or_field_that_is_not_there_is_an_error_at_its_place(
    salesforce: Town, capsys: Captured, wrong: tuple[str, str], place: tuple[int, int], label: str
) -> None:
    salesforce.org.add("User", LastName="Apten", Username="apten@acme.com")
    salesforce.org.add("Case", Subject="Roof")
    assert wrong[0] in MAPPING
    code, found = told(salesforce, capsys, MAPPING.replace(*wrong))
    [refused] = [each for each in found if each[0] == "MAP422"]
    assert (code, refused[1], refused[2:4]) == (2, "error", place)
    assert label in refused[4]


def test_offline_nobody_is_asked(salesforce: Town, capsys: Captured) -> None:
    salesforce.mapping_path.write_text(MAPPING)
    assert main(["check", "--config", str(salesforce.config_path)]) == 0
    assert "MAP42" not in capsys.readouterr().err
    assert salesforce.salesforce.requests == []
