"""No secret is ever shown, neither one in its right place nor one written into the config."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import load_config
from connector.diagnostics import Diagnostic
from connector.errors import ConfigError
from tests.settings.pieces import APTEN, CREDENTIALS, DATABASE, JWT, PASSWORD, SESSION, load


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
        "apten:\n  api_key: “canary-literal\n",
        "apten:\n  base_url: https://host api_key: canary-literal\n",
        "apten:\n  base_url: “x\n    canary-literal\n",
        "apten:\n  api_key:canary-literal\n",
        "apten:\n  api_key = canary-literal\ncrm: {}\n",
        "apten:\n  api_key: @canary-literal\n",
        "apten:\n  api_key: {canary-literal: x, canary-literal: y}\n",
        "apten: {api_key: canary-literal base_url: x}\n",
        "apten:\n   api_key: canary-literal\n  base_url: x\n",
        "apten:\n  api_key: canary-literal\n   base_url: x\n",
        "apten:\n  api_key: |\n  canary-literal\n  x\ncrm: y\n",
        "apten:\n  -canary-literal\n",
        "canary-literal\n",
        APTEN + DATABASE.replace("sqlite:///activities.db", "mysql://u:canary-literal@h/d"),
        APTEN + DATABASE.replace("url: sqlite:///activities.db", "uri: mysql://u:canary-literal@h/d"),
        APTEN + CREDENTIALS.replace("${SALESFORCE_CONSUMER_SECRET}", "canary-literal"),
        APTEN + SESSION.replace("${SALESFORCE_SESSION_ID}", "  canary-literal"),
        APTEN + PASSWORD.replace("${SALESFORCE_PASSWORD}", "canary-literal"),
        APTEN + PASSWORD.replace("${SALESFORCE_SECURITY_TOKEN}", "canary-literal"),
        APTEN + JWT.replace("salesforce.key", "-----BEGIN PRIVATE KEY-----canary-literal"),
        APTEN + JWT.replace("salesforce.key", "|\n    -----BEGIN PRIVATE KEY-----\n    canary-literal\n"),
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
    for crm in (CREDENTIALS, JWT, PASSWORD, SESSION):
        config = load(folder, APTEN + crm)
        assert "canary" not in repr(config) + str(config) + config.model_dump_json()
        assert "BEGIN" not in repr(config) + str(config) + config.model_dump_json()
        assert "canary-apten-key" in config.secrets()


@pytest.mark.parametrize("value", ["two\nlines", "“quoted”", "tab\tbed"])
def test_a_secret_that_cannot_be_a_key_is_refused_without_showing_it(folder: Path, value: str) -> None:
    (folder / "config.yaml").write_text(APTEN + DATABASE, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder / "config.yaml", {"APTEN_API_KEY": value})
    (found,) = caught.value.diagnostics
    assert "error[CFG109]" in found.render()
    assert value not in found.render()
