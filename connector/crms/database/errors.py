"""The one place where what a database or its driver says becomes an error of ours. Their words are not passed on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.crms.database.faults import Fault, fault_of
from connector.errors import (
    CredentialsError,
    CrmSetupError,
    RejectedError,
    RetryableError,
    RunError,
    UncertainWriteError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector.errors import ConnectorError

_MEANS = {
    Fault.TOO_LONG: "a text is longer than its column",
    Fault.NO_VALUE: "a column that must hold a value got none",
    Fault.NOT_UNIQUE: "another row holds the same value in a unique column",
    Fault.OUT_OF_RANGE: "a number does not fit its column",
    Fault.BAD_VALUE: "a value is not of its column's type",
    Fault.CONSTRAINT: "a constraint of the table does not let it pass",
}
_TODO = "Change what the mapping writes there, or the table, then run `apten-crm resync --parked`."
_COLUMN = re.compile(r"""(?:\bcolumn|failed:)\s+["'`]?(?:\w+\.)*(\w+)""", re.IGNORECASE)
_CONSTRAINT = re.compile(r"""\bconstraint (?:failed: |["'`])(\w+)(?:["'`]|$)""", re.IGNORECASE)


def meaning_of(code: str) -> tuple[str, str] | None:
    """What the code of a row's fault means, and what to do; None for any other."""
    found = next((means for fault, means in _MEANS.items() if fault.value == code), None)
    return None if found is None else (found, _TODO)


def of_failure(
    error: Exception, doing: str, *, committing: bool = False, columns: Collection[str] = (), call_id: str | None = None
) -> ConnectorError:
    """The error of ours for whatever SQLAlchemy or a driver raised.

    Args:
        error: what was raised.
        doing: what was being done, for the message.
        committing: whether the commit was under way, so that a lost line leaves the outcome open.
        columns: names of the table's columns; only such names are taken from a foreign message.
        call_id: the call whose row it was, if it was a single one.
    """
    fault = fault_of(error)
    if fault in _MEANS:
        return _rejected(fault, error, doing, columns, call_id)
    return _of_the_whole(fault, doing, committing=committing)


def _of_the_whole(fault: Fault, doing: str, *, committing: bool) -> ConnectorError:
    """The error of a fault that is no row's."""
    match fault:
        case Fault.LOCKED:
            return RetryableError(f"The database was busy with something else during {doing}.")
        case Fault.UNREACHABLE if committing:
            return UncertainWriteError(f"The line to the database broke at the end of {doing}; it may have happened.")
        case Fault.UNREACHABLE:
            return UnreachableError(f"The database could not be reached for {doing}.")
        case Fault.FULL:
            return RunError(
                f"The database has no room left for {doing}.",
                done="What was not yet written was rolled back.",
                todo="Free or add disk space; the next run goes on where this one stopped.",
            )
        case Fault.LOGIN:
            return CredentialsError(
                f"The database refused the login for {doing}.", todo="Check user and password in `crm.url`."
            )
    return CrmSetupError(
        f"The database refused {doing}: something is missing, or this user may not use it.",
        done="Nothing of it was written.",
        todo="Check that database, table and columns exist, and that the user may read, write and create them.",
    )


def _rejected(
    fault: Fault, error: Exception, doing: str, columns: Collection[str], call_id: str | None
) -> ConnectorError:
    orig = getattr(error, "orig", None)
    named = getattr(getattr(orig, "diag", None), "column_name", None) or next(iter(_COLUMN.findall(str(orig))), "")
    fields = (str(named),) if named in columns else ()
    where = f" (column {named})" if fields else _constraint(fault, orig)
    what = f"the activity of call {call_id}" if call_id else doing
    return RejectedError(
        f"The database did not take {what}{where}: {_MEANS[fault]} ({fault.value}).",
        code=fault.value,
        fields=fields,
        done="It was not written.",
        todo=_TODO,
    )


def _constraint(fault: Fault, orig: Exception | None) -> str:
    """The constraint's name, where it is to blame: the first line of what a driver says of one quotes no value."""
    if fault is not Fault.CONSTRAINT:
        return ""
    found = _CONSTRAINT.search(next(iter(str(orig).splitlines()), ""))
    named = getattr(getattr(orig, "diag", None), "constraint_name", None) or (found and found[1])
    return f" (constraint {named})" if named else ""
