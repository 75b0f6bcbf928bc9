from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ledger.openings import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector.ledger.ledger import SqlLedger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's ledger lives, or will."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    with opened(path) as ledger:
        yield ledger


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder that an ordinary user can reach, which pytest's own are not."""
    folder = Path("/tmp") / f"ledger-room-{os.getpid()}"  # noqa: S108  # needs a world-readable place
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
