from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ledger.openings import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.ledger.ledger import SqlLedger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's ledger lives, or will."""
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    with opened(path) as ledger:
        yield ledger
