import pytest

from tests.sync.conftest import build, clock, town
from tests.town import ENVIRON

__all__ = ["build", "clock", "town"]


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys that the stand-ins take."""
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
