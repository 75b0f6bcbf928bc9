"""Every setting is described once, and the example config holds each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import trustme

from connector.config import Config, DatabaseSettings
from connector.settings.catalogue import catalogue
from connector.settings.codes import CODES
from connector.settings.json_schema import config_schema
from connector.shipped import shipped
from tests.settings.pieces import APTEN, load

if TYPE_CHECKING:
    from pathlib import Path


def example(folder: Path) -> str:
    """The example config, with what it names beside it."""
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    (folder / "mappings").mkdir()
    for mapping in re.findall(r"mappings/\w+\.yaml", text):
        (folder / mapping).touch()
    return text


def test_the_example_config_holds_every_setting_and_no_other(folder: Path) -> None:
    text = example(folder)
    config = load(folder, text)
    assert config.sync.model_fields_set == {"overlap", "concurrency", "stop_above"}
    shown = set(re.findall(r"^ *(?:# +)?(\w+):(?= |$)", text, re.MULTILINE)) - {"file"}
    assert shown == {each.name for each in catalogue(Config)}


@pytest.mark.parametrize(
    ("auth", "used", "unused"),
    [
        ("jwt", {"username", "private_key_file"}, {"consumer_secret"}),
        ("password", {"username", "password", "security_token"}, {"consumer_key", "consumer_secret"}),
        ("session", {"session_id", "instance_url"}, {"domain", "consumer_key", "consumer_secret"}),
    ],
)
def test_the_other_ways_to_sign_in_of_the_example_config_work_too(
    folder: Path, auth: str, used: set[str], unused: set[str]
) -> None:
    head, _, _ = example(folder).partition("# In place of the `crm` above")
    before, introduced, own = head.partition(f"  # Or `auth: {auth}`")
    own, gap, after = own.partition("\n\n")
    own = re.sub(r"^  # (\w+:)", r"  \1", own, flags=re.MULTILINE)
    text = before + introduced + own + gap + re.sub(r"^  # (base_url:)", r"  \1", after, flags=re.MULTILINE)
    text = re.sub(rf"^  (?:{'|'.join(unused)}): .*\n", "", text, flags=re.MULTILINE)
    crm = load(folder, text.replace("auth: client_credentials", f"auth: {auth}")).crm
    assert used <= crm.model_fields_set
    assert crm.model_dump()["auth"] == auth


def test_the_database_and_the_certificates_of_the_example_config_work_too(folder: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(folder / "company.pem"))
    text = example(folder).replace("# ca_file:", "ca_file:")
    assert load(folder, text).ca_file == folder / "company.pem"
    _, _, database = text.partition("# In place of the `crm` above")
    crm = "\n".join(line.removeprefix("# ") for line in database.splitlines()[1:])
    assert isinstance(load(folder, APTEN + crm).crm, DatabaseSettings)


def test_the_alert_of_the_example_config_works_too(folder: Path) -> None:
    before, _, after = example(folder).partition("# alert:\n")
    own, _, rest = after.partition("\n\n")
    alert = load(folder, f"{before}alert:\n{own.replace('# ', '')}\n\n{rest}").alert
    assert alert is not None
    assert alert.model_fields_set == {"url", "parked_above", "waiting_above"}


def test_every_setting_is_described_and_every_code_explained() -> None:
    assert all(each.description for each in catalogue(Config))
    assert all(code.name == name and code.means and code.example and code.instead for name, code in CODES.items())


def test_the_json_schema_takes_secrets_only_by_name_and_nothing_unknown() -> None:
    parts = config_schema(Config)["$defs"].values()
    assert all(part["additionalProperties"] is False for part in parts)
    secrets = {"api_key", "consumer_key", "consumer_secret", "session_id"}
    patterns = [part["properties"][name]["pattern"] for part in parts for name in secrets & set(part["properties"])]
    patterns.append(config_schema(Config)["$defs"]["AlertSettings"]["properties"]["url"]["pattern"])
    assert len(patterns) >= len(secrets)
    for pattern in patterns:
        assert [text for text in ("${A}", "file:a", "sk-1", "a${A}") if re.search(pattern, text)] == ["${A}", "file:a"]
