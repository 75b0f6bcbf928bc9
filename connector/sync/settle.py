"""When a call may be logged, and when to look at it again: pure rules of time.

Early looks count from the call's end by Apten's clock, so that a back-fill does not repeat them; the last look counts
from our own fetch, so that it always happens. The schedule and its reasons: docs/explanation/settling.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from connector.source_model import Call

IN_PROGRESS = frozenset({"IN_PROGRESS"})
FINAL = frozenset({"COMPLETE", "NO_ANSWER"})
QUIET_AFTER = timedelta(minutes=15)
"""A status we do not know counts as final once the record has not changed for this long."""
GIVE_UP_AFTER = timedelta(hours=4)
"""A call still in progress after this is logged as it is."""

SKEW = timedelta(minutes=5)
"""A stamp further ahead of Apten's own time than this is not believed."""

FURTHEST = timedelta(hours=25)
"""No look is put off for longer: one that seems to be was set by a clock that was wrong."""

LOOKED_FOR = timedelta(days=30)
"""How long after a call its person is looked for again."""

_RUNNING = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 600, 1200, 2400, 3600))
_EARLY = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 30, 60, 120, 360))
_SOONEST_SEARCH, _RAREST_SEARCH = timedelta(minutes=15), timedelta(days=1)
_GONE_FOR_GOOD = timedelta(days=7)
_LAST_INCOMPLETE = timedelta(hours=24)
_LAST_COMPLETE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Settling:
    """What the rules say of a call just fetched.

    `running`: not finished, to be held. `next_look`: how long from now until the next look, None when settled.
    `looks`: the number to remember.
    """

    running: bool
    next_look: timedelta | None
    looks: int


def settle(call: Call, *, now: datetime, looks: int, unchanged: bool) -> Settling:
    """Judge a call.

    Args:
        call: as just fetched.
        now: Apten's present time.
        looks: as remembered from the fetch before, 0 for the first.
        unchanged: the call is as it was at the fetch before.
    """
    if is_running(call, now):
        return Settling(running=True, next_look=_RUNNING[min(looks, len(_RUNNING) - 1)], looks=looks + 1)
    incomplete = lacking(call) is not None
    if incomplete and call.ended_at <= now + SKEW:
        age = max(timedelta(), now - call.ended_at)
        for offset in _EARLY:
            if age < offset:
                return Settling(running=False, next_look=offset - age, looks=0)
    if unchanged and looks:
        return Settling(running=False, next_look=None, looks=looks)
    return Settling(running=False, next_look=_LAST_INCOMPLETE if incomplete else _LAST_COMPLETE, looks=1)


def next_search(call: Call, now: datetime) -> timedelta | None:
    """How long to wait until the call's person is looked for again; None once that is given up.

    The older the call, the rarer: some 40 times in all.
    """
    if call.ended_at > now + SKEW:
        return _RAREST_SEARCH
    age = max(timedelta(), now - call.ended_at)
    if age > LOOKED_FOR:
        return None
    return min(max(age / 4, _SOONEST_SEARCH), _RAREST_SEARCH)


def next_ask(age: timedelta) -> timedelta | None:
    """How long to wait until a call or lead is asked for again that Apten has not had for so long; None in the end.

    A 404 may be a passing fault.
    """
    return None if age > _GONE_FOR_GOOD else min(max(age, _SOONEST_SEARCH), _RAREST_SEARCH)


def is_running(call: Call, now: datetime) -> bool:
    """Whether the call is still going on, as far as its status and stamps tell; one of the future tells nothing."""
    if call.call_status in FINAL:
        return False
    since, at_most = call.updated_at, QUIET_AFTER
    if call.call_status in IN_PROGRESS:
        since, at_most = call.created_at, GIVE_UP_AFTER
    return since <= now + SKEW and now - since < at_most


def lacking(call: Call) -> str | None:
    """What may still come of a call that can be logged: `without summary, without transcript`; None for nothing."""
    pending = "pending" in (call.transfer_answer_status, call.transfer_fallback_answer_status)
    spoken = call.duration_seconds > 0
    parts = {
        "its end": call.call_status in IN_PROGRESS,
        "summary": spoken and not call.summary,
        "transcript": spoken and not call.transcript,
        "the answer to a transfer": pending,
    }
    return ", ".join(["without " + part for part, lacks in parts.items() if lacks]) or None
