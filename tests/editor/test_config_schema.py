"""The config by JSON Schema: what is right is let be, slips are flagged."""

from __future__ import annotations

import pytest

from connector.shipped import shipped
from tests.editor.reading import as_editors_read
from tests.editor.test_json_schema import flagged


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ("api_key: ${APTEN_API_KEY}", "api_key: 0123456789"),
        ("kind: salesforce", "kind: hubspot"),
        ("auth: client_credentials", "auth: oauth"),
        ("domain: acme.my", "domian: acme.my"),
        ("concurrency: 8", "concurrency: 80"),
        ("overlap: 10m", "overlap: ten minutes"),
    ],
)
def test_a_slip_in_the_config_is_flagged(setting: str, wrong: str) -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    assert setting in text
    assert flagged("config", as_editors_read(text.replace(setting, wrong)))


def test_a_config_is_let_be_with_empty_settings_quoted_numbers_and_variables() -> None:
    text = shipped("config.example.yaml").read_text(encoding="utf-8")
    text = text.replace("overlap: 10m", "overlap: ${OVERLAP}").replace("concurrency: 8", 'concurrency: "8"')
    text = text.replace("stop_above: 2000", "stop_above:").replace('"66.0"', "66.0")
    assert flagged("config", as_editors_read(text + "\n  start: ${START}\n")) == []
