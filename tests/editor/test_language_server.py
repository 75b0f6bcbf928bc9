"""What an editor makes of the JSON Schemas: what it flags and what it lets be, what it offers, what it shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from connector.cli.app import main
from connector.config import Config
from connector.mapping.json_schema.cases import cases_schema
from connector.mapping.json_schema.mapping import mapping_schema
from connector.mapping.snapshot import load_schema
from connector.settings.json_schema import config_schema
from connector.shipped import shipped
from tests.editor.language_server import CURSOR, Flagged, LanguageServer
from tests.editor.slips import HEAD, SLIPS
from tests.editor.test_slips import MAPPINGS
from tests.mapping import golden
from tests.mapping.samples import file
from tests.mapping.samples import shipped as shipped_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.node

TASK = load_schema(shipped_mapping("salesforce.schema.yaml"))


def schemas() -> dict[str, dict[str, Any]]:
    visit = load_schema(file(golden.SCHEMAS["activity: salesforce/Visit"].read_text(encoding="utf-8")))
    return {
        "any": mapping_schema(),
        "Task": mapping_schema(TASK),
        "Visit": mapping_schema(visit),
        "tests": cases_schema(TASK),
        "config": config_schema(Config),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("edited")
    for name, schema in schemas().items():
        (folder / f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[LanguageServer]:
    with LanguageServer(folder) as server:
        yield server


def naming(schema: str, text: str) -> str:
    return f"# yaml-language-server: $schema={schema}.json\n{text}"


RIGHT = [
    ("any", shipped_mapping("salesforce.yaml").text),
    ("Task", shipped_mapping("salesforce.yaml").text),
    ("any", shipped_mapping("database.yaml").text),
    (
        "any",
        f"{HEAD}person: {{by: lead.phone, phone_country: NO}}\nfields: {{Day: 2026-06-15, Yes: No, Number: 007}}\n",
    ),
    ("tests", shipped_mapping("salesforce.tests.yaml").text),
    ("config", shipped("config.example.yaml").read_text(encoding="utf-8")),
]


@pytest.mark.parametrize("number", range(len(RIGHT)), ids=[schema for schema, _ in RIGHT])
@pytest.mark.parametrize("yaml_version", ["1.2", "1.1"])
def test_a_file_that_is_right_is_let_be(folder: Path, number: int, yaml_version: str) -> None:
    with LanguageServer(folder, yaml_version=yaml_version) as server:
        assert server.flagged(naming(*RIGHT[number])) == []


def test_the_server_finds_the_schema_that_the_first_line_names(server: LanguageServer) -> None:
    assert server.flagged(naming("Task", HEAD)) == [
        Flagged(2, "v", 'Missing property "fields".'),
    ]
    (found,) = server.flagged(naming("missing", HEAD))
    assert "missing.json" in found.message


@pytest.mark.parametrize("crm", ["salesforce", "database"])
def test_what_init_writes_is_completed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--crm", crm]) == 0
    text = (tmp_path / "mappings" / f"{crm}.yaml").read_text(encoding="utf-8")
    field = "WhatId" if crm == "salesforce" else "session_id"
    with LanguageServer(tmp_path / "mappings") as server:
        assert server.flagged(text) == []
        (found,) = server.flagged(f"{text}  Nothing_Like_It: x\n")
        assert found.message == "Property Nothing_Like_It is not allowed."
        offered = server.offered(text[: text.index("\nfields:")] + f"\nfields:\n  {CURSOR}")
        assert field in offered


@pytest.mark.parametrize(("written", "marked", "says"), SLIPS)
def test_a_slip_is_flagged_where_it_is(server: LanguageServer, written: str, marked: str, says: str) -> None:
    (found, *_) = server.flagged(naming("Task", f"{HEAD}{written}\n"))
    assert (found.text, says in found.message) == (marked, True), found


def test_of_the_golden_mistakes_most_are_flagged_and_nothing_else_is(server: LanguageServer) -> None:
    wrong, seen, falsely = 0, 0, []
    for path in MAPPINGS:
        text = golden.split(path)[1]
        saved = golden.schema_of(text)
        lines = {found.line - 1 for found in server.flagged(naming(saved.object if saved else "any", text))}
        diagnostics = golden.diagnostics(path)
        errors = {found.place.line for found in diagnostics if found.is_error}
        wrong, seen = wrong + len(errors), seen + len(errors & lines)
        falsely += [(path.stem, line) for line in lines - {found.place.line for found in diagnostics}]
    # A key that is misspelt is missing, too, which the checks do not tell a second time.
    assert falsely == [("slip_capital_in_key", 1)]
    assert seen / wrong > 0.65


OFFERED = {
    CURSOR: ["version", "activity", "fields", "person", "wait_for"],
    f"{HEAD}write: {CURSOR}": ["unless_edited", "always", "on_create"],
    f"{HEAD}timezone: {CURSOR}": ["America/New_York", "Europe/Berlin", "UTC"],
    f"{HEAD}redact: [{CURSOR}]": ["card_numbers", "emails", "nothing"],
    f"{HEAD}log_when:\n  {CURSOR}": ["durationSeconds", "lead.isHot", "lead.additionalInfo.…", "any", "not"],
    f"{HEAD}log_when:\n  endedBy: {CURSOR}": ["LEAD", "AGENT", "{not: …}"],
    f"{HEAD}log_when:\n  isTransfer: {CURSOR}": ["true", "false"],
    f"{HEAD}log_when:\n  durationSeconds:\n    {CURSOR}": ["at_least", "at_most", "not", "present"],
    f"{HEAD}wait_for:\n  {CURSOR}": ["summary", "transcript"],
    f"{HEAD}labels:\n  {CURSOR}": ["endedBy", "isTransfer", "transcript", "lead.firstName"],
    f"{HEAD}labels:\n  endedBy:\n    {CURSOR}": ["LEAD", "AGENT", "SYSTEM"],
    f"{HEAD}person:\n  {CURSOR}": ["by", "in", "phone_country", "if_none", "if_many"],
    f"{HEAD}person:\n  by:\n    - {CURSOR}": ["lead.externalLeadId", "lead.phone", "lead.email"],
    f"{HEAD}person:\n  if_none: {CURSOR}": ["log_unlinked", "hold", "skip"],
    f"{HEAD}fields:\n  {CURSOR}": ["Subject", "Status", "WhoId", "CallType"],
    f"{HEAD}fields:\n  Status: {CURSOR}": ["Completed", "Not Started", "{from: …}", "{text: …}", "{cases: …}"],
    f"{HEAD}fields:\n  Status:\n    {CURSOR}": ["value", "option", "from", "text", "cases", "find", "when"],
    f"{HEAD}fields:\n  Status:\n    option: {CURSOR}": ["Completed", "Deferred"],
    f"{HEAD}fields:\n  Subject: {{from: {CURSOR}}}": ["endedBy", "lead.email", "person.owner", "lead.additionalInfo.…"],
    f"{HEAD}fields:\n  ActivityDate:\n    from: createdAt\n    {CURSOR}": [
        "as",
        "plus",
        "timezone",
        "default",
        "write",
    ],
    f"{HEAD}fields:\n  ActivityDate:\n    from: createdAt\n    as: {CURSOR}": ["date", "datetime", "text"],
    f"{HEAD}fields:\n  CallType:\n    from: direction\n    map:\n      {CURSOR}": ["INBOUND", "OUTBOUND"],
    f"{HEAD}fields:\n  CallType:\n    from: direction\n    map:\n      INBOUND: {CURSOR}": ["Internal", "Inbound"],
    f"{HEAD}fields:\n  Priority:\n    cases:\n      - {CURSOR}": ["High", "{from: …}"],
}
NOT_OFFERED = {
    f"{HEAD}{CURSOR}": ["version", "key"],
    f"{HEAD}fields:\n  {CURSOR}": ["IsClosed", "CreatedDate", "Apten_Call_Id__c"],
    f"{HEAD}fields:\n  Status: {CURSOR}": ["true", "false", "null"],
    f"{HEAD}fields:\n  Status:\n    {CURSOR}": ["map", "cut", "write"],
    f"{HEAD}fields:\n  ActivityDate:\n    from: createdAt\n    {CURSOR}": ["map", "round", "where", "value", "text"],
    f"{HEAD}fields:\n  ActivityDate:\n    from: createdAt\n    as: {CURSOR}": ["minutes", "label"],
    f"{HEAD}fields:\n  WhoId:\n    from: person\n    {CURSOR}": ["as", "map", "cut"],
    f"{HEAD}log_when:\n  endedBy:\n    {CURSOR}": ["at_least", "has"],
    f"{HEAD}wait_for:\n  summary:\n    when:\n      {CURSOR}": ["lead.isHot", "lead.additionalInfo.…"],
}


@pytest.mark.parametrize("text", OFFERED)
def test_what_fits_is_offered(server: LanguageServer, text: str) -> None:
    offered = server.offered(naming("Task", text))
    assert [word for word in OFFERED[text] if word not in offered] == []


@pytest.mark.parametrize("text", NOT_OFFERED)
def test_what_does_not_fit_is_not_offered(server: LanguageServer, text: str) -> None:
    offered = server.offered(naming("Task", text))
    assert [word for word in NOT_OFFERED[text] if word in offered] == []


def test_what_is_inserted_is_let_be(server: LanguageServer) -> None:
    before = f"{HEAD}fields:\n  Subject: "
    offered = server.offered(naming("Task", before + CURSOR))
    snippets = [text for label, text in offered.items() if label.startswith("{") and label != "{option: …}"]
    assert len(snippets) == 5
    for snippet in snippets:
        written = re.sub(r"\$\{1:((?:\\.|[^}\\])*)\}", lambda place: place[1].replace("\\}", "}"), snippet)
        assert server.flagged(naming("Task", f"{before}{written}\n")) == [], written


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"fields: {{Sub{CURSOR}ject: Call}}", "Subject: text, at most 255 characters."),
        (f"fields: {{IsCl{CURSOR}osed: true}}", "Not to be written: it is filled by the CRM."),
        (f"fields: {{Status: Comp{CURSOR}leted}}", "* `Waiting on someone else`"),
        (f"fields: {{Subject: {{from: ended{CURSOR}By}}}}", "Who ended the call; LEAD is the customer"),
        (f"fields: {{ActivityDate: {{from: createdAt, a{CURSOR}s: date}}}}", "Turns the value into another kind."),
        (f"wr{CURSOR}ite: always", "* `on_create`: Only when the activity is created."),
        (f"log_when: {{isTrans{CURSOR}fer: true}}", "The call was transferred to a person."),
    ],
)
def test_everything_explains_itself(server: LanguageServer, text: str, says: str) -> None:
    assert says in server.shown(naming("Task", f"{HEAD}{text}\n")).replace("\\_", "_")


def test_the_config_is_completed_by_the_choices_made_in_it(server: LanguageServer) -> None:
    crm = "apten:\n  api_key: ${A}\ncrm:\n  kind: "
    assert {"salesforce", "database"} <= set(server.offered(naming("config", crm + CURSOR)))
    database = server.offered(naming("config", f"{crm}database\n  {CURSOR}"))
    assert "url" in database
    assert "domain" not in database
    salesforce = server.offered(naming("config", f"{crm}salesforce\n  auth: client_credentials\n  {CURSOR}"))
    assert {"domain", "consumer_key", "mapping"} <= set(salesforce)
    assert "url" not in salesforce


def test_a_secret_in_the_config_is_flagged(server: LanguageServer) -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8").replace("${APTEN_API_KEY}", "sk-123456")
    (found,) = server.flagged(naming("config", text))
    assert found.text == "sk-123456"
    assert found.message.startswith("a secret must not stand here")
