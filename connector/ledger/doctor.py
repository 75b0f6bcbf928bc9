"""What `doctor` looks at in a ledger, from outside: nothing is made, changed or kept locked."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import OldLedgerError, OtherTargetsError
from connector.findings import Finding, Level
from connector.ledger.failures import closed, locked_out
from connector.ledger.file_systems import refuse_network
from connector.ledger.location import beside, ledger_path
from connector.ledger.lock import MOUNTS, holder
from connector.ledger.opening import exists, read_belonging, read_summary
from connector.ledger.seal import check_seal
from connector.ledger.session import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from connector.standing import Belonging, Summary

_LONG_AGO = timedelta(days=1)
_LITTLE_ROOM = 200_000_000
"""Bytes. A ledger of 150,000 calls has some 60 MB, and as much again while it is written to."""


def ledger_findings(url: str, now: datetime, configured: Belonging) -> Iterable[Finding]:
    """Where the ledger is, whose, how it stands, who holds it, and how much room there is.

    Args:
        url: where it is.
        now: aware UTC.
        configured: whose it must be, as far as that is known.

    Raises:
        LedgerError: no run could use it.
    """
    path = ledger_path(url)
    if MOUNTS.exists():
        refuse_network(path, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    if not exists(path):
        yield _not_there(path)
    elif path.is_dir():
        raise closed(path)
    else:
        yield from _private(path)
        yield from _writable(path)
        check_seal(path)
        try:
            yield from _stands(path, read_belonging(url), read_summary(url, now=now), configured, now)
        except OldLedgerError:
            found = f"{path} was made by an earlier version; the next run brings it up to date."
            yield Finding(Level.OK, "ledger", found)
    yield from _lock(url)
    yield from _room(path)


def _not_there(path: Path) -> Finding:
    if path.parent.is_dir() and os.access(path.parent, os.W_OK | os.X_OK):
        return Finding(Level.OK, "ledger", f"There is none yet; the first run makes {path}.")
    found = f"There is none yet, and this user may not make {path}."
    return Finding(Level.PROBLEM, "ledger", found, "Give this user the right to write to its folder.")


def _private(path: Path) -> Iterator[Finding]:
    if path.stat().st_mode & OTHERS:
        found = f"Others than its owner may read {path} or write to it."
        todo = f"A run of its owner takes that back; or at once: chmod 600 {path}"
        yield Finding(Level.WARNING, "ledger: mode", found, todo)


def _writable(path: Path) -> Iterator[Finding]:
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        found = f"This user may not write to {path}, or not to its folder."
        yield Finding(
            Level.PROBLEM, "ledger: rights", found, "Give this user the right to write to both, or run as its owner."
        )


def _lock(url: str) -> Iterator[Finding]:
    path, about = ledger_path(url), "ledger: lock"
    lock = beside(path, ".lock")
    if lock.exists() and not os.access(lock, os.R_OK | os.W_OK):
        refusal = locked_out(lock)
        yield Finding(Level.PROBLEM, about, refusal.happened, refusal.todo)
        return
    held = holder(url)
    yield Finding(Level.OK, about, f"Held by {held}: a run is under way." if held else "No run holds it.")


def _whose(path: Path, made_for: Belonging, configured: Belonging) -> Iterator[Finding]:
    pairs = {"apten": (made_for.apten, configured.apten), "crm": (made_for.crm, configured.crm)}
    for name, (before, now) in pairs.items():
        if before and now and before != now:
            yield Finding(
                Level.PROBLEM,
                "ledger: owner",
                f"{path} was made for the {name} {before}, but {now} is configured now.",
                "Let the setting `ledger` name another file, or go back to the settings that it was made for. After a "
                "sandbox refresh or a move: `apten-crm ledger adopt`.",
            )
    if made_for.targets and configured.targets and made_for.targets.isdisjoint(configured.targets):
        refusal = OtherTargetsError(made_for.targets, configured.targets)
        yield Finding(Level.PROBLEM, "ledger: owner", refusal.happened, refusal.todo)


def _stands(
    path: Path, belongs_to: Belonging | None, summary: Summary | None, configured: Belonging, now: datetime
) -> Iterator[Finding]:
    if belongs_to is None or summary is None:
        yield Finding(Level.OK, "ledger", f"{path} is empty yet; the next run fills it.")
        return
    yield from _whose(path, belongs_to, configured)
    when = "%Y-%m-%d %H:%M UTC"
    last, about = summary.last_success, "ledger: last success"
    yield Finding(Level.OK, "ledger", f"{path} can be read: {summary.calls:,} calls.")
    todo = "Run `apten-crm sync`; where it should run by itself, look at its mail or log."
    if last is None:
        level = Level.WARNING if summary.last_run else Level.OK
        yield Finding(level, about, "No sync got to its end yet.", todo)
    elif now - last > _LONG_AGO:
        yield Finding(Level.WARNING, about, f"No sync got to its end since {last:{when}}.", todo)
    else:
        yield Finding(Level.OK, about, f"{last:{when}}.")
    if summary.parked:
        parked = sum(group.count for group in summary.parked)
        yield Finding(Level.WARNING, "ledger: parked calls", f"{parked:,} in all.", "Look: `apten-crm status`.")


def _room(path: Path) -> Iterator[Finding]:
    if path.parent.is_dir():
        free = shutil.disk_usage(path.parent).free
        level = Level.OK if free > _LITTLE_ROOM else Level.WARNING
        todo = "" if level is Level.OK else "Free some space: a run stops where the ledger cannot be written."
        yield Finding(level, "disk", f"{free / 1_000_000:,.0f} MB are free in {path.parent}.", todo)
