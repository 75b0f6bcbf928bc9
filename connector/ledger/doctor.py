"""What `doctor` looks at in a ledger, from outside: nothing is made, changed or kept locked."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from connector.findings import Finding, Level
from connector.ledger import queries
from connector.ledger.file_systems import refuse_network
from connector.ledger.location import ledger_path
from connector.ledger.lock import MOUNTS, holder
from connector.ledger.opening import ask, read_summary
from connector.ledger.session import OTHERS
from connector.ledger.tables import meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from connector.standing import Summary

_LONG_AGO = timedelta(days=1)
_LITTLE_ROOM = 200_000_000
"""Bytes. A ledger of 150,000 calls has some 60 MB, and as much again while it is written to."""


def ledger_findings(url: str, now: datetime, owners: Mapping[str, str]) -> Iterable[Finding]:
    """Where the ledger is, whose, how it stands, who holds it, and how much room there is.

    Args:
        url: where it is.
        now: aware UTC.
        owners: whose it must be, by the names under which runs claim it.

    Raises:
        LedgerError: no run could use it.
    """
    path = ledger_path(url)
    if MOUNTS.exists():
        refuse_network(path, MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    if not path.exists():
        yield _not_there(path)
    else:
        yield from _private(path)
        yield from _whose(path, owners)
        summary = read_summary(url, now=now)
        if summary is None:
            found = f"{path} was made by an earlier version; the next run brings it up to date."
            yield Finding(Level.OK, "ledger", found)
        else:
            yield from _stands(path, summary, now)
        held = holder(url)
        yield Finding(Level.OK, "ledger: lock", f"Held by {held}: a run is under way." if held else "No run holds it.")
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


def _whose(path: Path, owners: Mapping[str, str]) -> Iterator[Finding]:
    query = select(meta).where(meta.c.name.in_([queries.owner(name) for name in owners]))
    rows = ask(path, lambda session: session.rows(query)) or ()
    known = {row["name"]: row["value"] for row in rows}
    for name, owner in owners.items():
        made_for = known.get(queries.owner(name), owner)
        if made_for != owner:
            yield Finding(
                Level.PROBLEM,
                "ledger: owner",
                f"{path} was made for the {name} {made_for}, but {owner} is configured now.",
                "Let the setting `ledger` name another file, or go back to the settings that it was made for. After a "
                "sandbox refresh or a move: `apten-crm ledger adopt`.",
            )


def _stands(path: Path, summary: Summary, now: datetime) -> Iterator[Finding]:
    when = "%Y-%m-%d %H:%M UTC"
    last, about = summary.last_success, "ledger: last success"
    yield Finding(Level.OK, "ledger", f"{path} can be read: {summary.calls:,} calls.")
    todo = "Run `apten-crm sync`; where it should run by itself, look at its mail or log."
    if last is None:
        level = Level.WARNING if summary.last_run else Level.OK
        yield Finding(level, about, "No run got to its end yet.", todo)
    elif now - last > _LONG_AGO:
        yield Finding(Level.WARNING, about, f"No run got to its end since {last:{when}}.", todo)
    else:
        yield Finding(Level.OK, about, f"{last:{when}}.")
    if summary.parked:
        parked = sum(group.count for group in summary.parked)
        yield Finding(
            Level.WARNING, "ledger: parked calls", f"{parked:,} calls are parked.", "Look: `apten-crm status`."
        )


def _room(path: Path) -> Iterator[Finding]:
    if path.parent.is_dir():
        free = shutil.disk_usage(path.parent).free
        level = Level.OK if free > _LITTLE_ROOM else Level.WARNING
        todo = "" if level is Level.OK else "Free some space: a run stops where the ledger cannot be written."
        yield Finding(level, "disk", f"{free / 1_000_000:,.0f} MB are free in {path.parent}.", todo)
