"""The `cut` option: what is done about a text that is too long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connector.mapping.codes.file import BAD_NUMBER, OPTION_OUT_OF_PLACE
from connector.mapping.codes.source import UNSUITABLE
from connector.mapping.codes.types import CUT_TOO_LATE, MARK_TOO_LONG
from connector.mapping.cutting import WIDEST, cut
from connector.mapping.reading import section, text, word
from connector.mapping.scalars import as_whole
from connector.mapping.shape import CUT, KEEP
from connector.mapping.types import BROKEN, Kind, Plan

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.mapping.values.slot import Slot
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class Cut:
    """How to cut. `limit` is the greatest length; None if neither the mapping nor a schema gives one."""

    limit: int | None
    keep_end: bool
    mark: str
    place: Place

    def applied(self, plan: Plan, scope: Scope) -> Plan:
        """The plan's text, cut; reported, if it is no text."""
        type_, limit = plan.type, self.limit
        if type_.kind is Kind.UNKNOWN or limit is None:
            return plan
        if type_.kind is not Kind.TEXT or type_.open:
            label = f"only texts can be cut; this is {Kind.RECORD if type_.open else type_.kind}"
            scope.problems.add(UNSUITABLE, self.place, label)
            return BROKEN
        if type_.longest is not None and type_.longest <= limit:
            return plan
        missing = type_.missing or limit < WIDEST
        shorter = replace(type_, missing=missing, longest=limit, values=(), closed=False, path=None)
        return Plan(shorter, self._run(plan.run, limit, scope))

    def _run(self, run: Run, limit: int, scope: Scope) -> Run:
        counted, keep_end, mark = scope.counted, self.keep_end, self.mark
        return lambda call, lead: (
            value
            if (value := run(call, lead)) is None or WIDEST * len(value) <= limit
            else cut(value, limit, counted, keep_end=keep_end, mark=mark) or None
        )


def read_cut(node: Node, slot: Slot, scope: Scope) -> Cut:
    """The `cut` section; what is wrong in it is reported."""
    if slot.restricted or slot.address is not None:
        whole = "values of its picklist" if slot.restricted else "e-mail addresses"
        label = f"{slot.name} takes whole {whole} only"
        scope.problems.add(OPTION_OUT_OF_PLACE, node.place, label, "leave cut: out")
    found = section(node, CUT, scope.problems, "cut")
    limit = slot.room
    if "to" in found and (to := _positive(found["to"][1], scope)) is not None:
        if limit is not None and to > limit:
            label = f"{slot.name} holds {limit:,}"
            scope.problems.add(CUT_TOO_LATE, found["to"][1].place, label, "leave to: out for the field's own length")
        limit = to if limit is None else min(to, limit)
    keep = word(found["keep"][1], KEEP, scope.problems, "keep") if "keep" in found else None
    mark = (text(found["mark"][1], scope.problems, "mark") if "mark" in found else None) or ""
    if mark and limit is not None and scope.length(mark) >= limit:
        scope.problems.add(MARK_TOO_LONG, found["mark"][1].place, f"the text may have {limit:,} characters in all")
    return Cut(limit, keep == "end", mark, node.place)


def _positive(node: Node, scope: Scope) -> int | None:
    written = text(node, scope.problems, "to")
    if written is None:
        return None
    number = as_whole(written)
    if number is None or number < 1:
        scope.problems.add(BAD_NUMBER, node.place, "the greatest length, in characters", "write to: 255, say")
        return None
    return number
