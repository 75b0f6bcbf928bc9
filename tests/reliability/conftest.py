"""Towns to be shaken: those of the tests of `sync`."""

from tests.sync.conftest import build, clock, town

__all__ = ["build", "clock", "town"]
