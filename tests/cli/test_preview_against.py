"""`preview --against`: in what two versions of a mapping differ for real calls."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from connector.sandbox.founding_call import FOUNDING_CALL, FOUNDING_LEAD
from docs.generate import ROOT
from tests.cli.conftest import change, run
from tests.cli.test_commands import FOUNDING_ID
from tests.documents import fences, section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


def without(text: str, *beginnings: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(beginnings))


def test_fields_that_would_change_are_shown_and_calls_that_would_not_are_counted(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    change(old, ("{value: Normal}", "{value: Low}"))
    assert run(salesforce, "preview", "--against", str(old)) == 0
    said = capsys.readouterr().out
    head = f"{old} → {salesforce.mapping_path}, salesforce/Task.Apten_Call_Id__c\n\nCall "
    assert said.startswith(head)
    shown = re.findall(r"^Call ([\w-]+): ", said, re.MULTILINE)
    assert not any(salesforce.world.call(call_id).get("isTransfer") for call_id in shown)
    assert said.count("  Priority  Low → Normal\n\n") == len(shown)
    assert 0 < len(shown) < 20
    assert f"\n{len(shown)} of 20 calls would change: Priority {len(shown)}\nA changed mapping alone rewrites" in said
    assert "apten-crm resync --mapping-changed" in said


def test_nothing_is_written_and_each_call_is_fetched_once_for_both_versions(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    change(old, ("{value: Normal}", "{value: Low}"))
    assert run(salesforce, "preview", "--against", str(old), "--last", "7") == 0
    assert "of 7 calls would change" in capsys.readouterr().out
    fetched = [request for request in salesforce.apten.requests if request.startswith("GET /v1/calls/")]
    assert len(fetched) == len(set(fetched)) == 7
    salesforce.apten.requests.clear()
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert salesforce.apten.requests == [f"GET /v1/calls/{FOUNDING_ID}", f"GET /v1/leads/{FOUNDING_LEAD['id']}"]
    assert salesforce.salesforce.requests == []
    assert not (salesforce.folder / "ledger.db").exists()


def test_versions_that_mean_the_same_change_nothing(salesforce: Town, old: Path, capsys: Captured) -> None:
    change(old, ("name: Log", "name: Once, log"), ("  Status: Completed\n", "  # done\n  Status: {value: Completed}\n"))
    assert run(salesforce, "preview", "--against", str(old), "--last", "5") == 0
    assert capsys.readouterr().out.endswith("Task.Apten_Call_Id__c\n\nNone of 5 calls would change.\n")


def test_a_field_may_come_go_be_emptied_and_a_long_text_is_shown_where_it_differs(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    change(
        old,
        ("  Status: Completed\n", "  Status: Completed\n  CallObject: {from: endedBy, cut: {keep: start}}\n"),
        ("  CallType: {from: direction, map: {INBOUND: Inbound, OUTBOUND: Outbound}}\n", ""),
        ("      Apten call {{ id }}", "      Call {{ id }}"),
    )
    change(
        salesforce.mapping_path,
        ("{value: Normal}", '{from: transferNumber, map: {"1": High}, unmapped: Low}'),
        ("  Priority:\n", "  Priority:\n    if_missing: clear\n"),
    )
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert (
        f"""\
Call {FOUNDING_ID}: OUTBOUND COMPLETE, 145 s, 2026-06-15 14:30 UTC
  CallType     (not written) → Outbound
  Priority     Normal → (emptied)
  Description  differs in these lines
        - Call {FOUNDING_ID}
        + Apten call {FOUNDING_ID}
  CallObject   LEAD → (not written)

