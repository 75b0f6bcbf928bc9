"""Where the connector's processor time goes in a first sync of 1,000 calls, into each CRM.

Meters on functions (`bench/metered.py`) count the processor time of each thread by part; the innermost part counts.
What is imported before the run begins is left out: see "Nothing changed".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.world import Setting, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options

TITLE = "Processor time by part"
CALLS = 1_000


def measure(options: Options) -> Iterator[Figure]:
    """Both CRMs in turns."""
    settings = [Setting(CALLS, crm) for crm in ("database", "salesforce")]
    figures = {each: Figure("processor time", f"{CALLS:,} calls, {each.crm}", "ms a call") for each in settings}
    for _ in range(options.repeats):
        for setting, figure in figures.items():
            with place(setting) as here:
                file = here.installation.folder / "parts.json"
                ran = here.installation.run("sync", program=("bench.metered", str(file)))
                assert ran.exit_code == 0, here.installation.log_end()
                spent: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
            parts = {part: 1e3 * seconds / CALLS for part, seconds in spent.items()}
            figure.add(sum(parts.values()), **dict(sorted(parts.items(), key=lambda part: -part[1])))
    yield from figures.values()
