"""A ledger is checked, copied and asked of its runs without being changed, a run under way or not."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from connector.errors import ConnectorError, DiskFullError, LedgerError
from connector.ledger.opening import backup_ledger, examine_ledger, read_last_runs, read_run, read_summary
from connector.model import ActivityState, CallState, Failure, State
from connector.standing import Belonging, FailureGroup, Health
from tests.ledger.openings import NEWEST, NOW, TARGET, leave_otherwise, minutes, opened, url_of
from tests.ledger.test_durability import commit, committed, files_at_most

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_sound_ledger_is_read_whole_also_while_a_run_is_under_way(path: Path) -> None:
    assert examine_ledger(url_of(path)) is None
    assert names(path.parent) == set()
    with opened(path) as ledger:
        commit(ledger, 0)
        ledger.claim("crm", "00D1")
        begun = ledger.start_run("sync", NOW)
        ledger.add_failures(begun, [Failure("c", TARGET, NOW, "X", "park", ("Subject",))])
        rows = {"activity": 20, "attempt": 1, "call": 20, "lead": 0, "meta": 5, "run": 1, "target": 1}
        expected = Health(NEWEST, NOW, Belonging(None, "00D1", frozenset({TARGET})), rows)
        assert examine_ledger(url_of(path)) == expected
    assert examine_ledger(url_of(path)) == expected
    assert names(path.parent) == {"ledger.db"}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE activity SET state = 'content'",
        "UPDATE call SET due_at = 'soon'",
        "UPDATE meta SET value = 'yesterday' WHERE name = 'mark created'",
        "UPDATE meta SET value = 'no hex' WHERE name = 'secret'",
        "DELETE FROM target",
        "UPDATE run SET counts = '{'",
    ],
)
def test_damage_to_a_single_value_is_noticed(path: Path, damage: str) -> None:
    with opened(path) as ledger:
        commit(ledger, 0)
        ledger.finish_run(ledger.start_run("sync", NOW), NOW, 0, {"written": 1})
    leave_otherwise(path, damage)
    with pytest.raises(LedgerError, match=r"ledger\.db is damaged"):
        examine_ledger(url_of(path))


def test_damage_to_the_file_is_noticed_and_no_backup_of_it_is_made(path: Path) -> None:
    with opened(path) as ledger:
        for number in range(20):
            commit(ledger, number)
    content = bytearray(path.read_bytes())
    content[8192:12288] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        examine_ledger(url_of(path))
    with pytest.raises(LedgerError, match=r"ledger\.db is not as the last run left it"):
        backup_ledger(url_of(path), path.with_name("copy.db"))
    assert names(path.parent) == {"ledger.db"}


def test_a_backup_taken_while_a_run_writes_is_a_ledger_of_its_own(path: Path) -> None:
    to = path.with_name("copy.db")
    with opened(path) as ledger:
        commit(ledger, 0)
        with ledger.transaction():
            ledger.save_calls([CallState("under way")])
            assert backup_ledger(url_of(path), to)
        commit(ledger, 1)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    with opened(to) as copy:
        assert committed(copy) == 1
        assert copy.secret == b"\x07" * 32
        commit(copy, 1)
    with opened(path) as ledger:
        assert committed_calls(ledger) == 41


def committed_calls(ledger: SqlLedger) -> int:
    return sum(1 for _ in ledger.all_calls())


def test_a_backup_overwrites_nothing(path: Path) -> None:
    with opened(path):
        pass
    to = path.with_name("copy.db")
    to.write_text("mine")
    with pytest.raises(LedgerError, match="is there already"):
        backup_ledger(url_of(path), to)
    assert to.read_text() == "mine"


def test_no_backup_of_nothing_and_none_to_nowhere(path: Path) -> None:
    to = path.with_name("copy.db")
    assert not backup_ledger(url_of(path), to)
    assert names(path.parent) == set()
    with opened(path):
        pass
    with pytest.raises(LedgerError, match="No backup can be written"):
        backup_ledger(url_of(path), path.parent / "missing" / "copy.db")


def test_a_full_disk_leaves_no_half_of_a_backup(path: Path) -> None:
    with opened(path) as ledger:
        for number in range(60):
            commit(ledger, number)
    before = path.read_bytes()
    with files_at_most(60_000), pytest.raises(DiskFullError) as error:
        backup_ledger(url_of(path), path.with_name("copy.db"))
    assert "copy.db" in str(error.value)
    assert names(path.parent) == {"ledger.db"}
    assert path.read_bytes() == before


def test_the_last_runs_and_what_failed_in_one(path: Path) -> None:
    assert read_last_runs(url_of(path), most=2) is None
    with opened(path) as ledger:
        for start in range(4):
            begun = ledger.start_run("sync", NOW + minutes(start))
            failed = [Failure(f"c{n}", TARGET, NOW, "TOO_LONG", "park", ("Subject",)) for n in range(7 * (start == 1))]
            ledger.add_failures(begun, [*failed, *([Failure("z", TARGET, NOW, "X", "left over")] if failed else [])])
            if start < 3:
                ledger.finish_run(begun, NOW + minutes(start + 0.5), start, {"written": start})
        found = read_last_runs(url_of(path), most=2)
    assert found is not None
    assert [(run.id, run.exit_code, run.counts) for run in found] == [(4, None, None), (3, 2, {"written": 2})]
    details = read_run(url_of(path), 2)
    assert details is not None
    assert details.failures == (
        FailureGroup("TOO_LONG", ("Subject",), "park", 7, ("c0", "c1", "c2", "c3", "c4")),
        FailureGroup("X", (), "left over", 1, ("z",)),
    )
    assert read_run(url_of(path), 9) is None


def test_all_of_it_refuses_what_only_newer_programs_know(path: Path) -> None:
    with opened(path):
        pass
    leave_otherwise(path, "UPDATE meta SET value = ? WHERE name = 'version'", str(NEWEST + 1))
    for ask in (examine_ledger, lambda url: read_last_runs(url, most=1), lambda url: read_summary(url, now=NOW)):
        with pytest.raises(ConnectorError, match="newer version"):
            ask(url_of(path))


def test_the_calls_of_a_record_and_the_failures_of_a_call(ledger: SqlLedger) -> None:
    ledger.save_activities(
        [ActivityState("a", TARGET, State.WRITTEN, "00T1"), ActivityState("b", TARGET, State.SKIPPED)]
    )
    assert ledger.calls_recorded_as("00T1") == ["a"]
    assert ledger.calls_recorded_as("00T2") == []
    failures = [Failure("a", TARGET, NOW, "X", "park", ("Subject", "Status")), Failure("a", TARGET, NOW, "Y", "park")]
    ledger.add_failures(ledger.start_run("sync", NOW), [*failures, Failure("b", TARGET, NOW, "Z", "park")])
    assert ledger.failures("a") == failures
