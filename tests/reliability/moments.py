"""Where a process is killed: each moment in the scene that has it, so that it is sure to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.reliability.scenes import back_fill, key_not_unique, nothing_yet, older_ledger, resync, sessions_end, updates

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reliability.scenes import Scene

BOTH = ("database", "salesforce")


@dataclass(frozen=True)
class Moment:
    """A moment of a run.

    Args:
        name: as `failpoints` tells it.
        scenes: in which it comes. The first is taken by `make check`, all of them by `make soak`.
        kinds: of the CRMs that have it.
        often: whether it comes three times and more.
    """

    name: str
    scenes: tuple[Callable[..., Scene], ...]
    kinds: tuple[str, ...] = BOTH
    often: bool = True


def _once(scene: Callable[..., Scene], *names: str, kinds: tuple[str, ...] = BOTH) -> list[Moment]:
    return [Moment(name, (scene,), kinds, often=False) for name in names]


def _often(*names: str, scenes: tuple[Callable[..., Scene], ...] = (back_fill, updates)) -> list[Moment]:
    return [Moment(name, scenes) for name in names]


MOMENTS = [
    *_once(nothing_yet, "ledger file made", "tables not committed", "tables committed"),
    *_often("table of the ledger made, not committed", scenes=(nothing_yet,)),
    *_once(nothing_yet, "CRM's table made", kinds=("database",)),
    *_once(back_fill, "lock taken", "owner not committed", "owner committed"),
    *_once(back_fill, "run row not committed", "run row committed"),
    *_once(back_fill, "schema answered"),
    *_often("scan page answered", "scan page not committed", "scan page committed", scenes=(back_fill,)),
    *_often(
        "leads page answered", "watermark moved, not committed", "leads page not committed", "leads page committed"
    ),
    *_often("events page answered", "events page collected", "listed lead collected", "call fetched"),
    *_often("rows of `call` not committed", "rows of `activity` not committed"),
    *_often("statement of the ledger not committed"),
    *_often("look-up answered", scenes=(updates, back_fill)),
    *_often("people found"),
    *_often("intent not committed", "intent committed", scenes=(back_fill, updates, resync)),
    *_often("write asked", "write answered", scenes=(updates, back_fill, resync)),
    Moment("write half sent", (back_fill, updates), ("salesforce",)),
    Moment("write taken, its answer not read", (updates, back_fill), ("salesforce",)),
    Moment("rows of the CRM not committed", (back_fill, updates), ("database",)),
    *_often("outcomes not committed", "outcomes committed", scenes=(updates, back_fill, resync)),
    *_once(back_fill, "mark committed", "run's end not committed", "run's end committed"),
    *_once(updates, "sweep chosen", "sweep not committed", "sweep committed", "rows of `attempt` not committed"),
    *_often("lead fetched", scenes=(updates,)),
    *_often("call picked by a resync", scenes=(resync,)),
    Moment("login asked", (sessions_end,), ("salesforce",)),
    Moment("login answered", (sessions_end,), ("salesforce",)),
    Moment("write half sent", (key_not_unique,), ("salesforce",)),
    Moment("write taken, its answer not read", (key_not_unique,), ("salesforce",)),
    *_often("page of the ledger copied", scenes=(older_ledger,)),
    *_once(older_ledger, "upgrade half done", "tables committed"),
]
