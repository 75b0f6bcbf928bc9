"""`wait_for`: what may still come after a call has ended, and how long to wait for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.mapping import source
from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.codes.source import SOURCE_OUT_OF_PLACE
from connector.mapping.conditions.condition import ALWAYS
from connector.mapping.conditions.written import condition
from connector.mapping.problems import listed
from connector.mapping.reading import duration, is_empty, section
from connector.mapping.shape import WAIT
from connector.mapping.source import AWAITABLE
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from connector.mapping.conditions.condition import Holds
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.source_model import Call
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting for one thing: how to read it, how long at most after the call's end, and for which calls."""

    read: Run
    up_to: timedelta
    applies: Holds

    def until(self, call: Call) -> datetime | None:
        """Until when to wait; None if it is there, or not waited for: nothing more comes of a call of no length."""
        if not call.duration_seconds or self.read(call, None) is not None or not self.applies(call, None):
            return None
        return call.ended_at + self.up_to


def waits(node: Node, scope: Scope) -> tuple[Wait, ...]:
    """The `wait_for` section; what is wrong in it is reported."""
    if not isinstance(node, Mapping):
        scope.problems.add(WRONG_SHAPE, node.place, "wait_for is a map", "write wait_for: {summary: 30m}")
        return ()
    found = [_wait(key, value, scope) for key, value in node.pairs if not is_empty(key, value, scope.problems)]
    return tuple(wait for wait in found if wait is not None)


def _wait(key: Scalar, node: Node, scope: Scope) -> Wait | None:
    plan = scope.read(key.text, key.place)
    if plan is None:
        return None
    if key.text not in AWAITABLE:
        label = f"{key.text} does not come later than the call itself"
        scope.problems.add(SOURCE_OUT_OF_PLACE, key.place, label, f"wait for {listed(AWAITABLE)}")
        return None
    applies = ALWAYS
    if isinstance(node, Scalar):
        up_to = duration(node, scope.problems, f"how long to wait for {key.text}")
    else:
        found = section(node, WAIT, scope.problems, f"the wait for {key.text}", key)
        up_to = duration(found["up_to"][1], scope.problems, "up_to") if "up_to" in found else None
        if "when" in found:
            # Whether to wait is decided before the lead is asked for.
            applies = condition(found["when"][1], replace(scope, has_lead=False))
    return None if up_to is None else Wait(source.SOURCES[key.text].plan.run, up_to, applies.holds)
