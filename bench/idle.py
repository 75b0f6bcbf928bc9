"""A sync that finds nothing new, right after one that logged 1,000 calls: what cron costs all day long.

The stand-ins answer at once. Processor time is that of the process, the start of Python included. What is imported is
measured by Python itself (`-X importtime`) in a run of its own; the times of packages are those of their own modules
alone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.world import Setting, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Options
    from bench.world import Place

TITLE = "Nothing changed"
CALLS = 1_000
_IMPORTED = re.compile(r"import time: +(\d+) \| +\d+ \| +([\w.]+)")
_SHOWN = 12


def measure(options: Options) -> Iterator[Figure]:
    """Idle runs with one CRM, then with the other."""
    settings = [Setting(CALLS, crm, latency=0.0) for crm in ("database", "salesforce")]
    for setting in settings:
        apten = Figure("requests to Apten", setting.crm, "requests", bar=1)
        crm = Figure("requests to the CRM", setting.crm, "requests", bar=0)
        cpu = Figure("processor time", setting.crm, "s", bar=0.5)
        with place(setting) as here:
            assert here.sync().ran.counts["created"] == CALLS
            for _ in range(2 * options.repeats):
                synced = here.sync()
                asked = synced.requests
                apten.add(asked[0])
                crm.add(asked[1])
                cpu.add(synced.ran.cpu, wall_s=synced.ran.wall, MiB=synced.ran.memory)
            # A database shows no requests.
            yield from (apten, *([crm] if crm.case == "salesforce" else []), cpu, _imports(here, setting.crm))


def _imports(here: Place, crm: str) -> Figure:
    log = here.installation.folder / "log"
    before = log.read_text(encoding="utf-8")
    here.sync(flags=("-X", "importtime"))
    spent: Counter[str] = Counter()
    for microseconds, module in _IMPORTED.findall(log.read_text(encoding="utf-8").removeprefix(before)):
        spent[module.partition(".")[0]] += int(microseconds)
    imports = Figure("imports", crm, "ms")
    most = {name: microseconds / 1e3 for name, microseconds in spent.most_common(_SHOWN)}
    imports.add(spent.total() / 1e3, **most)
    return imports
