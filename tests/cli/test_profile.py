import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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


def test_a_page_that_cannot_be_written_is_told_after_the_run(
    build: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = build("database", calls=20, leads=5)
    assert run(town, "sync", "--profile", str(tmp_path)) == 2
    assert "The profile could not be written" in capsys.readouterr().err
    assert town.activities()


def test_without_the_package_nothing_is_done(
    build: Build, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    town = build("database", calls=20, leads=5)
    monkeypatch.setitem(sys.modules, "pyinstrument", None)
    assert run(town, "sync", "--profile", "profile.html") == 2
    assert "apten-crm-connector[profile]" in capsys.readouterr().err
    assert not town.apten.requests
