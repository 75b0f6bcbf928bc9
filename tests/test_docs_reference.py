"""The reference says what the code says: policies, events, reasons, tables, messages."""

from __future__ import annotations

import re

from connector.cli.findings import MEANINGS
from connector.ledger.tables import metadata
from connector.mapping import redaction
from connector.mapping.fields import DEFAULT_POLICY
from connector.mapping.shape import WRITE
from connector.model import Outcome
from connector.sync.reasons import OURS
from docs.generate import ROOT
from tests.documents import (
    said,
    section,
)
from tests.test_docs import PAGES


def test_the_policy_without_write_is_the_one_that_the_reference_tells() -> None:
    text = PAGES["docs/reference/mapping.md"]
    assert re.findall(r"^Without `write` it is `(\w+)`\.", text, re.MULTILINE) == [DEFAULT_POLICY]
    assert set(re.findall(r"^- `(\w+)`: ", section(text, "`write`"), re.MULTILINE)) == set(WRITE)


def test_what_can_be_redacted_is_named_with_the_mark_that_it_leaves() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| .* \| `(.*)` \|$", section(PAGES["docs/reference/mapping.md"], "`redact`"), re.MULTILINE
    )
    assert dict(rows) == redaction._MARKS


def test_log_events_are_named_in_the_docs_and_back() -> None:
    calls = re.compile(r"""(?:\.info|\.warning|\.error|\blog)\(\s*f?"(\w+\.(?:\w+|\{outcome\}))\"""")
    events = {event for path in (ROOT / "connector").rglob("*.py") for event in calls.findall(path.read_text())}
    assert "call.{outcome}" in events
    events = (events - {"call.{outcome}"}) | {f"call.{outcome}" for outcome in Outcome}
    assert set(re.findall(r"^\| `(\w+\.\w+)` \|", PAGES["docs/reference/log-events.md"], re.MULTILINE)) == events


def test_findings_are_named_in_the_docs_and_back() -> None:
    text = section(PAGES["docs/how-to/reconcile.md"], "What it finds")
    assert set(re.findall(r"^\| (\w[\w ]*) \| [A-Z]", text, re.MULTILINE)) == set(MEANINGS)


def test_reasons_of_our_own_are_named_in_the_docs_and_back() -> None:
    page = PAGES["docs/reference/reasons.md"]
    ours = section(page, "Parked: Apten's side") + section(page, "Parked: the connector's side")
    assert set(re.findall(r"^\| `(\w+)` \|", ours, re.MULTILINE)) == set(OURS)


def test_the_tables_of_the_ledger_are_named_in_the_docs_and_back() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", PAGES["docs/explanation/the-ledger.md"], re.MULTILINE)) == set(
        metadata.tables
    )


def test_every_test_that_the_security_page_names_is_there_and_every_threat_has_one() -> None:
    rows = section(PAGES["SECURITY.md"], "Threats").split("\n| --- | --- | --- |\n")[1].strip().splitlines()
    assert len(rows) > 10
    for row in rows[: next((at for at, row in enumerate(rows) if not row.startswith("|")), None)]:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
        assert named, row
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8") if test else (ROOT / path).exists(), path


def test_the_security_page_travels_with_the_source() -> None:
    assert '"SECURITY.md"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_message_in_the_troubleshooting_is_one_of_ours() -> None:
    messages = re.findall(r"^\| `([^`]+)` \|", section(PAGES["README.md"], "Troubleshooting"), re.MULTILINE)
    assert len(messages) > 5
    ours = said(ROOT / "connector")
    assert [message for message in messages if message not in ours] == []
