"""Imports that leave out what a library brings along where it finds it, though nobody here uses it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@contextmanager
def without_rich() -> Iterator[None]:
    """Imports inside do not find rich, unless it is there already.

    httpx wants it for a command line, structlog for tracebacks; it takes longer to import than either, and a run that
    finds nothing to do consists of imports.
    """
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None means: not to be found
    if "rich" in modules:
        yield
        return
    modules["rich"] = None
    try:
        yield
    finally:
        del modules["rich"]
