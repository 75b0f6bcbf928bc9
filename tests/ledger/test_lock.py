from __future__ import annotations

import fcntl
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector.errors import AnotherRunError, LedgerError
from connector.ledger.file_systems import file_system
from connector.ledger.lock import hold_lock, holder
from tests.ledger.openings import ordinary_user, url_of
from tests.ledger.processes import kill_while, start

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD = """
import os
from connector.ledger.lock import hold_lock
with hold_lock({url!r}):
    print("held", flush=True)
    os.read(0, 1)
"""
FIGHT = """
from connector.errors import AnotherRunError
from connector.ledger.lock import hold_lock
won = lost = 0
while won < 100:
    try:
        with hold_lock({url!r}):
            with open({place!r}, "x"):
                pass
            os.remove({place!r})
            won += 1
    except AnotherRunError:
        lost += 1
print(won, lost)
"""


def test_a_second_run_learns_who_holds_it_since_when(path: Path) -> None:
    with start(HOLD.format(url=url_of(path))) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(AnotherRunError) as error, hold_lock(url_of(path)):
            pass
        assert f"process {process.pid} since 20" in str(error.value)
        assert str(path) in str(error.value)
        assert "Nothing was done" in str(error.value)


def test_a_killed_run_holds_nothing(path: Path) -> None:
    with start(HOLD.format(url=url_of(path))) as process:
        kill_while(process, lambda line: line == "held")
    with hold_lock(url_of(path)):
        assert path.with_name("ledger.db.lock").read_text() == str(os.getpid())


def test_a_run_that_has_only_just_taken_the_lock_gets_a_moment_to_say_who_it_is(path: Path) -> None:
    file = path.with_name("ledger.db.lock")
    with file.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def says_who(_seconds: float) -> None:
            file.write_text("4711")

        with pytest.raises(AnotherRunError, match="process 4711 since"), hold_lock(url_of(path), pause=says_who):
            pass


def test_whoever_lets_go_takes_their_name_along(path: Path) -> None:
    with hold_lock(url_of(path)):
        pass
    assert path.with_name("ledger.db.lock").read_text() == ""


def test_two_ways_to_a_ledger_meet_at_one_lock(path: Path) -> None:
    other = path.with_name("alias.db")
    other.symlink_to(path)
    with hold_lock(url_of(path)), pytest.raises(AnotherRunError), hold_lock(url_of(other)):
        pass


def test_let_go_it_is_free_again(path: Path) -> None:
    for _ in range(2):
        with hold_lock(url_of(path)):
            pass


def test_of_fighting_processes_one_at_a_time_wins(path: Path) -> None:
    code = "import os" + FIGHT.format(url=url_of(path), place=str(path.with_name("place")))
    with start(code) as one, start(code) as two:
        assert (one.wait(), two.wait()) == (0, 0)


LOOK = """
from connector.ledger.lock import holder
print("looking", flush=True)
while True:
    holder({url!r})
"""


def test_who_only_looks_keeps_no_run_from_beginning(path: Path) -> None:
    with hold_lock(url_of(path)):
        pass
    with start(LOOK.format(url=url_of(path))) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "looking\n"
        for _ in range(300):
            with hold_lock(url_of(path)):
                pass
        assert process.poll() is None


def test_where_somebody_looks_still_only_one_run_begins(path: Path) -> None:
    code = "import os" + FIGHT.format(url=url_of(path), place=str(path.with_name("place")))
    with hold_lock(url_of(path)):
        pass
    with start(LOOK.format(url=url_of(path))), start(code) as one, start(code) as two:
        assert (one.wait(), two.wait()) == (0, 0)


def test_makes_a_lock_that_only_its_owner_may_open(path: Path) -> None:
    with hold_lock(url_of(path)):
        assert stat.S_IMODE(path.with_name("ledger.db.lock").stat().st_mode) == 0o600
        assert not path.exists()


def test_names_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="There is no folder"), hold_lock(url_of(tmp_path / "nowhere" / "ledger.db")):
        pass


def test_says_when_it_may_not_make_the_lock(room: Path) -> None:
    with (
        ordinary_user(),
        pytest.raises(LedgerError, match="may not be opened or written by this user"),
        hold_lock(url_of(room / "ledger.db")),
    ):
        pass


def test_names_the_lock_that_another_users_run_left(room: Path) -> None:
    """As when somebody has run it as root once."""
    lock = room / "ledger.db.lock"
    lock.touch(0o600)
    room.chmod(0o777)
    for look in (hold_lock(url_of(room / "ledger.db")), finding_out(room / "ledger.db")):
        with ordinary_user(), pytest.raises(LedgerError) as error, look:
            pass
        assert str(lock) in error.value.happened
        assert "a run of another user made it" in error.value.happened


@contextmanager
def finding_out(path: Path) -> Iterator[None]:
    holder(url_of(path))
    yield


def test_refuses_a_network_file_system_and_makes_no_file_there(path: Path) -> None:
    mounts = path.with_name("mounts")
    mounts.write_text(f"server:/export {path.parent} nfs4 rw 0 0\n")
    with pytest.raises(LedgerError, match=r"network file system \(nfs4\)") as error, hold_lock(url_of(path), mounts):
        pass
    assert "local disk" in error.value.todo
    assert {file.name for file in path.parent.iterdir()} == {"mounts"}


MOUNTS = r"""
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs rw 0 0
/dev/sdb1 /home/local\040disk xfs rw 0 0
tmpfs /mnt tmpfs rw 0 0
//nas/share /mnt cifs rw 0 0
user@host: /srv/far fuse.sshfs rw 0 0
strange
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/var/lib/ledger.db", "ext4"),
        ("/home/ann/ledger.db", "nfs"),
        ("/homework/ledger.db", "ext4"),
        ("/home/local disk/ledger.db", "xfs"),
        ("/mnt/ledger.db", "cifs"),
        ("/srv/far/away/ledger.db", "fuse.sshfs"),
    ],
)
def test_the_innermost_and_latest_mount_tells_the_file_system(place: str, kind: str) -> None:
    assert file_system(Path(place), MOUNTS) == kind


def test_no_list_of_mounts_tells_nothing(path: Path) -> None:
    assert file_system(path, "") is None
    with hold_lock(url_of(path), path.with_name("no such file")):
        pass
