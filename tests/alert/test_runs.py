"""Runs tell a person what needs them: once per change of state, whatever happens to the message."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from connector.ledger.lock import hold_lock
from connector.sandbox.faults import Fault
from tests.alert.receiver import TOKEN, Receiver
from tests.cli.conftest import change, run
from tests.town import ENVIRON, Town, add_lead_with_call

if TYPE_CHECKING:
    from collections.abc import Callable

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(build: Callable[..., Town], receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town whose config names the receiver."""
    town = build("salesforce", calls=12, leads=4)
    monkeypatch.setenv("ALERT_URL", receiver.url)
    change(town.config_path, ("ledger: ", "alert:\n  url: ${ALERT_URL}\nledger: "))
    return town


def test_nothing_is_told_while_all_is_well(town: Town, receiver: Receiver) -> None:
    assert run(town, "sync") == 0
    assert run(town, "resync", "--all") == 0
    assert receiver.server.requests == []
    assert not (town.folder / "ledger.db.alert").exists()


def test_a_failure_is_told_once_and_once_more_when_it_is_over(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APTEN_API_KEY", "canary-wrong-key")
    for _ in range(3):
        assert run(town, "sync", "--quiet") == 2
    [told] = receiver.texts
    assert f"apten-crm sync on {socket.gethostname()}, {town.config_path}:" in told
    assert "exit code 2" in told
    assert "Apten refused the API key (403)" in told
    assert "Check `apten.api_key`" in told
    monkeypatch.setenv("APTEN_API_KEY", ENVIRON["APTEN_API_KEY"])
    for _ in range(2):
        assert run(town, "sync", "--quiet") == 0
    assert len(receiver.texts) == 2
    assert receiver.texts[1].endswith(":\n• Runs succeed again.")
    assert "canary" not in str(receiver.bodies)


def test_a_run_that_had_nothing_to_write_does_not_end_what_is_wrong_with_the_crm(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        assert run(town, "sync", "--quiet") == 0
        town.clock.advance(hours=4)
    monkeypatch.setenv("SALESFORCE_CONSUMER_SECRET", "canary-wrong-secret")
    assert run(town, "resync", "--all") == 2
    for _ in range(2):
        assert run(town, "sync", "--quiet") == 0
    assert run(town, "resync", "--all") == 2
    assert len(receiver.texts) == 1
    monkeypatch.setenv("SALESFORCE_CONSUMER_SECRET", ENVIRON["SALESFORCE_CONSUMER_SECRET"])
    assert run(town, "resync", "--all") == 0
    assert receiver.texts[1].endswith(":\n• Runs succeed again.")


def test_requests_that_keep_failing_are_told_and_then_that_a_person_is_needed(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.salesforce.faults.add(Fault("composite", status=503, headers={"Retry-After": "0"}), times=200)
    assert run(town, "sync") == 3
    assert run(town, "sync") == 3
    town.salesforce.faults.clear()
    monkeypatch.setenv("SALESFORCE_CONSUMER_SECRET", "canary-wrong-secret")
    assert run(town, "sync") == 2
    assert ["exit code 3" in text for text in receiver.texts] == [True, False]
    assert "exit code 2" in receiver.texts[1]


def test_a_ledger_that_cannot_be_opened_is_told_once_too(town: Town, receiver: Receiver) -> None:
    ledger = town.folder / "ledger.db"
    ledger.write_bytes(b"a shopping list" * 500)
    assert run(town, "sync") == 2
    assert run(town, "sync") == 2
    [told] = receiver.texts
    assert "is damaged" in told
    ledger.unlink()
    assert run(town, "sync") == 0
    assert "Runs succeed again." in receiver.texts[1]


def test_a_run_that_finds_another_under_way_tells_nothing(town: Town, receiver: Receiver) -> None:
    with hold_lock(f"sqlite:///{town.folder}/ledger.db"):
        assert run(town, "sync") == 3
        assert run(town, "sync", "--quiet") == 3
    assert receiver.texts == []


def test_a_plan_and_an_interrupted_run_tell_nothing(town: Town, receiver: Receiver) -> None:
    town.apten.faults.add(Fault(status=401), times=1)
    assert run(town, "sync", "--plan") == 2
    town.apten.faults.add(Fault("/calls/", delay=2.0), times=8)
    command = [sys.executable, "-m", "connector", "--config", str(town.config_path), "sync"]
    environ = {**os.environ, **ENVIRON}
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own program
    assert process.stderr is not None
    while "run.started" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert receiver.texts == []


def test_parked_calls_above_the_bound_are_told_with_their_codes_and_no_content(town: Town, receiver: Receiver) -> None:
    change(town.config_path, ("  url: ${ALERT_URL}\n", "  url: ${ALERT_URL}\n  parked_above: 2\n"))
    town.fill_the_bin(2)
    assert run(town, "sync") == 1
    assert receiver.texts == []
    change(town.config_path, ("parked_above: 2", "parked_above: 1"))
    assert run(town, "sync") == 1
    assert run(town, "resync", "--parked") == 1
    [told] = receiver.texts
    assert "2 calls are parked (more than 1)." in told
    town.empty_the_bin()
    assert run(town, "resync", "--parked") == 0
    assert "No more calls are parked than may be." in receiver.texts[1]


def test_waiting_calls_above_the_bound_are_told(town: Town, receiver: Receiver) -> None:
    change(town.config_path, ("  url: ${ALERT_URL}\n", "  url: ${ALERT_URL}\n  waiting_above: 1\n"))
    calls = [add_lead_with_call(town.world, number, town.clock.now()) for number in range(900, 902)]
    for call_id in calls:
        town.world.change_call(call_id, town.clock.now(), callStatus="IN_PROGRESS")
    assert run(town, "sync") == 0
    [told] = receiver.texts
    assert "calls are waiting (more than 1)" in told


def test_drift_is_told_when_a_run_meets_the_crm_and_again_when_there_is_more_of_it(
    town: Town, receiver: Receiver
) -> None:
    assert run(town, "sync") == 0
    town.org.add_field(replace(town.org.fields["Description"], length=31_000))
    town.salesforce.requests.clear()
    assert run(town, "sync") == 0
    assert (town.salesforce.requests, receiver.texts) == ([], []), "a run that does not meet the CRM cannot know"
    for _ in range(2):
        assert run(town, "resync", "--all") == 0
    [told] = receiver.texts
    assert "1 x MAP412" in told
    assert "apten-crm check --live" in told
    town.org.add_field(replace(town.org.fields["Subject"], length=200))
    assert run(town, "resync", "--all") == 0
    assert "2 x MAP412" in receiver.texts[1]
    assert run(town, "schema", "pull") == 0
    assert run(town, "resync", "--all") == 0
    assert receiver.texts[2].endswith("• The mapping and the CRM agree again.")


def test_a_field_that_is_gone_fails_the_run_and_its_code_is_told(town: Town, receiver: Receiver) -> None:
    town.org.access.hide_field("Description")
    assert run(town, "sync") == 2
    [told] = receiver.texts
    assert "1 x MAP401" in told


@pytest.mark.parametrize(
    "fault", [Fault(status=500, body=b"canary"), Fault(status=302, headers={"Location": "/canary"}), Fault(drop=True)]
)
def test_a_message_that_is_not_delivered_changes_no_exit_code_is_said_and_sent_by_the_next_run(
    town: Town, receiver: Receiver, capsys: Captured, fault: Fault
) -> None:
    town.apten.faults.add(Fault(status=401), times=2)
    receiver.server.faults.add(fault)
    assert run(town, "sync", "--quiet") == 2
    said = capsys.readouterr()
    assert "alert" in said.err
    assert "Apten refused the API key" in said.err, "what the run has to say is said all the same"
    assert TOKEN not in said.err + said.out
    assert "canary" not in said.err + said.out
    assert receiver.texts == []
    assert run(town, "sync", "--quiet") == 2
    assert len(receiver.texts) == 1


def test_a_report_is_shown_also_where_its_message_is_not_delivered(
    town: Town, receiver: Receiver, capsys: Captured
) -> None:
    town.fill_the_bin(1)
    receiver.server.faults.add(Fault(status=404))
    assert run(town, "sync") == 1
    said = capsys.readouterr()
    assert "1 call was parked" in said.err
    assert "refused the message (404)" in said.err
    assert "created" in said.out


def test_a_defect_of_our_own_is_told_without_its_text(
    town: Town, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def broken(_size: int) -> bytes:
        raise KeyError("canary: whatever was in our hands")

    monkeypatch.setattr(os, "urandom", broken)
    assert run(town, "sync") == 3
    [told] = receiver.texts
    assert "by a defect of apten-crm itself (KeyError)" in told
    assert "canary" not in told + capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/services/canary", "CFG110"),
        ("hooks.example.com/services/canary", "CFG104"),
        ("https://user:canary@hooks.example.com/", "CFG104"),
        ("https://hooks.example.com/canary#part", "CFG104"),
        ("ftp://hooks.example.com/canary", "CFG104"),
        ("https:///canary", "CFG104"),
        ("https://hooks.example.com:canary/", "CFG104"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_unseen(
    town: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch, url: str, code: str
) -> None:
    monkeypatch.setenv("ALERT_URL", url)
    assert run(town, "check") == 2
    said = capsys.readouterr().err
    assert code in said
    assert "canary" not in said


def test_an_address_written_out_is_refused_unseen(town: Town, capsys: Captured) -> None:
    change(town.config_path, ("${ALERT_URL}", "https://hooks.example.com/canary"))
    assert run(town, "check") == 2
    said = capsys.readouterr().err
    assert "CFG105" in said
    assert "canary" not in said


def test_two_ledgers_do_not_share_a_memory(town: Town, receiver: Receiver) -> None:
    town.apten.faults.add(Fault(status=401), times=2)
    assert run(town, "sync") == 2
    change(town.config_path, ("ledger.db", "other.db"))
    assert run(town, "sync") == 2
    assert len(receiver.texts) == 2
