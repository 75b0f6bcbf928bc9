"""What to do about an error: a pure function, the only place where that is decided."""

from __future__ import annotations

from enum import StrEnum

from connector.errors import CallError, ConnectorError, RetryableError


class Verdict(StrEnum):
    """What happens next. `UNLINKED` is of a write that was about the person alone: the activity stays without."""

    AGAIN = "again"
    HALVE = "halve"
    PARK = "park"
    LEFT_OVER = "left over"
    UNLINKED = "unlinked"
    STOP = "stop"


def judge(error: ConnectorError, *, attempts_left: int, rows: int | None = None) -> Verdict:
    """The verdict on an error.

    Args:
        error: what went wrong.
        attempts_left: how often the request may still be sent in this run.
        rows: how many calls the request concerns; None for one that the run cannot go on without.
    """
    if isinstance(error, RetryableError):
        if attempts_left > 0:
            return Verdict.AGAIN
        return Verdict.STOP if rows is None else Verdict.LEFT_OVER
    if isinstance(error, CallError) and rows is not None:
        return Verdict.PARK if rows == 1 else Verdict.HALVE
    return Verdict.STOP
