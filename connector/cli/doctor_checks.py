"""What `doctor` looks at beside the CRM: Apten, its clock, the mappings, the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from connector.admin_files import read_mapping
from connector.cli.printing import counted
from connector.cli.uses import uses_of
from connector.config import Config
from connector.errors import ConnectorError
from connector.findings import Check, Finding, Level
from connector.mapping.check import check as check_mapping
from connector.mapping.load import MappingFile
from connector.ports import Clock, Crm
from connector.preparation import Use
from connector.wiring import check_ledger, knock_at_apten

_SKEW = timedelta(minutes=2)
_LIVE = "Look at them with: apten-crm check --live"


def apten_check(config: Config, clock: Clock) -> Check:
    """Whether Apten is there and takes the key, and whether its clock and ours agree."""

    def look() -> Iterator[Finding]:
        theirs = knock_at_apten(config, clock)
        yield Finding(Level.OK, "Apten", f"{config.apten.base_url} answers and takes the key.")
        if theirs is not None:
            yield _clock(theirs - clock.now())

    return Check("Apten", look)


def _clock(ahead: timedelta) -> Finding:
    about, seconds = "clock", round(abs(ahead.total_seconds()))
    if abs(ahead) <= _SKEW:
        return Finding(Level.OK, about, f"This computer's and Apten's are {seconds} s apart.")
    return Finding(
        Level.WARNING,
        about,
        f"This computer's clock is {seconds:,} s {'behind' if ahead > timedelta() else 'ahead of'} Apten's.",
        "Set it by NTP. How long a run waits for summaries and when it looks at calls again goes by it, and so does "
        "signing in with `auth: jwt`; which calls are found does not.",
    )


def readable_mappings(config: Config) -> Iterator[tuple[MappingFile, Use] | Finding]:
    """The mappings that can be read, each with what it uses, and what is wrong with the others."""
    for path in config.crm.mapping_files:
        try:
            mapping = read_mapping(path)
            yield mapping, uses_of(config, [mapping])[0]
        except ConnectorError as error:
            yield Finding(Level.PROBLEM, f"mapping {path}", error.happened, "Look at it with: apten-crm check")


def mapping_check(crm: Crm, mapping: MappingFile, use: Use) -> Check:
    """Whether a mapping suits the CRM as it is now."""
    about = f"mapping {use.mapping}"

    def look() -> Iterable[Finding]:
        found = check_mapping(mapping, crm.describe(use.target))
        errors = sum(each.is_error for each in found)
        level = Level.PROBLEM if errors else Level.WARNING if found else Level.OK
        told = f"{counted(errors, 'error')}, {counted(len(found) - errors, 'warning')}"
        if level is Level.OK:
            yield Finding(level, about, f"Suits {use.target.object} as it is now.")
        else:
            yield Finding(level, about, f"{told} against {use.target.object} as it is now.", _LIVE)

    return Check(about, look)


def ledger_check(config: Config, clock: Clock, crm: str | None) -> Check:
    """How the ledger stands, and whose it is; `crm` is the CRM's identity, where it is known."""
    return Check("ledger", lambda: check_ledger(config, clock, crm))
