"""The demo's installations: what `init` writes, addressed to the stand-ins, and the real sync run on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.cli.demo_check import must
from connector.cli.init import Kind, starting_config
from connector.config import load_config
from connector.log import get_log
from connector.shipped import shipped
from connector.sync.run import run
from connector.sync.select import EverythingNew
from connector.wiring import make_rules, open_house

if TYPE_CHECKING:
    from pathlib import Path

    from connector.ports import Clock
    from connector.sandbox.salesforce.history import Write
    from connector.sandbox.together import Sandbox
    from connector.sync.run import Report


@dataclass(frozen=True, slots=True)
class Ran:
    """What a sync did: what it says of itself, and what the stand-ins saw of it."""

    report: Report
    apten_requests: int
    salesforce_requests: int
    writes: list[Write]

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.report.finished - self.report.started).total_seconds()


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a config and a mapping.

    Args:
        folder: where it is.
        kind: the CRM it logs to.
        box: the stand-ins it works with.
        clock: the time.
    """

    folder: Path
    kind: Kind
    box: Sandbox
    clock: Clock

    @property
    def mapping(self) -> Path:
        """The mapping, which may be changed."""
        return self.folder / "mappings" / f"{self.kind}.yaml"

    def write_files(self) -> None:
        """Write config, mapping and the CRM's schema."""
        self.mapping.parent.mkdir(parents=True)
        for name in (f"mappings/{self.kind}.yaml", f"mappings/{self.kind}.schema.yaml"):
            (self.folder / name).write_bytes(shipped(name).read_bytes())
        text = replaced(
            starting_config(self.kind, self.box.begin), r"(?<=^  base_url: )https://api\..*$", self.box.apten_url
        )
        if self.kind is Kind.SALESFORCE:
            text = replaced(text, r"^  # base_url: .*$", f"  base_url: {self.box.salesforce_url}")
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def sync(self) -> Ran:
        """What `apten-crm sync` does.

        Raises:
            ConnectorError: as `run`; or not everything went well.
        """
        keys = {
            "APTEN_API_KEY": self.box.API_KEY,
            "SALESFORCE_CONSUMER_KEY": self.box.CONSUMER_KEY,
            "SALESFORCE_CONSUMER_SECRET": self.box.CONSUMER_SECRET,
        }
        apten, salesforce = len(self.box.apten_server.requests), len(self.box.salesforce_server.requests)
        written = len(self.box.org.history)
        config = load_config(self.folder / "config.yaml", keys)
        with open_house(config, clock=self.clock, log=get_log()) as house:
            report = run(house, make_rules(config, self.clock), EverythingNew())
        must(report.exit_code == 0, f"a sync ended with exit code {report.exit_code}: {_told(report)}")
        return Ran(
            report,
            len(self.box.apten_server.requests) - apten,
            len(self.box.salesforce_server.requests) - salesforce,
            self.box.org.history[written:],
        )


def replaced(text: str, pattern: str, new: str) -> str:
    """The text with the one place that matches, line by line, replaced."""
    changed, places = re.subn(pattern, lambda _: new, text, flags=re.MULTILINE)
    must(places == 1, f"{pattern} stands at {places} places of a file that came with the program")
    return changed


def _told(report: Report) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(report.counts.items()) if count)
