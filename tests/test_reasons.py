"""Every reason that a call or activity can have is explained, and none that it cannot."""

from __future__ import annotations

import re

from connector.crms.database.faults import Fault
from connector.crms.salesforce.people.reasons import Why
from connector.sync import decide, deleted_lead, link_later
from docs.generate import ROOT
from tests.documents import section


def test_reasons_are_named_in_the_docs_and_back() -> None:
    text = (ROOT / "docs" / "reference" / "reasons.md").read_text(encoding="utf-8")
    apten = (ROOT / "connector" / "apten" / "client.py").read_text()
    assert set(re.findall(r"^\| `(\w+)`", section(text, "Parked: Apten's side"), re.MULTILINE)) == set(
        re.findall(r'code="(\w+)"', apten)
    )
    table = section(text, "Parked: a database's side")
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == {fault for fault in Fault if fault.isupper()}
    assert [reason for reason in (decide.GONE, deleted_lead.LEAD_DELETED) if f"`{reason}`" not in text] == []
    unlinked = set(re.findall(r"^\| `([^`]+)` \|", section(text, "Without a person"), re.MULTILINE))
    assert unlinked == {*Why, f"{link_later.NOT_TAKEN}…"}
