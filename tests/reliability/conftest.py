"""Towns for reliability tests: those of the sync tests, to be hurt on purpose."""

from tests.sync.conftest import build, clock

__all__ = ["build", "clock"]
