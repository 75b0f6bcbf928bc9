"""What is done with the ledger itself: its runs looked up, its health, a backup, another owner.

The ledger's adapter is imported where it is asked: it takes longer to import than any command that needs none of it.
"""

# ruff: noqa: PLC0415 -- see above

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from connector.admin_files import read_mapping
from connector.standing import Belonging
from connector.wiring import compile_for, make_crm, make_source

if TYPE_CHECKING:
    from pathlib import Path

    from connector.config import Config
    from connector.ports import Clock
    from connector.standing import Health, RunDetails, RunRecord


def last_runs(config: Config, *, most: int) -> list[RunRecord] | None:
    """The runs begun last, newest first; None if there is no ledger yet. Raises as all that only read the ledger.

    Raises:
        LedgerError: it cannot be read.
    """
    from connector.ledger.opening import read_last_runs

    return read_last_runs(config.ledger, most=most)


def run_details(config: Config, run_id: int) -> RunDetails | None:
    """One run with what failed in it; None if it is not known.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    from connector.ledger.opening import read_run

    return read_run(config.ledger, run_id)


def examine(config: Config) -> Health | None:
    """Read the whole ledger; None if there is none yet.

    Raises:
        LedgerError: it is damaged, not a ledger, made by another version, or not to be read by this user.
    """
    from connector.ledger.opening import examine_ledger

    return examine_ledger(config.ledger)


def ledger_file(config: Config) -> Path:
    """Where the ledger is, or would be."""
    from connector.ledger.location import ledger_path

    return ledger_path(config.ledger)


def back_up(config: Config, to: Path) -> bool:
    """Copy the ledger to a new file; False if there is no ledger yet. Raises as `backup_ledger`."""
    from connector.ledger.opening import backup_ledger

    return backup_ledger(config.ledger, to)


def belonging(config: Config) -> Belonging | None:
    """Whose the ledger is; None if there is none yet.

    Raises:
        LedgerError: it cannot be read.
    """
    from connector.ledger.opening import read_belonging

    return read_belonging(config.ledger)


def named_by(config: Config) -> Belonging:
    """Whom the config names: Apten's host, the org or database that answers, and what the mappings write to.

    Raises:
        SetupError: a mapping cannot be used, or the CRM refuses the login.
        RetryableError: the CRM did not answer.
    """
    mappings = [read_mapping(path) for path in config.crm.mapping_files]
    targets = frozenset(mapping.target.name for mapping in compile_for(config, mappings))
    with closing(make_crm(config, mappings)) as crm, closing(make_source(config)) as source:
        return Belonging(source.host, crm.identity(), targets)


def make_over(config: Config, to: Belonging, *, clock: Clock) -> None:
    """Make the ledger theirs: what it knew of activities is forgotten.

    Raises:
        AnotherRunError: a run holds the ledger.
        LedgerError, DiskFullError: nothing was changed.
    """
    from connector.ledger.lock import hold_lock
    from connector.ledger.opening import make_over_ledger

    with hold_lock(config.ledger, pause=clock.sleep):
        make_over_ledger(config.ledger, apten=to.apten or "", crm=to.crm or "", now=clock.now())
