"""Looks at a ledger from outside: they change nothing, whatever a run has left or does meanwhile."""

from __future__ import annotations

import os
import stat
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from connector.errors import LedgerError
from connector.ledger.opening import ask, copy_ledger, open_copy, read_summary
from connector.ledger.summary import summarize
from connector.model import CallState, LeadState
from tests.ledger.openings import NOW, opened, url_of
from tests.ledger.processes import kill_while, start

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger
    from connector.ledger.session import Session


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_summary_of_no_ledger_is_none_and_makes_none(tmp_path: Path) -> None:
    assert read_summary(url_of(tmp_path / "ledger.db"), now=NOW) is None
    assert read_summary(url_of(tmp_path / "nowhere" / "ledger.db"), now=NOW) is None
    assert names(tmp_path) == set()


def test_a_summary_leaves_no_file_behind(path: Path) -> None:
    with opened(path):
        pass
    before = path.read_bytes()
    assert read_summary(url_of(path), now=NOW) is not None
    assert names(path.parent) == {"ledger.db"}
    assert path.read_bytes() == before


def test_a_summary_sees_what_a_run_committed_and_nothing_else(ledger: SqlLedger, path: Path) -> None:
    with ledger.transaction():
        ledger.save_calls([CallState("committed")])
    with ledger.transaction():
        ledger.save_calls([CallState("not yet")])
        summary = read_summary(url_of(path), now=NOW)
    assert summary is not None
    assert summary.calls == 1


def test_what_may_wait_is_durable_with_the_next_transaction_and_not_before(ledger: SqlLedger, path: Path) -> None:
    def calls() -> int:
        summary = read_summary(url_of(path), now=NOW)
        assert summary is not None
        return summary.calls

    ledger.save_calls([CallState("c")])
    ledger.save_leads([LeadState("lead", NOW)])
    assert ledger.calls(["c"])
    assert calls() == 0
    ledger.set_mark("watermark", NOW)
    assert calls() == 1


def test_what_waits_outlives_a_transaction_that_fails(ledger: SqlLedger) -> None:
    ledger.save_calls([CallState("c")])
    with suppress(KeyboardInterrupt), ledger.transaction():
        ledger.save_calls([CallState("c", looks=1), CallState("d")])
        assert len(list(ledger.all_calls())) == 2
        raise KeyboardInterrupt
    assert list(ledger.all_calls()) == [CallState("c")]


def test_a_question_is_put_again_if_a_run_came_between(path: Path) -> None:
    with opened(path):
        pass
    answers: list[int] = []

    def question(session: Session) -> int:
        answers.append(summarize(session, NOW).calls)
        if len(answers) < 3:
            with opened(path) as run:
                run.save_calls([CallState(f"c{len(answers)}")])
        return answers[-1]

    assert ask(path, question) == 2
    assert answers[0] == 0


WRITE_AND_DIE = """
import os
from datetime import UTC, datetime
from connector.ledger.opening import open_ledger
from connector.model import CallState, LeadState
ledger = open_ledger({url!r}, now=datetime.now(UTC), random_bytes=os.urandom)
with ledger.transaction():
    ledger.save_calls([CallState("c")])
print("saved", flush=True)
os.read(0, 1)
"""


def lying(folder: Path) -> dict[str, tuple[bytes, int, int]]:
    """What lies in a folder: content, mode, and when it was written."""
    stats = {file: file.stat() for file in folder.iterdir()}
    return {file.name: (file.read_bytes(), stat_.st_mode, stat_.st_mtime_ns) for file, stat_ in stats.items()}


def test_what_a_killed_run_left_is_read_and_not_tidied_up(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with start(WRITE_AND_DIE.format(url=url_of(path))) as process:
        kill_while(process, lambda line: line == "saved")
    before = lying(path.parent)
    assert {"ledger.db", "ledger.db-wal", "ledger.db-shm"} <= before.keys()
    summary = read_summary(url_of(path), now=NOW)
    elsewhere = tmp_path_factory.mktemp("copy") / "copy.db"
    copy_ledger(url_of(path), elsewhere)
    assert lying(path.parent) == before
    assert summary is not None
    assert summary.calls == 1
    with opened(elsewhere) as copy:
        assert [call.call_id for call in copy.all_calls()] == ["c"]


def test_of_a_copy_it_is_the_ledger_that_is_named(path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    room = tmp_path_factory.mktemp("copy")
    with opened(path) as ledger:
        ledger.claim("crm", "one")
    with closing(open_copy(url_of(path), room, now=NOW, random_bytes=os.urandom)) as copy:
        with pytest.raises(LedgerError, match=str(path)):
            copy.claim("crm", "another")
        copy.save_calls([CallState("c")])
    with opened(path) as ledger:
        assert list(ledger.all_calls()) == []
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * (len(path.read_bytes()) - 4096))
    with pytest.raises(LedgerError, match=f"{path} is not as the last run left it"):
        open_copy(url_of(path), room, now=NOW, random_bytes=os.urandom)


def test_a_summary_of_what_is_no_ledger_says_so(path: Path) -> None:
    path.write_bytes(b"id,name\n" * 1000)
    with pytest.raises(LedgerError, match="not a ledger at all"):
        read_summary(url_of(path), now=NOW)


def test_a_copy_is_whole_while_a_run_writes_and_takes_changes_of_its_own(ledger: SqlLedger, path: Path) -> None:
    with ledger.transaction():
        ledger.save_calls([CallState("c")])
    copy = path.with_name("copy.db")
    with ledger.transaction():
        ledger.save_calls([CallState("not yet")])
        copy_ledger(url_of(path), copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with opened(copy) as throw_away:
        assert throw_away.secret == ledger.secret
        assert list(throw_away.all_calls()) == [CallState("c")]
        throw_away.save_calls([CallState("planned")])
    assert ledger.calls(["planned"]) == {}


def test_a_copy_of_no_ledger_is_none(tmp_path: Path) -> None:
    copy_ledger(url_of(tmp_path / "ledger.db"), tmp_path / "copy.db")
    assert names(tmp_path) == set()
