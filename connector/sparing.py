"""Imports that leave out what a library brings along where it finds it, though nobody here uses it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_FOR_TERMINALS = ("click", "rich")


@contextmanager
def without_terminals() -> Iterator[None]:
    """Imports inside find neither rich nor click, unless these are there already.

    httpx wants them for a command line, structlog for tracebacks; they take longer to import than either, and a run
    that finds nothing to do consists of imports.
    """
    modules: dict[str, ModuleType | None] = sys.modules  # type: ignore[assignment]  # None means: not to be found
    hidden = [name for name in _FOR_TERMINALS if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]
