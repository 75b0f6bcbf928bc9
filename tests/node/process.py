"""Runs a script of this folder with Node.js and speaks to it in lines of JSON."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

if TYPE_CHECKING:
    from types import TracebackType

FOLDER = Path(__file__).parent
PROGRAMS = FOLDER / "salesforce"


def node_with(packages: Path) -> str:
    """Where Node.js is. Skips the test where it or what `packages` lists is not there."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    if not (packages / "node_modules" / ".ready").exists():
        pytest.skip("needs the packages of tests/node: make node")
    return node


class NodeProcess:
    """A script under way while the context is open. Skips the test where Node.js or its packages are not there."""

    def __init__(self, script: str) -> None:
        self._command = [node_with(PROGRAMS), str(PROGRAMS / script)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603  # a script of ours
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, question: object) -> Any:
        """The script's answer."""
        assert self._process.stdin
        assert self._process.stdout
        # Lone surrogates and control characters travel escaped.
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