1 of 1 call would change: CallType 1, Priority 1, Description 1, CallObject 1
"""
        in capsys.readouterr().out
    )


def test_a_long_text_that_comes_or_goes_shows_its_lines(salesforce: Town, old: Path, capsys: Captured) -> None:
    text = old.read_text()
    old.write_text(text[: text.index("  Description:")])
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert f"  Description  (not written) →\n        + {FOUNDING_CALL['summary']}\n" in capsys.readouterr().out
    old.write_text(text)
    salesforce.mapping_path.write_text(text[: text.index("  Description:")])
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    assert f"  Description  → (not written)\n        - {FOUNDING_CALL['summary']}\n" in capsys.readouterr().out


def test_calls_that_only_one_version_logs_are_told_with_the_reason(
    salesforce: Town, old: Path, capsys: Captured
) -> None:
    logging = ("version: 1\n", "version: 1\nlog_when: {durationSeconds: {at_least: 10m}}\n")
    change(old, logging)
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    said = capsys.readouterr().out
    assert "\n  would be logged; the old version leaves it out: log_when: durationSeconds\n" in said
    assert "\n1 of 1 call would change: 1 would be logged that the old version leaves out\n" in said
    assert run(salesforce, "preview", "--against", str(salesforce.mapping_path), FOUNDING_ID) == 0
    assert "None of 1 call would change.\n" in capsys.readouterr().out

    change(salesforce.mapping_path, ("version: 1\n", "version: 1\nlog_when: {endedBy: AGENT}\n"))
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    said = capsys.readouterr().out
    assert "\n  would be left out for another reason: log_when: durationSeconds → log_when: endedBy\n" in said
    assert "\n1 of 1 call would change: 1 would be left out for another reason\n" in said

    change(old, logging[::-1])
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID) == 0
    said = capsys.readouterr().out
    assert "\n  would no longer be logged: log_when: endedBy\n" in said
    assert "\n1 of 1 call would change: 1 would no longer be logged\n" in said
    assert "Nothing is deleted" in said


def test_the_totals_are_of_calls_that_both_versions_log(salesforce: Town, old: Path, capsys: Captured) -> None:
    change(old, ("Apten {{ direction", "{{ direction"))
    change(salesforce.mapping_path, ("version: 1\n", "version: 1\nlog_when: {direction: OUTBOUND}\n"))
    assert run(salesforce, "preview", "--against", str(old), "--last", "30") == 0
    said = capsys.readouterr().out
    inbound = said.count("would no longer be logged: log_when: direction")
    assert 0 < inbound < 30
    assert f"\n30 of 30 calls would change: Subject {30 - inbound}; {inbound} would no longer be logged\n" in said


def test_the_person_and_the_wait_may_differ(salesforce: Town, old: Path, capsys: Captured) -> None:
    text = without(old.read_text(), "person:", "  by:", "  if_none:", "  if_many:", "  WhoId:")
    old.write_text(text.replace("{summary: 30m}", "{transcript: 1h}"))
    late = next(call for call in salesforce.world.calls_lacking_summary() if call["transcript"])
    assert run(salesforce, "preview", "--against", str(old), FOUNDING_ID, late["id"]) == 0
    said = capsys.readouterr().out
    person = f"the person with lead.externalLeadId {FOUNDING_LEAD['externalLeadId']}"
    assert f"\n  WhoId      (not written) → {person} (write: on_create)\n" in said
    assert f"\n  person.by  (not looked for) → {person}\n\n" in said
    assert re.search(r"\n  wait_for +not at all → until 2026-06-\d\d \d\d:\d\d UTC at most\n", said)
    assert re.search(r", the person [12], the wait 1\n", said)


def test_a_policy_is_told_once_and_changes_no_call(salesforce: Town, old: Path, capsys: Captured) -> None:
    change(old, ("  Status: Completed\n", "  Status: {value: Completed, write: on_create}\n"))
    assert run(salesforce, "preview", "--against", str(old), "--last", "5") == 0
    said = capsys.readouterr().out
    assert said.count("Status") == 1
    assert (
        "Written under another policy (`write`):\n  Status  on_create → unless_edited\n\nNone of 5 calls would" in said
    )
    assert "--mapping-changed" in said


def test_the_same_as_records(salesforce: Town, old: Path, capsys: Captured) -> None:
    change(
        old,
        ("{value: Normal}", "{value: Low}"),
        ("  Status: Completed\n", "  Status: {value: Completed, write: on_create}\n"),
        ("  ActivityDate: {from: createdAt, as: date}\n", ""),
        ("person:\n", "log_when: {direction: OUTBOUND}\nperson:\n"),
    )
    assert run(salesforce, "preview", "--against", str(old), "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["old"], told["new"], told["target"]) == (
        str(old),
        str(salesforce.mapping_path),
        "Task.Apten_Call_Id__c",
    )
    totals = told["totals"]
    assert (totals["calls"], totals["changed"], len(told["calls"])) == (20, 20, 20)
    assert totals["policies"] == {"Status": {"old": "on_create", "new": "unless_edited"}}
    both = [call for call in told["calls"] if "skipped" not in call]
    assert totals["newly_logged"] == 20 - len(both)
    assert totals["fields"] == {
        "ActivityDate": len(both),
        "Priority": sum("Priority" in call["fields"] for call in both),
    }
    assert both[0]["fields"]["ActivityDate"]["old"] is None
    assert both[0]["fields"]["ActivityDate"]["new"].keys() == {"value", "write"}
    came = next(call for call in told["calls"] if call not in both)
    assert came["skipped"] == {"old": "log_when: direction", "new": None}
    assert came["fields"]["Subject"]["old"] is None


def test_where_there_are_no_calls_nothing_is_compared(build: Build, clock: FakeClock, capsys: Captured) -> None:
    clock.advance(days=-30)
    town = build("salesforce", calls=1, leads=1)
    assert run(town, "preview", "--against", str(town.mapping_path)) == 0
    assert capsys.readouterr().out.endswith("\n\nApten has no calls to compare.\n")


def test_the_example_in_the_docs_is_what_the_command_prints(
    salesforce: Town, old: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "how-to" / "change-the-mapping.md").read_text(encoding="utf-8")
    example = section(page, "See which fields would change")
    text = old.read_text()
    for field in re.findall(r"^  \S.*\n(?:    .*\n)*", fences(example, "yaml")[0], re.MULTILINE):
        name = field.split(":")[0]
        text, places = re.subn(rf"^{name}:.*\n(?:    .*\n)*", lambda _, new=field: new, text, flags=re.MULTILINE)  # type: ignore[misc]  # bound default
        assert places == 1
    monkeypatch.chdir(salesforce.folder)
    (salesforce.folder / "mappings").mkdir()
    change(salesforce.config_path, ("mapping: salesforce.yaml", "mapping: mappings/salesforce.yaml"))
    (salesforce.folder / "mappings" / "salesforce.yaml").write_text(text)
    (salesforce.folder / "salesforce.schema.yaml").rename(salesforce.folder / "mappings" / "salesforce.schema.yaml")
    assert run(salesforce, "preview", "--against", "old.yaml", "--last", "100") == 0
    said = capsys.readouterr().out
    (shown,) = fences(example, "text")
    *head, gap, total = shown.strip().split("\n\n")
    assert gap == "…"
    assert [part for part in head if f"{part}\n\n" not in said] == []
    assert said.endswith("\n")

    def any_numbers(text: str) -> str:
        return re.sub(r"\b\d+\b", "N", text)

    assert any_numbers(said).endswith(f"\n\n{any_numbers(total)}\n")
