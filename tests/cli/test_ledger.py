"""`runs` and `ledger …`: what is done with the ledger itself, through the commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector.ledger.lock import hold_lock
from connector.sandbox.faults import Fault
from connector.sandbox.founding_call import FOUNDING_CALL
from connector.sync.select import Named, Period, Remembered
from tests.cli.conftest import change, run
from tests.ledger.openings import leave_otherwise
from tests.looking import BEGIN, END, edit, refuse
from tests.sync.conftest import ANOTHER_ORG, another_org

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.clock import FakeClock
    from tests.town import Town

    Build = Callable[..., Town]
    Captured = pytest.CaptureFixture[str]

FOUNDING_ID = FOUNDING_CALL["id"]


def test_runs_are_listed_newest_first_with_what_they_did(build: Build, capsys: Captured) -> None:
    town = build("database", calls=20, leads=5)
    assert run(town, "runs") == 0
    assert "No runs yet" in capsys.readouterr().out
    town.run()
    town.run(Remembered(lambda ledger, _mappings: ledger.all_calls()))
    assert run(town, "runs") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [["run", "kind"], ["2", "resync"], ["1", "sync"]]
    assert f"{len(town.activities())} created" in lines[2]


def test_one_run_tells_what_failed_in_it(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    parked = town.loggable()[:3]
    refuse(town, len(parked))
    town.run(Named(parked))
    assert run(town, "runs", "1") == 0
    said = capsys.readouterr().out
    assert "exit code  1" in said
    assert "3 × STRING_TOO_LONG, field Subject: a text is longer than its field (park)" in said  # noqa: RUF001  # the sign for times
    assert ", ".join(parked) in said
    assert "adopted" not in said, "zeros say nothing"
    assert run(town, "runs", "1", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["failures"][0]["call_ids"] == parked


def test_what_ended_a_run_is_told(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=10, leads=3)
    town.salesforce.faults.add(Fault("/token", status=400, body=b'{"error": "invalid_client"}'), times=9)
    assert run(town, "sync") == 2
    capsys.readouterr()
    assert run(town, "runs") == 0
    assert capsys.readouterr().out.endswith(" 2      CredentialsError\n")
    assert run(town, "runs", "1") == 0
    assert "ended by   CredentialsError" in capsys.readouterr().out
    assert run(town, "runs", "1", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["run"]["error"] == "CredentialsError"
    run(town, "status")
    assert "sync 1, exit code 2 (CredentialsError)" in capsys.readouterr().out


def test_a_run_that_nobody_knows(build: Build, capsys: Captured) -> None:
    town = build("database", calls=5, leads=2)
    assert run(town, "runs", "7") == 2
    assert "knows no run 7" in capsys.readouterr().err


def test_check_tells_whose_the_ledger_is_and_how_much_it_holds(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=20, leads=5)
    assert run(town, "ledger", "check") == 0
    assert "No ledger yet" in capsys.readouterr().out
    town.run()
    assert run(town, "ledger", "check") == 0
    said = capsys.readouterr().out
    assert "is sound" in said
    assert town.org.id in said
    assert "Task.Apten_Call_Id__c" in said
    assert run(town, "ledger", "check", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["rows"]["activity"] >= len(town.activities())


def test_check_of_a_damaged_or_newer_ledger_ends_with_2(build: Build, capsys: Captured) -> None:
    town = build("database", calls=20, leads=5)
    town.run()
    ledger = town.folder / "ledger.db"
    sound = ledger.read_bytes()
    ledger.write_bytes(sound[:8192] + bytes(4096) + sound[12288:])
    assert run(town, "ledger", "check") == 2
    assert "is damaged" in capsys.readouterr().err
    ledger.write_bytes(sound)
    leave_otherwise(ledger, "UPDATE meta SET value = '99' WHERE name = 'version'")
    assert run(town, "ledger", "check") == 2
    assert "newer version" in capsys.readouterr().err


def test_a_backup_put_back_loses_and_doubles_nothing(build: Build, capsys: Captured, clock: FakeClock) -> None:
    town = build("database")
    town.run(limit=20)
    to = town.folder / "copy.db"
    assert run(town, "ledger", "backup", str(to)) == 0
    assert str(to) in capsys.readouterr().out
    assert run(town, "ledger", "backup", str(to)) == 2
    assert "is there already" in capsys.readouterr().err
    town.run()
    clock.advance(minutes=5)
    to.replace(town.folder / "ledger.db")
    town.run()
    assert town.logged() == town.loggable()


def test_adopt_says_what_it_would_do_and_does_it_when_told_so(build: Build, capsys: Captured) -> None:
    town = build("salesforce")
    town.run()
    refreshed = another_org(build, town)
    assert run(refreshed, "sync") == 2
    assert "apten-crm ledger adopt" in capsys.readouterr().err
    assert run(refreshed, "ledger", "adopt") == 2
    said = capsys.readouterr()
    assert f"CRM:           {town.org.id} → {ANOTHER_ORG}" in said.out
    assert "as before" in said.out
    assert "apten-crm resync --since" in said.out
    assert "ledger adopt --yes" in said.err
    assert run(refreshed, "sync") == 2, "nothing was changed"
    assert run(refreshed, "ledger", "adopt", "--yes") == 0
    assert run(refreshed, "sync") == 0
    assert run(refreshed, "ledger", "adopt") == 0
    assert "already" in capsys.readouterr().out


def test_after_an_adoption_nothing_is_doubled_no_edit_is_lost_and_the_rest_is_logged_when_asked_for(
    build: Build, clock: FakeClock
) -> None:
    town = build("salesforce")
    town.run()
    refreshed = another_org(build, town)
    kept = town.loggable()[: len(town.loggable()) // 2]
    for call_id in kept:
        row = town.activity(call_id)
        held = {name: row[name] for name in ("Apten_Call_Id__c", "Subject", "Description", "Status")}
        refreshed.org.add("Task", **held)
    edit(refreshed, kept[0], "Subject", "Mine")
    assert run(refreshed, "ledger", "adopt", "--yes") == 0
    clock.advance(minutes=5)
    refreshed.run()
    clock.advance(hours=30)
    refreshed.run()
    assert len(refreshed.logged()) == len({*refreshed.logged()})
    assert refreshed.activity(kept[0])["Subject"] == "Mine"
    assert not set(kept) - set(refreshed.logged())
    refreshed.run(Period(BEGIN, END))
    assert not set(refreshed.loggable()) - set(refreshed.logged())
    assert len(refreshed.logged()) == len({*refreshed.logged()})
    assert refreshed.activity(kept[0])["Subject"] == "Mine"


def test_parked_calls_are_tried_in_the_new_org(build: Build, clock: FakeClock) -> None:
    town = build("salesforce")
    town.fill_the_bin(1)
    town.run()
    parked = set(town.loggable()) - set(town.logged())
    refreshed = another_org(build, town)
    assert run(refreshed, "ledger", "adopt", "--yes") == 0
    clock.advance(days=200)
    refreshed.run()
    assert parked
    assert not parked - set(refreshed.logged())


def test_a_ledger_whose_mapping_now_writes_elsewhere_can_be_adopted(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    town.run()
    town.mapping_path.write_text(town.mapping_path.read_text().replace("database/calls", "database/phone_calls"))
    assert run(town, "sync") == 2
    assert "apten-crm ledger adopt" in capsys.readouterr().err
    assert run(town, "ledger", "adopt", "--yes", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["was"]["targets"], told["will"]["targets"]) == (["calls.call_id"], ["phone_calls.call_id"])
    assert run(town, "sync") == 0


def test_no_adoption_while_a_run_is_under_way_and_none_of_nothing(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=10, leads=3)
    assert run(town, "ledger", "adopt", "--yes") == 0
    assert "No ledger yet" in capsys.readouterr().out
    assert not (town.folder / "ledger.db").exists()
    town.run()
    refreshed = another_org(build, town)
    with hold_lock(refreshed.config().ledger):
        assert run(refreshed, "ledger", "adopt", "--yes") == 3
    assert "another run is under way" in capsys.readouterr().err


def test_a_key_that_is_another_now_is_told(build: Build, capsys: Captured) -> None:
    town = build("salesforce", calls=10, leads=3)
    town.run()
    assert run(town, "ledger", "adopt") == 0
    assert "logged a second time" not in capsys.readouterr().out
    change(town.mapping_path, ("key: Apten_Call_Id__c", "key: Other_Call_Id__c"))
    assert run(town, "ledger", "adopt") == 2
    told = capsys.readouterr().out
    assert "Task.Apten_Call_Id__c is no key any more" in told
    assert "logged a second time" in told


def test_a_backup_of_nothing_is_none(build: Build, capsys: Captured) -> None:
    town = build("database", calls=10, leads=3)
    assert run(town, "ledger", "backup", str(town.folder / "copy.db")) == 2
    assert f"No ledger yet at {town.folder / 'ledger.db'}" in capsys.readouterr().out
    assert not (town.folder / "copy.db").exists()
