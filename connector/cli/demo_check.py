"""The demo's conscience: it fails where what it says is not so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from connector.errors import SetupError
from connector.sandbox.shelf import read_stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connector.sandbox.shelf import Row
    from connector.sandbox.world import World

_WAIT = timedelta(minutes=30)


def must(holds: bool, otherwise: str) -> None:
    """Go on only if it holds.

    Raises:
        SetupError: it does not.
    """
    if not holds:
        raise failure(otherwise)


def failure(what: str) -> SetupError:
    """The demo cannot go on."""
    return SetupError(
        f"The demo did not go as it should: {what}.",
        done="It was stopped; its files were kept.",
        todo="Install apten-crm-connector again. If that does not help, report this with all that stands above; it "
        "holds nothing but made-up calls.",
    )


@dataclass(frozen=True, slots=True)
class Fates:
    """How many calls were logged, and how many were not for which reason."""

    logged: int
    under_way: int
    awaited: int
    deleted: int


def fates(world: World, keys: Sequence[str], now: datetime) -> Fates:
    """What became of every call of the world, given the keys of all that was logged by now.

    Raises:
        SetupError: a call was logged twice, or is missing without reason, or is logged though it should not be.
    """
    must(len(keys) == len(set(keys)), "a call was logged twice")
    loggable = {call["id"]: call for call in world.loggable_calls()}
    must(loggable.keys() >= set(keys), "a call was logged that should not have been")
    missing = [call for call_id, call in loggable.items() if call_id not in set(keys)]
    must(all(_is_awaited(call, now) for call in missing), "a call was not logged")
    deleted = len(world.finished_calls()) - len(loggable)
    return Fates(len(keys), len(world.calls_in_progress()), len(missing), deleted)


def _is_awaited(call: Row, now: datetime) -> bool:
    """Whether the shipped mappings still wait for the call's summary."""
    ended = read_stamp(call["createdAt"]) + timedelta(seconds=call["durationSeconds"])
    return "summary" not in call and now - ended < _WAIT
