"""What a config may not say, and how that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.config import load_config
from connector.errors import ConfigError
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, ENVIRON, PASSWORD, load, refused, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("${APTEN_API_KEY}", "literal", "CFG105 2 a secret must not stand here"),
        ("${APTEN_API_KEY}", "x${APTEN_API_KEY}", "CFG105 2 a secret must not stand here"),
        ("${APTEN_API_KEY}", "${APTEN-KEY}", "CFG106 2 not the name of one environment variable"),
        ("${APTEN_API_KEY}", "${NOT_SET}", "CFG107 2 the environment variable NOT_SET is not set"),
        ("${APTEN_API_KEY}", "${EMPTY}", "CFG107 2 the environment variable EMPTY is set to nothing"),
        ("${APTEN_API_KEY}", "", "CFG103 2 `apten` needs `api_key`"),
        ("${APTEN_API_KEY}", "[a]", "CFG104 2 not a value that this setting takes"),
        ("api_key:", "api_kye:", "CFG102 2 `apten` has no setting `api_kye`"),
        ("kind: database", "kind: hubspot", "CFG104 4 not one of `salesforce`, `database`"),
        ("  kind: database\n", "", "CFG103 3 `crm` needs `kind`"),
        ("kind: database", "kind: salesforce", "CFG103 3 `crm` needs `auth`"),
        ("  mapping: m.yaml\n", "", "CFG103 3 `crm` needs `mapping`"),
        ("mapping: m.yaml", "mapping: m.yaml\n  mappings: [m.yaml]", "CFG112 6 `mapping` is written already"),
        ("mapping: m.yaml", "mappings: m.yaml", "CFG104 5 not a list; write `[one.yaml, two.yaml]`"),
        ("sqlite:///activities.db", "sqlite://", "CFG104 6 what is kept in memory is lost at the end"),
        ("sqlite:///activities.db", "activities.db", "CFG104 6 not a database URL"),
        ("sqlite:///activities.db", "mysql://u:pw@h/d", "CFG105 6 a password must not stand here"),
        ("sqlite:///activities.db", "mysql://u@x:pw@h/d", "CFG105 6 a password must not stand here"),
        ("sqlite:///activities.db", "mysql://h/d?password=pw", "CFG105 6 a password must not stand here"),
    ],
)
def test_a_wrong_setting_is_told_with_code_line_and_reason(
    folder: Path, before: str, after: str, expected: str
) -> None:
    assert expected in told(folder, (APTEN + DATABASE).replace(before, after))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("concurrency: 17", "must be 16 or less"),
        ("concurrency: 0", "must be 1 or more"),
        ("concurrency: many", "not a whole number"),
        ("stop_above: 0", "must be 1 or more"),
        ("overlap: 10 minutes", "not a duration"),
        ("overlap: 30s", "outside of 1m to 7d"),
        ("start: 2026-02-30", "not a day of the calendar"),
        ("start: yesterday", "not a day of the calendar"),
        ("start: 1700000000", "not a day of the calendar"),
    ],
)
def test_a_sync_setting_out_of_bounds_is_refused(folder: Path, line: str, expected: str) -> None:
    assert told(folder, f"{APTEN}{DATABASE}sync:\n  {line}\n") == [f"CFG104 8 {expected}"]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://api.example.com/v1", "CFG110"),
        ("http://127.0.0.1.example.com", "CFG110"),
        ("ftp://api.example.com", "CFG104"),
        ("api.example.com", "CFG104"),
        ("https://", "CFG104"),
        ("https://[::1", "CFG104"),
        ("https://host:port", "CFG104"),
        ("https://user:pw@host", "CFG104"),
        ("https://host/?key=x", "CFG104"),
    ],
)
def test_only_whole_https_addresses_are_taken(folder: Path, url: str, code: str) -> None:
    found = refused(folder, APTEN + f'  base_url: "{url}"\n' + DATABASE)
    assert [(each.code, each.place.line) for each in found] == [(code, 3)]


@pytest.mark.parametrize(
    "url", ["postgresql://h/d", "sqlite:///a.db?x=1", "sqlite+pysqlite:///a.db", "sqlite://", "a.db"]
)
def test_a_ledger_is_a_plain_sqlite_file(folder: Path, url: str) -> None:
    found = refused(folder, f"ledger: {url}\n{APTEN}{DATABASE}")
    assert [(each.code, each.place.line) for each in found] == [("CFG104", 1)]


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:9", "127.8.8.8", "[::1]:80"])
def test_plain_http_is_taken_for_loopback(folder: Path, host: str) -> None:
    assert load(folder, APTEN + f"  base_url: http://{host}/v1/\n" + DATABASE).apten.base_url == f"http://{host}/v1"


@pytest.mark.parametrize("domain", ["acme.my.salesforce.com", "https://acme.my.salesforce.com", "login", "test", "a b"])
def test_a_domain_that_is_no_my_domain_is_refused(folder: Path, domain: str) -> None:
    found = refused(folder, APTEN + CREDENTIALS.replace("acme.my", domain))
    assert [(each.code, each.place.line) for each in found] == [("CFG104", 7)]
    assert "`acme.my`" in found[0].help


def test_a_way_to_sign_in_that_is_not_there_names_those_that_are(folder: Path) -> None:
    assert told(folder, APTEN + CREDENTIALS.replace("client_credentials", "oauth")) == [
        "CFG104 6 not one of `client_credentials`, `jwt`, `password`, `session`"
    ]


def test_a_way_to_sign_in_that_is_called_as_a_setting_is_not_taken_for_it(folder: Path) -> None:
    text = APTEN + PASSWORD.replace("domain: acme.my", "domain: login") + "  colour: red\n"
    assert [(each.code, each.place.line) for each in refused(folder, text)] == [("CFG104", 7), ("CFG102", 11)]
    (missing,) = refused(folder, APTEN + PASSWORD.replace("  username: integration@acme.com\n", ""))
    assert (missing.code, missing.place.line, missing.label) == ("CFG103", 3, "`crm` needs `username`")


def test_a_setting_of_another_choice_or_section_says_where_it_belongs(folder: Path) -> None:
    found = refused(folder, APTEN + CREDENTIALS + "  session_id: ${SALESFORCE_SESSION_ID}\nconcurrency: 4\n")
    assert [each.help for each in found] == [
        "`session_id` belongs to `kind: salesforce`, `auth: session`",
        "`concurrency` belongs under `sync:`",
    ]


def test_a_likely_spelling_is_offered_only_if_likely(folder: Path) -> None:
    near, far = refused(folder, APTEN + DATABASE + "sync:\n  concurency: 4\n  zebra: 1\n")
    assert near.help == "did you mean `concurrency`?"
    assert far.help == "known here: `start`, `overlap`, `concurrency`, `requests_per_second`, `stop_above`"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("  api_key: ${", "\tapi_key: ${", "YML102 2 a tab; YAML indents with spaces only"),
        ("api_key: ${", "api_key:${", "YML113 2 without a space behind it the colon does not count"),
        ("api_key: ${APTEN_API_KEY}", 'api_key: "${APTEN_API_KEY}', "YML115 2 this quotation mark is not closed"),
        (
            "  mapping: m.yaml",
            "   mapping: m.yaml",
            "YML119 5 this line begins with 3 spaces, its neighbour in line 6 with 2",
        ),
        ("  mapping: m.yaml", "  mappings: [m.yaml", "YML117 5 this [ is not closed"),
        ("url: sqlite", "url: “sqlite", "YML122 6 a typographic quotation mark is a letter like any other"),
        ("url: sqlite", "url:\u00a0sqlite", "YML123 6 U+00A0 looks like a space and is none"),
        ("api_key: ${APTEN_API_KEY}", "api_key: %APTEN_API_KEY%", "YML121 2 % has a meaning of its own here"),
        ("kind: database", "kind = database", "YML126 4 the colon behind this name is missing"),
    ],
)
def test_a_slip_in_the_config_is_told_as_in_a_mapping(folder: Path, before: str, after: str, expected: str) -> None:
    assert told(folder, (APTEN + DATABASE).replace(before, after)) == [expected]


def test_the_help_shows_a_line_of_the_config_only_where_no_secret_can_be(folder: Path) -> None:
    (shown,) = refused(folder, APTEN + DATABASE.replace("mapping: m.yaml", "mappings: [m.yaml"))
    assert shown.help == "write mappings: [m.yaml]"
    (hidden,) = refused(folder, APTEN.replace("${APTEN_API_KEY}", "%canary%") + DATABASE)
    assert (hidden.help, hidden.label) == ("", "% has a meaning of its own here")


def test_all_problems_are_told_at_once_in_the_order_of_the_file(folder: Path) -> None:
    text = (
        "apten:\n  base_url: http://api.example.com\n  api_key: ${NOT_SET}\n"
        "crm:\n  kind: database\n  mapping: gone.yaml\n  url: nonsense\n  colour: red\n"
        "ledger: postgresql://h/d\nsync:\n  concurrency: 99\n"
    )
    found = refused(folder, text)
    assert [f"{each.code}:{each.place.line}" for each in found] == [
        "CFG110:2",
        "CFG107:3",
        "CFG111:6",
        "CFG104:7",
        "CFG102:8",
        "CFG104:9",
        "CFG104:11",
    ]


def test_a_problem_shows_its_line_with_a_caret_and_what_to_write(folder: Path) -> None:
    found = refused(folder, APTEN + DATABASE + "sync:\n  overlap: 10 minutes\n")
    assert found[0].render() == (
        "error[CFG104]: wrong value\n"
        f" --> {folder}/config.yaml:8:12\n"
        "  |\n"
        "8 |   overlap: 10 minutes\n"
        "  |            ^^^^^^^^^^ not a duration\n"
        "  = help: write a number and a unit: `90s`, `10m`, `2h` or `7d`"
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "apten\n", "- apten\n"])
def test_a_file_without_settings_is_refused(folder: Path, text: str) -> None:
    assert [each.code for each in refused(folder, text)] == ["CFG101"]


def test_a_missing_config_says_where_was_looked_and_how_to_get_one(folder: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "elsewhere.yaml", ENVIRON)
    assert str(folder / "elsewhere.yaml") in caught.value.happened
    assert "apten-crm init" in caught.value.todo
