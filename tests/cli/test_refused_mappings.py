"""Whatever the CRM would refuse field by field stops a sync before anything is written, in each CRM."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

SALESFORCE = {
    "unknown field": ("fields:\n", "fields:\n  Statuss: Completed\n", "MAP401"),
    "read-only field": ("fields:\n", "fields:\n  IsClosed: true\n", "MAP402"),
    "update-only field": ("fields:\n", "fields:\n  Late__c: x\n", "MAP402"),
    "required field missing": ("  Visit__c: x\n", "", "MAP403"),
    "bad picklist value": ("  TaskSubtype: Call\n", "  TaskSubtype: Phone\n", "MAP404"),
    "key that is no text": ("key: Apten_Call_Id__c", "key: WhatId", "MAP407"),
    "wrong type": ("fields:\n", "fields:\n  ReminderDateTime: {from: durationSeconds}\n", "MAP301"),
    "too long": ("fields:\n", "fields:\n  CallObject: {from: summary}\n", "MAP305"),
    "a text too long": ("fields:\n", f"fields:\n  CallObject: {'x' * 256}\n", "MAP306"),
    "create-only field, always": ("  TaskSubtype: Call\n", "  TaskSubtype: {value: Call, write: always}\n", "MAP409"),
}
DATABASE = {
    "unknown field": ("fields:\n", "fields:\n  stauts: {from: callStatus}\n", "MAP401"),
    "read-only field": ("fields:\n", "fields:\n  made_up: {from: id}\n", "MAP402"),
    "required field missing": ("  direction: {from: direction}\n", "", "MAP403"),
    "key that is not unique": ("key: call_id", "key: lead", "MAP407"),
    "wrong type": ("{from: durationSeconds}", "{from: createdAt}", "MAP301"),
    "too long": ("fields:\n", "fields:\n  short: {from: summary}\n", "MAP305"),
    "a text too long": ("fields:\n", "fields:\n  short: much too long\n", "MAP306"),
}
TABLE = """
CREATE TABLE calls (
    call_id VARCHAR(255) PRIMARY KEY, lead VARCHAR(255), direction TEXT NOT NULL, duration_seconds INTEGER,
    short VARCHAR(5), made_up TEXT GENERATED ALWAYS AS (call_id || '!')
)
"""
MAPPING = """\
version: 1
activity: database/calls
key: call_id
fields:
  direction: {from: direction}
  duration_seconds: {from: durationSeconds}
"""


def refused(town: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(town.folder)
    assert main(["sync"]) == 2
    assert town.activities() == []
    assert not [request for request in town.salesforce.requests if request.startswith(("PATCH", "POST /services/data"))]
    return capsys.readouterr().err


@pytest.mark.parametrize("what", SALESFORCE)
def test_what_salesforce_would_refuse_stops_the_run(
    what: str, build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("salesforce", calls=6, leads=2)
    town.org.add_field(replace(town.org.fields["Subject"], name="Visit__c", nillable=False))
    town.org.add_field(replace(town.org.fields["Subject"], name="Late__c", createable=False))
    before, after, code = SALESFORCE[what]
    text = town.mapping_path.read_text().replace("fields:\n", "fields:\n  Visit__c: x\n")
    assert before in text
    town.mapping_path.write_text(text.replace(before, after))
    assert f"error[{code}]" in refused(town, capsys, monkeypatch)


@pytest.mark.parametrize("what", DATABASE)
def test_what_a_database_would_refuse_stops_the_run(
    what: str, build: Build, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("database", calls=6, leads=2)
    town.sql(TABLE)
    before, after, code = DATABASE[what]
    assert before in MAPPING
    town.mapping_path.write_text(MAPPING.replace(before, after))
    assert f"error[{code}]" in refused(town, capsys, monkeypatch)
