"""What `status`, `runs` and `sync` say of calls that wait, lack something or are parked, and of an idle start."""

import json
from collections.abc import Callable

import pytest

from connector.sync.select import Named
from tests.cli.conftest import change, run
from tests.looking import refuse
from tests.town import ENVIRON, Town

Build = Callable[..., Town]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def town(build: Build) -> Town:
    return build("database", calls=30, leads=8)


def test_waiting_and_logged_without_summary_are_numbers(town: Town, capsys: Captured) -> None:
    town.run()
    lacking = len({call["id"] for call in town.world.calls_lacking_summary()} & set(town.logged()))
    waiting = len(town.world.calls_in_progress())
    assert lacking
    assert waiting
    assert run(town, "status") == 0
    shown = capsys.readouterr().out
    assert f"waiting            {waiting}" in shown
    assert "logged incomplete" in shown
    assert f"Logged, but so far\n  {lacking} × without summary\n" in shown  # noqa: RUF001  # the sign for times
    assert run(town, "status", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(group["count"] for group in told["waiting"]) == waiting
    assert {group["reason"]: group["count"] for group in told["incomplete"]}["without summary"] == lacking
    assert 0 < told["awaited"] <= sum(group["count"] for group in told["incomplete"])


@pytest.mark.parametrize("command", ["status", "runs", "ledger check", "ledger backup copy.db"])
def test_the_ledger_is_read_without_any_key(
    town: Town, capsys: Captured, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(town.folder)
    town.run()
    for name in ENVIRON:
        monkeypatch.delenv(name)
    assert run(town, *command.split()) == 0
    assert "No ledger" not in capsys.readouterr().out


def test_where_the_ledger_is_must_be_known(town: Town, capsys: Captured) -> None:
    change(town.config_path, ("ledger: sqlite:///ledger.db", "ledger: sqlite:///${LEDGER_FOLDER}/ledger.db"))
    assert run(town, "status") == 2
    assert "LEDGER_FOLDER" in capsys.readouterr().err


def test_a_start_that_has_no_effect_is_told_with_what_has(town: Town, capsys: Captured) -> None:
    town.run()
    for command in ("sync", "status"):
        assert run(town, command) == 0
        assert "sync.start" not in capsys.readouterr().out
    change(town.config_path, ("start: 2026-05-01", "start: 2026-01-01"))
    for command in ("sync", "status"):
        assert run(town, command) == 0
        shown = capsys.readouterr().out
        assert "this one looks back to 2026-05-01" in shown
        assert "apten-crm resync --since 2026-01-01" in shown
    change(town.config_path, ("start: 2026-01-01", "start: 2026-06-01"))
    assert run(town, "status") == 0
    shown = capsys.readouterr().out
    assert "this one looks back to 2026-05-01" in shown
    assert "resync" not in shown


def test_a_run_says_in_words_what_failed_in_it(salesforce: Town, capsys: Captured) -> None:
    refuse(salesforce, 1)
    report = salesforce.run(Named([salesforce.loggable()[0]]))
    assert run(salesforce, "runs", str(report.run_id)) == 0
    assert "STRING_TOO_LONG, field Subject: a text is longer than its field (park)" in capsys.readouterr().out


def test_a_row_that_a_database_refuses_is_told_in_words_too(town: Town, capsys: Captured) -> None:
    town.run(limit=5)
    town.sql("CREATE TRIGGER no BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'no'); END")
    town.run()
    assert run(town, "status") == 1
    assert "CONSTRAINT: a constraint of the table does not let it pass" in capsys.readouterr().out


def test_calls_parked_under_a_target_that_was_given_up_need_nobody(salesforce: Town, capsys: Captured) -> None:
    refuse(salesforce, 1)
    salesforce.run(Named([salesforce.loggable()[0]]))
    assert run(salesforce, "status") == 1
    assert "(under " not in capsys.readouterr().out
    change(salesforce.mapping_path, ("key: Apten_Call_Id__c", "key: Other_Call_Id__c"))
    assert run(salesforce, "status") == 0
    shown = capsys.readouterr().out
    assert "Parked under a target that no mapping writes to any more; nothing tries these again\n  1 × STRING" in shown  # noqa: RUF001
    assert shown.endswith(", under Task.Apten_Call_Id__c\n")
    assert "resync --parked" not in shown
