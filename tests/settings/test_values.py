"""What a config may say, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from connector.config import (
    DatabaseSettings,
    SalesforceClientCredentials,
    SalesforceJwt,
    SalesforcePassword,
    SalesforceSession,
    load_config,
)
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, ENVIRON, JWT, PASSWORD, SESSION, load, told


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
    assert isinstance(load(folder, APTEN + JWT).crm, SalesforceJwt)
    assert isinstance(load(folder, APTEN + PASSWORD).crm, SalesforcePassword)
    crm = load(folder, APTEN + CREDENTIALS).crm
    assert isinstance(crm, SalesforceClientCredentials)
    assert (crm.domain, crm.api_version, crm.base_url, crm.api_budget) == ("acme.my", "66.0", None, "80%")
    assert crm.consumer_key.get_secret_value() == "canary-consumer-key"
    assert crm.mapping_files == (folder / "m.yaml",)


@pytest.mark.parametrize("written", ["80%", "1%", "100%", "12000"])
def test_a_budget_is_a_share_or_a_number_of_requests(folder: Path, written: str) -> None:
    crm = load(folder, f"{APTEN}{CREDENTIALS}  api_budget: {written}\n").crm
    assert isinstance(crm, SalesforceClientCredentials)
    assert crm.api_budget == written


@pytest.mark.parametrize("written", ["0", "0%", "101%", "most", "-1", "1e3", "80 %"])
def test_a_budget_that_is_neither_is_told(folder: Path, written: str) -> None:
    [problem] = told(folder, f"{APTEN}{CREDENTIALS}  api_budget: {written}\n")
    assert problem == "CFG104 10 not a share or number of requests"


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


@pytest.mark.parametrize(("day", "refused"), [(31, False), (32, True)])
def test_a_start_that_is_still_to_come_is_refused(folder: Path, day: int, *, refused: bool) -> None:
    """A slip of the finger; a ledger would keep to it, and leave every call out. Tomorrow has come elsewhere."""
    start, config = date(2026, 10, 1) + timedelta(days=day), folder / "config.yaml"
    config.write_text(f"{APTEN}{DATABASE}sync: {{start: {start}}}\n")
    if not refused:
        assert load_config(config, ENVIRON, today=date(2026, 10, 31)).sync.start == start
        return
    with pytest.raises(ConfigError) as error:
        load_config(config, ENVIRON, today=date(2026, 10, 31))
    assert [each.label for each in error.value.diagnostics if isinstance(each, Diagnostic)] == [
        "this day is still to come"
    ]


def test_environment_variables_may_stand_within_other_texts(folder: Path) -> None:
    crm = load(folder, APTEN + CREDENTIALS + "  base_url: https://${HOST}/sf/\n").crm
    assert isinstance(crm, SalesforceClientCredentials)
    assert crm.base_url == "https://crm.example.com/sf"


def test_a_database_password_is_encoded_for_the_url(folder: Path) -> None:
    url = "postgresql+psycopg://apten:${DB_PASSWORD}@${HOST}:5432/crm?sslmode=require"
    config = load(folder, APTEN + DATABASE.replace("sqlite:///activities.db", url))
    assert isinstance(config.crm, DatabaseSettings)
    encoded = "p%40ss%2Fw%3Ard%3F"
    there = f"apten:{encoded}@crm.example.com:5432"
    assert config.crm.url.get_secret_value() == f"postgresql+psycopg://{there}/crm?sslmode=require"
    assert {encoded, "p@ss/w:rd?"} <= config.secrets()


def test_a_secret_may_come_from_a_file_only_its_owner_can_read(folder: Path) -> None:
    key = folder / "apten.key"
    key.write_text("canary-file-key\n", encoding="utf-8")
    key.chmod(0o600)
    text = APTEN.replace("${APTEN_API_KEY}", "file:apten.key") + DATABASE
    assert load(folder, text).apten.api_key.get_secret_value() == "canary-file-key"
    key.chmod(0o640)
    assert told(folder, text) == [f"CFG108 2 others can read or change {key}"]
