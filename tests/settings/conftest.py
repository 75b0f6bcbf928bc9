"""A folder to put a config in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.keys import pem, rsa_key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.yaml").touch()
    key = tmp_path / "salesforce.key"
    key.write_text(pem(rsa_key()))
    key.chmod(0o600)
    return tmp_path
