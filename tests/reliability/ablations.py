"""Tests of the tests: takes each safeguard away in turn, in a copy of the tree, and sees to it that tests turn red.

`make ablations`, or `python -m tests.reliability.ablations [WORD…]` for the safeguards whose names hold a word.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.reliability.safeguards.every import SAFEGUARDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.reliability.safeguards.safeguard import Safeguard

ROOT = Path(__file__).parent.parent.parent
_NEEDED = ("connector", "tests", "docs", "mappings", "pyproject.toml", "README.md", "config.example.yaml")
_PATIENCE = 60.0
"""Seconds; a run that goes round in a circle is as good as one that fails."""
_GREEN, _RED = 0, 1
"""pytest's exit codes for tests that passed, and for tests that failed; all others are no verdict."""


def main(words: Sequence[str]) -> int:
    """Try the safeguards named, or all; 0 if each was missed by each of its tests."""
    wanted = [each for group in SAFEGUARDS.values() for each in group if _is_meant(each, words)]
    with TemporaryDirectory() as folder:
        tree = Path(folder)
        _copy(tree)
        if _outcome(tree, sorted({test for each in wanted for test in each.tests})) != _GREEN:
            _say("Tests fail with all safeguards in place: that nothing is shown by their failing without.")
            return 1
        stayed = [each for each in wanted if not _is_missed(each, tree)]
    _say(f"{len(wanted) - len(stayed)} of {len(wanted)} safeguards are missed when they are gone.")
    return 1 if stayed else 0


def _is_missed(each: Safeguard, tree: Path) -> bool:
    """Whether every one of its tests turns red without it; told."""
    before = {path: path.read_text(encoding="utf-8") for path in {edit.within(tree) for edit in each.edits}}
    begin = time.monotonic()
    try:
        for edit in each.edits:
            path = edit.within(tree)
            path.write_text(edit.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        green = [test for test in each.tests if _outcome(tree, [test], _PATIENCE) != _RED]
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")
    verdict = "STILL GREEN" if green else "red"
    _say(f"{verdict:12} {time.monotonic() - begin:5.0f} s  {each.name}", *(f"             {test}" for test in green))
    return not green


def _outcome(tree: Path, tests: Sequence[str], patience: float | None = None) -> int:
    """How the tests end in that tree, as pytest's exit code."""
    # The package is installed from the checkout; in processes that tests start, too, the copy goes first.
    environ = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", *tests]
    try:
        done = subprocess.run(  # noqa: S603  # pytest on tests of ours
            command, cwd=tree, env=environ, capture_output=True, text=True, timeout=patience, check=False
        )
    except subprocess.TimeoutExpired:
        return _RED
    if os.environ.get("ABLATIONS_SAY_WHY") or done.returncode not in {_GREEN, _RED}:
        _say(*[line for line in done.stdout.splitlines() if line.startswith(("E  ", "FAILED", "ERROR"))][:12])
    return done.returncode


def _copy(tree: Path) -> None:
    """All that the tests need, but for what is made anew anyway."""
    for name in _NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(ROOT / name, tree / name)


def _is_meant(each: Safeguard, words: Iterable[str]) -> bool:
    return not words or any(word in each.name for word in words)


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201  # a program's result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
