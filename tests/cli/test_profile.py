import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cli.profile import profiled
from connector.errors import SetupError
from tests.cli.conftest import run
from tests.town import Town

Build = Callable[..., Town]


def test_a_profiled_run_works_as_any_and_leaves_a_page_that_names_functions(
    build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = build("database", calls=20, leads=5)
    page = tmp_path / "profile.html"
    assert run(town, "sync", "--profile", str(page)) == 0
    assert "created" in capsys.readouterr().out
    assert "<html" in page.read_text().lower()
    assert "_start_gets" in page.read_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("missing/page.html", "cannot be written to"),
        ("folder.html", "cannot be written to"),
        ("q.db", "not named like one"),
    ],
)
def test_a_page_that_cannot_be_written_is_told_before_the_run(
    build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    town = build("database", calls=20, leads=5)
    file = tmp_path / name
    if name == "q.db":
        file.write_text("somebody's")
    elif name == "folder.html":
        file.mkdir()
    assert run(town, "sync", "--profile", str(file)) == 2
    assert told in capsys.readouterr().err
    assert not town.apten.requests
    assert name != "q.db" or file.read_text() == "somebody's"


@pytest.mark.parametrize("fails", [False, True])
def test_a_page_that_cannot_be_written_in_the_end_hides_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fails: bool
) -> None:
    page = tmp_path / "page.html"

    def run_while_the_page_is_lost() -> None:
        with profiled(page):
            page.unlink()
            page.mkdir()
            if fails:
                raise ValueError

    with pytest.raises(ValueError if fails else SetupError):
        run_while_the_page_is_lost()
    assert ("The profile could not be written" in capsys.readouterr().err) is fails


def test_without_the_package_nothing_is_done(
    build: Build, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("database", calls=20, leads=5)
    monkeypatch.setitem(sys.modules, "pyinstrument", None)
    assert run(town, "sync", "--profile", "profile.html") == 2
    assert "apten-crm-connector[profile]" in capsys.readouterr().err
    assert not town.apten.requests
