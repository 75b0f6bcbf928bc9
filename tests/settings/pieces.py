"""What the tests of the config share: pieces of config files, and loading them from a folder of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector.config import Config, load_config
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

ENVIRON = {
    "APTEN_API_KEY": "canary-apten-key",
    "SALESFORCE_CONSUMER_KEY": "canary-consumer-key",
    "SALESFORCE_CONSUMER_SECRET": "canary-consumer-secret",
    "SALESFORCE_SESSION_ID": "00D!canary.session",
    "SALESFORCE_PASSWORD": "canary-pässword",
    "SALESFORCE_SECURITY_TOKEN": "canary-token",
    "ALERT_URL": "https://hooks.example.com/services/canary-alert",
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
JWT = (
    "crm:\n  kind: salesforce\n  mapping: m.yaml\n  auth: jwt\n  domain: acme.my\n"
    "  consumer_key: ${SALESFORCE_CONSUMER_KEY}\n  username: integration@acme.com\n  private_key_file: salesforce.key\n"
)
PASSWORD = (
    "crm:\n  kind: salesforce\n  mapping: m.yaml\n  auth: password\n  domain: acme.my\n"
    "  username: integration@acme.com\n  password: ${SALESFORCE_PASSWORD}\n"
    "  security_token: ${SALESFORCE_SECURITY_TOKEN}\n"
)
SESSION = (
    "crm:\n  kind: salesforce\n  mapping: m.yaml\n  auth: session\n"
    "  session_id: ${SALESFORCE_SESSION_ID}\n  instance_url: https://acme.my.salesforce.com\n"
)


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
