import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from connector.cli.app import main
from tests.sync.conftest import build, clock, town
from tests.town import ENVIRON, Town

__all__ = ["build", "clock", "town"]


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that the stand-ins take."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def salesforce(build: Callable[..., Town]) -> Town:
    return build("salesforce")


@pytest.fixture
def old(salesforce: Town) -> Path:
    """An earlier version of that town's mapping, the same as the present one until a test changes either."""
    path = salesforce.folder / "old.yaml"
    shutil.copy(salesforce.mapping_path, path)
    return path


def run(town: Town, *arguments: str) -> int:
    """The exit code of a command in this town."""
    return main(["--config", str(town.config_path), *arguments])


def change(path: Path, *pairs: tuple[str, str]) -> None:
    """Replace what must be there in a file."""
    text = path.read_text()
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
