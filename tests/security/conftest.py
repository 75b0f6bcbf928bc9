import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.alert.receiver import Receiver, receiving
from tests.security.canaries import SECRETS, canary_town
from tests.town import Town


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def found(
    tmp_path: Path, receiver: Receiver, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Town]]:
    """Founds a town of canaries, in which nobody waits between attempts."""
    assert temporary.exists()
    truly = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: truly(min(seconds, 0.01)))
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    with ExitStack() as stack:

        def make(kind: str) -> Town:
            folder = tmp_path / "town"
            folder.mkdir()
            monkeypatch.chdir(folder)
            return stack.enter_context(canary_town(kind, folder, alert_url=receiver.url))

        yield make
