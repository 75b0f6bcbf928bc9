from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import ConnectorError, LedgerError
from connector.ledger.location import ledger_path
from connector.ledger.opening import open_ledger, read_summary
from connector.model import ActivityState, CallState, LeadState, State
from tests.ledger.openings import NOW, TARGET, minutes, opened, ordinary_user, url_of

if TYPE_CHECKING:
    from connector.ledger.ledger import SqlLedger


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def refusal(path: Path) -> str:
    """What opening says, after making sure that it changed nothing."""
    before = path.read_bytes()
    with pytest.raises(LedgerError) as error:
        open_ledger(url_of(path), now=NOW, random_bytes=os.urandom)
    assert path.read_bytes() == before
    assert str(path) in str(error.value)
    assert error.value.done
    assert error.value.todo
    return str(error.value)


def test_makes_a_ledger_that_only_its_owner_may_read(ledger: SqlLedger, path: Path) -> None:
    ledger.save_calls([CallState("c")])
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}


def test_keeps_the_secret_it_was_made_with(path: Path) -> None:
    with opened(path) as ledger:
        secret = ledger.secret
    again = open_ledger(url_of(path), now=NOW + minutes(1), random_bytes=os.urandom)
    with closing(again):
        assert again.secret == secret == b"\x07" * 32
        assert again.mark("created") == NOW


def test_commits_wait_for_the_disk(ledger: SqlLedger) -> None:
    driver = ledger._session.driver
    assert driver.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert driver.execute("PRAGMA synchronous").fetchone() == (2,)


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()
    with opened(path) as ledger:
        ledger.save_calls([CallState("c")])


def test_refuses_a_file_that_is_no_database(path: Path) -> None:
    path.write_bytes(b"id,name\n" * 1000)
    assert "not a ledger at all" in refusal(path)


def test_refuses_a_database_that_is_no_ledger_and_leaves_it_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE meta (name, value)")
        other.execute("INSERT INTO meta VALUES ('version', 'two')")
        other.commit()
    assert "not a ledger" in refusal(path)


def test_refuses_a_ledger_that_lost_its_secret(path: Path) -> None:
    with opened(path) as ledger:
        ledger._remember("secret", None)
    with pytest.raises(LedgerError, match="damaged"), opened(path):
        pass


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of some pages, closed properly."""
    path = tmp_path_factory.mktemp("sound") / "ledger.db"
    with opened(path) as ledger:
        ledger.save_calls(CallState(f"call-{number:030}", "lead", NOW, NOW, NOW) for number in range(300))
        ledger.save_activities(
            ActivityState(f"call-{number:030}", TARGET, State.PARKED, reason="TOO_LONG", at=NOW)
            for number in range(300)
        )
        ledger.save_leads([LeadState("lead", NOW, NOW, NOW)])
        ledger.finish_run(ledger.start_run("sync", NOW), NOW, 0, {"written": 300})
    return path


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_refuses_a_ledger_cut_short(path: Path, sound: Path, share: float) -> None:
    content = sound.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    message = refusal(path)
    assert "damaged" in message
    assert "no call is doubled" in message


@given(place=st.integers(0, 99) | st.integers(0), junk=st.binary(min_size=1, max_size=64) | st.just(bytes(4096)))
@settings(max_examples=60, deadline=None)
def test_damage_never_ends_in_anything_but_an_error_of_ours(sound: Path, place: int, junk: bytes) -> None:
    content = sound.read_bytes()
    at = place % len(content)
    with TemporaryDirectory() as folder:
        use_damaged(Path(folder) / "ledger.db", (content[:at] + junk + content[at + len(junk) :])[: len(content)])


def use_damaged(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        with opened(path) as ledger:
            ledger.save_calls(list(ledger.due_calls(NOW)))
            ledger.activities(TARGET, [call.call_id for call in ledger.all_calls()])
            ledger.leads(["lead"])
            ledger.mark("created")
            ledger.save_activities([ActivityState("c", TARGET, State.WRITTEN)])
            ledger.start_run("sync", NOW)
        read_summary(url_of(path), now=NOW)
    except ConnectorError as error:
        assert error.todo  # noqa: PT017  # damage that hits nothing of weight rightly goes unnoticed


def test_refuses_a_ledger_it_may_only_read(room: Path) -> None:
    path = room / "ledger.db"
    with opened(path):
        pass
    path.chmod(0o444)
    room.chmod(0o777)
    with ordinary_user():
        assert "may not be opened or written by this user" in refusal(path)


def test_refuses_a_ledger_it_may_not_even_read(room: Path) -> None:
    path = room / "ledger.db"
    with opened(path):
        pass
    path.chmod(0o000)
    with ordinary_user():
        for attempt in (
            lambda: open_ledger(url_of(path), now=NOW, random_bytes=os.urandom),
            lambda: read_summary(url_of(path), now=NOW),
        ):
            with pytest.raises(LedgerError, match="may not be opened or written by this user"):
                attempt()


def test_refuses_a_folder_it_may_not_write_to(room: Path) -> None:
    with ordinary_user(), pytest.raises(LedgerError, match="may not be opened or written by this user"):
        open_ledger(url_of(room / "ledger.db"), now=NOW, random_bytes=os.urandom)


def test_names_a_folder_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "ledger.db"
    with pytest.raises(LedgerError, match="There is no folder") as error:
        open_ledger(url_of(path), now=NOW, random_bytes=os.urandom)
    assert str(path.parent) in str(error.value)
    assert not path.parent.exists()


def test_refuses_a_folder_in_the_ledger_s_place(tmp_path: Path) -> None:
    for attempt in (
        lambda: open_ledger(url_of(tmp_path), now=NOW, random_bytes=os.urandom),
        lambda: read_summary(url_of(tmp_path), now=NOW),
    ):
        with pytest.raises(LedgerError, match="is a folder"):
            attempt()


@pytest.mark.parametrize(
    "url",
    ["", "ledger.db", "sqlite://", "sqlite:///:memory:", "sqlite:///l.db?mode=ro", "postgresql://u:hush@db/ledger"],
)
def test_refuses_a_setting_that_names_no_file_without_showing_it(url: str) -> None:
    with pytest.raises(LedgerError) as error:
        ledger_path(url)
    assert "sqlite:///" in error.value.todo
    assert "hush" not in str(error.value)


def test_a_path_may_hold_anything(tmp_path: Path) -> None:
    path = tmp_path / "ä 100% #1?.db"
    with opened(Path(str(path).replace("%", "%25").replace("?", "%3F"))) as ledger:
        ledger.save_calls([CallState("c")])
        assert path.exists()


def test_takes_back_from_others_what_a_copy_gave_them(path: Path) -> None:
    with opened(path):
        pass
    left = [path, *(path.with_name(f"ledger.db{ending}") for ending in ("-wal", "-shm", ".lock", ".alert"))]
    for file in left:
        file.touch()
        file.chmod(0o664)
    with opened(path) as ledger:
        ledger.save_calls([CallState("c")])
        assert {stat.S_IMODE(file.stat().st_mode) for file in left} == {0o600}
