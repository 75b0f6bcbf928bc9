"""Every setting is described once, and the example config holds each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.config import Config, DatabaseSettings, SalesforceSession
from connector.settings.catalogue import catalogue
from connector.settings.codes import CODES
from connector.shipped import shipped
from tests.settings.pieces import APTEN, load

if TYPE_CHECKING:
    from pathlib import Path


def test_the_example_config_holds_every_setting_and_no_other(tmp_path: Path) -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    (tmp_path / "mappings").mkdir()
    for mapping in re.findall(r"mappings/\w+\.yaml", text):
        (tmp_path / mapping).touch()
    config = load(tmp_path, text)
    assert config.sync.model_fields_set == {"overlap", "concurrency", "stop_above"}
    shown = set(re.findall(r"^ *(?:# +)?(\w+):(?= |$)", text, re.MULTILINE)) - {"file"}
    assert shown == {each.name for each in catalogue(Config)}


def test_the_other_choices_of_the_example_config_work_too(tmp_path: Path) -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
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
