"""Where dates and times of day are meant: one zone for all calls, or the one that a source of each call names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connector.mapping.codes.source import UNSUITABLE
from connector.mapping.reading import section, text, zone
from connector.mapping.shape import ZONE
from connector.mapping.types import Kind, Plan
from connector.mapping.zones import places
from connector.yaml_text import Mapping

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from connector.diagnostics import Place
    from connector.mapping.problems import Problems
    from connector.mapping.types import Run
    from connector.source_model import Call, Lead
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Local time in `zone`; or, with `name`, in the zone that this source names for the call, if it names one.

    In the second case sources are read in local time already, since what is made of them sees no call.
    """

    zone: ZoneInfo
    name: Run | None = None

    def local(self, at: datetime) -> datetime:
        """The point in time as clocks show it there."""
        return at.astimezone(self.zone) if self.name is None else at

    def of(self, plan: Plan) -> Plan:
        """The source as it is to be read."""
        name, otherwise, run = self.name, self.zone, plan.run
        if name is None or plan.type.kind is not Kind.DATETIME:
            return plan

        def localized(call: Call, lead: Lead | None) -> datetime | None:
            at: datetime | None = run(call, lead)
            return None if at is None else at.astimezone(_zone(name(call, lead)) or otherwise)

        return Plan(plan.type, localized)


def read_local_time(node: Node, source: Callable[[str, Place], Plan | None], problems: Problems) -> LocalTime:
    """A time zone's name, or `{from: …, default: …}`; what is wrong about it is reported. `source` reads a source."""
    if not isinstance(node, Mapping):
        return LocalTime(zone(node, problems))
    found = section(node, ZONE, problems, "timezone")
    otherwise = zone(found["default"][1], problems) if "default" in found else ZoneInfo("UTC")
    named = found["from"][1] if "from" in found else None
    path = None if named is None else text(named, problems, "from")
    plan = None if named is None or path is None else source(path, named.place)
    if named is None or plan is None:
        return LocalTime(otherwise)
    if plan.type.kind is not Kind.TEXT or plan.type.closed:
        problems.add(UNSUITABLE, named.place, f"{path} does not hold the name of a time zone")
    return LocalTime(otherwise, plan.run)


@lru_cache(maxsize=1_000)
def _zone(name: str | None) -> ZoneInfo | None:
    """The zone of this name; None if there is none."""
    return ZoneInfo(found) if name and (found := name.strip()) in places() else None
