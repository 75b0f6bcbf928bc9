"""A hundred thousand calls, every twentieth request goes wrong, one process: memory stays flat, and all converges."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.scoreboard import HowMany

ROOT = Path(__file__).parents[2]
SHARE_OF_FAULTS = 0.05
GROWTH = 20
"""Megabytes by which the process may grow after the first tenth of the calls has been written."""
CONFIG = """\
apten: {{base_url: "{apten}", api_key: "${{APTEN_API_KEY}}"}}
crm:
  kind: salesforce
  mapping: salesforce.yaml
  auth: client_credentials
  domain: acme.my
  consumer_key: ${{SALESFORCE_CONSUMER_KEY}}
  consumer_secret: ${{SALESFORCE_CONSUMER_SECRET}}
  base_url: {salesforce}
ledger: sqlite:///ledger.db
sync: {{start: {start}}}
"""


@pytest.mark.survives("L poison and config", "one request in twenty fails")
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux alone")
def test_memory_stays_flat_and_all_converges_however_many_requests_fail(
    tmp_path: Path, number: HowMany, record_property: Callable[[str, object], None]
) -> None:
    calls = number(check=3_000, soak=100_000)
    stand_ins = [sys.executable, "-m", "tests.reliability.far_away", str(calls), str(SHARE_OF_FAULTS)]
    with subprocess.Popen(  # noqa: S603  # our own program
        stand_ins, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as served:
        assert served.stdout is not None
        where = json.loads(served.stdout.readline())
        told = sync_all(tmp_path, calls, where)
        left, _ = served.communicate("")
    found = json.loads(left)
    record_property("cases", found["faults"])
    used = told["megabytes"]
    record_property("told", f"{calls:,} calls, {min(used):.0f} to {max(used):.0f} MB of memory")
    assert found["missing"] == found["doubled"] == found["beyond"] == 0
    assert found["wanted"] > calls * 0.8
    assert found["faults"] > calls * SHARE_OF_FAULTS
    first, *later = told["megabytes"]
    assert later
    assert max(later) - first < GROWTH, told["megabytes"]


def sync_all(folder: Path, calls: int, where: dict[str, Any]) -> dict[str, Any]:
    """Sync in a process of its own until nothing is left; how that went."""
    for name in ("salesforce.yaml", "salesforce.schema.yaml"):
        text = shipped(f"mappings/{name}").read_text()
        # The processes' clock is the real one, so nothing may wait for a time to come.
        (folder / name).write_text(re.sub(r"^wait_for:.*$", "", text, flags=re.MULTILINE))
    (folder / "config.yaml").write_text(CONFIG.format(**where))
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "tests.reliability.long_run", str(folder / "config.yaml"), str(calls)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told
