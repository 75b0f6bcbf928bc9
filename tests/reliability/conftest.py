"""Places for reliability tests: towns whose Apten has a clock and habits of its own."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.reliability.place import Place, settle_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    """Makes a place: `place("database", skew=timedelta(hours=1))`."""
    with ExitStack() as stack:
        yield lambda kind, **about: settle_place(stack, kind, tmp_path, **about)
