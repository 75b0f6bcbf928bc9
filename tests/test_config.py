"""The config: what is taken, what is refused and how that is told, and that no secret is ever shown."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import (
    Config,
    DatabaseSettings,
    SalesforceClientCredentials,
    SalesforceSession,
    load_config,
)
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError
from connector.settings.catalogue import catalogue
from connector.settings.codes import CODES

ENVIRON = {
    "APTEN_API_KEY": "canary-apten-key",
    "SALESFORCE_CONSUMER_KEY": "canary-consumer-key",
    "SALESFORCE_CONSUMER_SECRET": "canary-consumer-secret",
    "SALESFORCE_SESSION_ID": "00D!canary.session",
    "DB_PASSWORD": "p@ss/w:rd?",
    "HOST": "crm.example.com",
    "EMPTY": " ",
}
APTEN = "apten:\n  api_key: ${APTEN_API_KEY}\n"
DATABASE = "crm:\n  kind: database\n  mapping: m.yaml\n  url: sqlite:///activities.db\n"
CREDENTIALS = (
    "crm:\n  kind: salesforce\n  mapping: m.yaml\n  auth: client_credentials\n  domain: acme.my\n"
    "  consumer_key: ${SALESFORCE_CONSUMER_KEY}\n  consumer_secret: ${SALESFORCE_CONSUMER_SECRET}\n"
)
SESSION = (
    "crm:\n  kind: salesforce\n  mapping: m.yaml\n  auth: session\n"
    "  session_id: ${SALESFORCE_SESSION_ID}\n  instance_url: https://acme.my.salesforce.com\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").touch()
    return tmp_path


def load(folder: Path, text: str) -> Config:
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return load_config(folder / "config.yaml", ENVIRON)


def refused(folder: Path, text: str) -> list[Diagnostic]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    found = [each for each in caught.value.diagnostics if isinstance(each, Diagnostic)]
    assert found
    return found


def told(folder: Path, text: str) -> list[str]:
    """Code, line and label of each problem."""
    return [f"{each.code} {each.place.line} {each.label}" for each in refused(folder, text)]


def test_a_minimal_config_gets_the_documented_defaults(folder: Path) -> None:
    config = load(folder, APTEN + DATABASE)
    assert config.apten.base_url == "https://api.attent.app/v1"
    assert config.ledger == f"sqlite:///{folder}/apten-crm.db"
    assert config.sync.start is None
    assert config.sync.overlap == timedelta(minutes=10)
    assert (config.sync.concurrency, config.sync.stop_above) == (8, 2000)


def test_every_way_into_a_crm_is_a_type_of_its_own(folder: Path) -> None:
    assert isinstance(load(folder, APTEN + DATABASE).crm, DatabaseSettings)
    assert isinstance(load(folder, APTEN + SESSION).crm, SalesforceSession)
    crm = load(folder, APTEN + CREDENTIALS).crm
    assert isinstance(crm, SalesforceClientCredentials)
    assert (crm.domain, crm.api_version, crm.base_url) == ("acme.my", "66.0", None)
    assert crm.consumer_key.get_secret_value() == "canary-consumer-key"
    assert crm.mapping_files == (folder / "m.yaml",)


def test_empty_and_null_settings_count_as_not_written(folder: Path) -> None:
    config = load(folder, APTEN + CREDENTIALS + "  base_url: null\nledger:\nsync:\n")
    assert config == load(folder, APTEN + CREDENTIALS)


def test_relative_paths_start_at_the_config_wherever_the_program_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "config.yaml").write_text(APTEN + DATABASE + "ledger: sqlite:///state.db\n", encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    config = load_config(Path(folder.name) / "config.yaml", ENVIRON)
    assert config.ledger == f"sqlite:///{folder}/state.db"
    assert isinstance(config.crm, DatabaseSettings)
    assert config.crm.url.get_secret_value() == f"sqlite:///{folder}/activities.db"
    assert config.crm.mapping_files == (folder / "m.yaml",)


def test_several_mappings_may_be_listed(folder: Path) -> None:
    (folder / "n.yaml").touch()
    config = load(folder, APTEN + DATABASE.replace("mapping: m.yaml", "mappings: [m.yaml, n.yaml]"))
    assert config.crm.mapping_files == (folder / "m.yaml", folder / "n.yaml")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("7d", timedelta(days=7)),
    ],
)
def test_durations_have_a_number_and_a_unit(folder: Path, written: str, meant: timedelta) -> None:
    assert load(folder, f"{APTEN}{DATABASE}sync:\n  overlap: {written}\n").sync.overlap == meant


def test_a_start_is_a_day(folder: Path) -> None:
    assert load(folder, f"{APTEN}{DATABASE}sync: {{start: 2026-11-01}}\n").sync.start == date(2026, 11, 1)


def test_environment_variables_may_stand_within_other_texts(folder: Path) -> None:
    crm = load(folder, APTEN + CREDENTIALS + "  base_url: https://${HOST}/sf/\n").crm
    assert isinstance(crm, SalesforceClientCredentials)
    assert crm.base_url == "https://crm.example.com/sf"


def test_a_database_password_is_encoded_for_the_url(folder: Path) -> None:
    url = "postgresql+psycopg://apten:${DB_PASSWORD}@${HOST}:5432/crm"
    config = load(folder, APTEN + DATABASE.replace("sqlite:///activities.db", url))
    assert isinstance(config.crm, DatabaseSettings)
    encoded = "p%40ss%2Fw%3Ard%3F"
    assert config.crm.url.get_secret_value() == f"postgresql+psycopg://apten:{encoded}@crm.example.com:5432/crm"
    assert {encoded, "p@ss/w:rd?"} <= config.secrets()


def test_a_secret_may_come_from_a_file_only_its_owner_can_read(folder: Path) -> None:
    key = folder / "apten.key"
    key.write_text("canary-file-key\n", encoding="utf-8")
    key.chmod(0o600)
    text = APTEN.replace("${APTEN_API_KEY}", "file:apten.key") + DATABASE
    assert load(folder, text).apten.api_key.get_secret_value() == "canary-file-key"
    key.chmod(0o640)
    assert told(folder, text) == [f"CFG108 2 others can read or change {key}"]


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


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:9", "127.8.8.8", "[::1]:80"])
def test_plain_http_is_taken_for_loopback(folder: Path, host: str) -> None:
    assert load(folder, APTEN + f"  base_url: http://{host}/v1/\n" + DATABASE).apten.base_url == f"http://{host}/v1"


@pytest.mark.parametrize("domain", ["acme.my.salesforce.com", "https://acme.my.salesforce.com", "login", "test", "a b"])
def test_a_domain_that_is_no_my_domain_is_refused(folder: Path, domain: str) -> None:
    found = refused(folder, APTEN + CREDENTIALS.replace("acme.my", domain))
    assert [(each.code, each.place.line) for each in found] == [("CFG104", 7)]
    assert "`acme.my`" in found[0].help


@pytest.mark.parametrize("auth", ["jwt", "password"])
def test_a_way_to_sign_in_that_is_not_there_names_those_that_are(folder: Path, auth: str) -> None:
    assert told(folder, APTEN + CREDENTIALS.replace("client_credentials", auth)) == [
        "CFG104 6 not one of `client_credentials`, `session`"
    ]


def test_a_setting_of_another_choice_or_section_says_where_it_belongs(folder: Path) -> None:
    found = refused(folder, APTEN + CREDENTIALS + "  session_id: ${SALESFORCE_SESSION_ID}\nconcurrency: 4\n")
    assert [each.help for each in found] == [
        "`session_id` belongs to `kind: salesforce`, `auth: session`",
        "`concurrency` belongs under `sync:`",
    ]


def test_a_likely_spelling_is_offered_only_if_likely(folder: Path) -> None:
    near, far = refused(folder, APTEN + DATABASE + "sync:\n  concurency: 4\n  zebra: 1\n")
    assert near.help == "did you mean `concurrency`?"
    assert far.help == "known here: `start`, `overlap`, `concurrency`, `stop_above`"


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


@pytest.mark.parametrize(
    "text",
    [
        "apten:\n  api_key: canary-literal\n  base_url: nonsense\n",
        "apten:\n  api_kye: canary-literal\n",
        "apten: {api_key: canary-literal, base_url: nonsense}\n",
        "apten: {base_url: nonsense, api_key: 'canary-literal'}\n",
        "apten:\n  api_key: |\n    canary-literal\n",
        "apten:\n  api_key: >-\n    canary-literal: [\n",
        'apten:\n  api_key: "canary-literal\n',
        "apten:\n  api_key: !canary-literal x\n",
        "apten:\n  api_key: *canary-literal\n",
        "apten:\n  api_key: canary-literal: x\n",
        "apten:\n  api_key: canary-literal #x\n  api_key: canary-literal\n",
        "apten:\n  base_url: https://u:canary-literal@host\n",
        "canary-literal\n",
        APTEN + DATABASE.replace("sqlite:///activities.db", "mysql://u:canary-literal@h/d"),
        APTEN + DATABASE.replace("url: sqlite:///activities.db", "uri: mysql://u:canary-literal@h/d"),
        APTEN + CREDENTIALS.replace("${SALESFORCE_CONSUMER_SECRET}", "canary-literal"),
        APTEN + SESSION.replace("${SALESFORCE_SESSION_ID}", "  canary-literal"),
    ],
)
def test_a_secret_written_into_the_config_is_never_shown(folder: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    for each in caught.value.diagnostics:
        assert isinstance(each, Diagnostic)
        shown = each.render() + each.render(colour=True) + json.dumps(each.as_json()) + repr(each)
        assert "canary-literal" not in shown
    assert "canary-literal" not in str(caught.value)


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_whatever_the_file_holds_it_is_refused_without_showing_the_secret(before: str, after: str) -> None:
    text = f"apten:\n  {before}\n  api_key: canary-literal\n  {after}\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_bytes(text.encode())
        with pytest.raises(ConfigError) as caught:
            load_config(path, {})
    assert all("canary-literal" not in each.render() for each in caught.value.diagnostics)


def test_loaded_secrets_are_never_shown(folder: Path) -> None:
    for crm in (CREDENTIALS, SESSION):
        config = load(folder, APTEN + crm)
        assert "canary" not in repr(config) + str(config) + config.model_dump_json()
        assert "canary-apten-key" in config.secrets()


@pytest.mark.parametrize("value", ["two\nlines", "“quoted”", "tab\tbed"])
def test_a_secret_that_cannot_be_a_key_is_refused_without_showing_it(folder: Path, value: str) -> None:
    (folder / "config.yaml").write_text(APTEN + DATABASE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "config.yaml", {"APTEN_API_KEY": value})
    (found,) = caught.value.diagnostics
    assert "error[CFG109]" in found.render()
    assert value not in found.render()


def test_the_example_config_holds_every_setting_and_no_other(tmp_path: Path) -> None:
    example = Path(__file__).parent.parent / "config.example.yaml"
    text = example.read_text(encoding="utf-8")
    (tmp_path / "mappings").mkdir()
    for mapping in re.findall(r"mappings/\w+\.yaml", text):
        (tmp_path / mapping).touch()
    config = load(tmp_path, text)
    assert config.sync.model_fields_set == {"overlap", "concurrency", "stop_above"}
    shown = set(re.findall(r"^ *(?:# +)?(\w+):(?= |$)", text, re.MULTILINE)) - {"file"}
    assert shown == {each.name for each in catalogue(Config)}


def test_the_other_choices_of_the_example_config_work_too(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "config.example.yaml").read_text(encoding="utf-8")
    (tmp_path / "mappings").mkdir()
    for mapping in re.findall(r"mappings/\w+\.yaml", text):
        (tmp_path / mapping).touch()
    head, _, database = text.partition("# In place of the `crm` above")
    session = re.sub(r"^  (?:domain|consumer_key|consumer_secret): .*\n", "", head, flags=re.MULTILINE)
    session = re.sub(r"^  # (session_id|instance_url|base_url|start):", r"  \1:", session, flags=re.MULTILINE)
    assert isinstance(
        load(tmp_path, session.replace("auth: client_credentials", "auth: session")).crm, SalesforceSession
    )
    crm = "\n".join(line.removeprefix("# ") for line in database.splitlines()[1:])
    assert isinstance(load(tmp_path, APTEN + crm).crm, DatabaseSettings)


def test_every_setting_is_described_and_every_code_explained() -> None:
    assert all(each.description for each in catalogue(Config))
    assert all(code.name == name and code.means and code.example and code.instead for name, code in CODES.items())


def test_the_json_schema_marks_secrets_and_allows_nothing_unknown() -> None:
    schema = Config.model_json_schema()
    assert schema["$defs"]["AptenSettings"]["properties"]["api_key"]["format"] == "password"
    assert all(part["additionalProperties"] is False for part in schema["$defs"].values())
