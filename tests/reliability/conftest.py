"""Towns to be shaken: those of the tests of `sync`."""

from tests.ledger.conftest import room
from tests.sync.conftest import build, clock, town

__all__ = ["build", "clock", "room", "town"]
