"""`make audit` tells apart: audited and well, vulnerable, and not audited, which never passes for well."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from docs.generate import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WELL = 'echo "No known vulnerabilities found" >&2'
VULNERABLE = 'echo "Found 1 known vulnerability in 1 package" >&2; echo "Name Version ID"; exit 1'
OUT_OF_REACH = 'echo "ERROR: Dependency not found on PyPI and could not be audited" >&2; exit 1'


def audit(folder: Path, *behaviours: str) -> subprocess.CompletedProcess[str]:
    """Runs the audit of one list of packages after another, on which pip-audit behaves so."""
    cases = "\n".join(f"*{number}.txt*) {behaviour} ;;" for number, behaviour in enumerate(behaviours))
    fake = folder / "pip-audit"
    fake.write_text(f'#!/bin/sh\ncase "$*" in *--strict*) ;; *) exit 0 ;; esac\ncase "$*" in\n{cases}\nesac\n')
    fake.chmod(0o700)
    lists = [f"{number}.txt" for number in range(len(behaviours))]
    command, environ = [str(ROOT / ".ci/audit"), *lists], {"PIP_AUDIT": str(fake), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603  # our own


@pytest.mark.parametrize(
    ("behaviours", "code", "says"),
    [
        ((WELL, WELL), 0, "1.txt: audited, no known vulnerabilities"),
        ((WELL, VULNERABLE), 1, "1.txt: KNOWN VULNERABILITIES\nName Version ID"),
        ((OUT_OF_REACH, WELL), 2, "0.txt: NOT AUDITED"),
        ((VULNERABLE, OUT_OF_REACH), 1, "1.txt: NOT AUDITED"),
    ],
)
def test_each_outcome_is_said_and_has_its_code(
    tmp_path: Path, behaviours: tuple[str, ...], code: int, says: str
) -> None:
    ended = audit(tmp_path, *behaviours)
    assert ended.returncode == code
    assert says in ended.stdout


def test_every_list_of_packages_is_audited_and_pinned() -> None:
    assert "requirements/*.txt" in (ROOT / "Makefile").read_text()
    for path in (ROOT / "requirements").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert lines
        assert [line for line in lines if "==" not in line] == []
