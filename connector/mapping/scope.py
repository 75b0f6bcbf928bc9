"""What is known at a place in the mapping while it is read: time zone, labels, which values are there for sure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from connector.crm_schema import length_of
from connector.mapping import source
from connector.mapping.codes.source import SOURCE_OUT_OF_PLACE, UNKNOWN_SOURCE
from connector.mapping.conditions.condition import ANY_SOURCE
from connector.mapping.problems import did_you_mean
from connector.mapping.redaction import Redaction
from connector.mapping.types import Plan

if TYPE_CHECKING:
    from connector.crm_kinds import CrmKind
    from connector.crm_schema import Counted
    from connector.diagnostics import Place
    from connector.mapping.labels import Labels
    from connector.mapping.local_time import LocalTime
    from connector.mapping.person import People
    from connector.mapping.problems import Problems


@dataclass(frozen=True, slots=True)
class Scope:
    """Where reading stands. `present` are the sources that a condition around has found to be there.

    `people`: how the mapping says to find the person, None if it does not. `has_lead`: the lead is at hand at this
    place. `crm`: what the CRM can do, None if that is not known. `told`: false where the schema at hand is of another
    object than the mapping's. `reads` collects the names of what is read.
    """

    problems: Problems
    labels: Labels
    counted: Counted
    time: LocalTime | None = None
    redaction: Redaction = field(default_factory=Redaction)
    people: People | None = None
    crm: CrmKind | None = None
    has_lead: bool = True
    told: bool = True
    present: frozenset[str] = frozenset()
    reads: list[str] = field(default_factory=list)

    def length(self, text: str) -> int:
        """The text's length as the CRM counts it."""
        return length_of(text, self.counted)

    def knowing(self, present: frozenset[str]) -> Scope:
        """The scope where these sources are known to be there as well."""
        return replace(self, present=self.present | present) if present else self

    def read(self, path: str, place: Place) -> Plan | None:
        """How to read a source; None, and reported, if there is none by that name, or not at this place."""
        if path in source.PERSON_PARTS:
            self.problems.add(SOURCE_OUT_OF_PLACE, place, "the person is found after this is decided")
            return None
        if path.startswith("lead.") and not self.has_lead:
            self.problems.add(SOURCE_OUT_OF_PLACE, place, "this is decided by the call alone")
            return None
        found = source.find(path)
        if found is None:
            owner, name = ("a lead", path.removeprefix("lead.")) if path.startswith("lead.") else ("a call", path)
            self.problems.add(UNKNOWN_SOURCE, place, f'{owner} has no field "{name}"', self._meant(path))
            return None
        self.reads.append(path)
        plan = self.redaction.of(found.plan if self.time is None else self.time.of(found.plan))
        return plan if self.present.isdisjoint((path, ANY_SOURCE)) else Plan(plan.type.present(), plan.run)

    def _meant(self, path: str) -> str:
        if f"lead.{path}" in source.SOURCES:
            return f'did you mean "lead.{path}"?'
        if (part := f"{source.PERSON}.{path.rpartition('.')[2]}") in source.PERSON_PARTS:
            return f'did you mean "{part}"?'
        known = (*source.SOURCES, *source.PERSON_PARTS)
        begun = [one for one in known if one.lower().startswith(path.lower())]
        likely = f'did you mean "{begun[0]}"?' if len(begun) == 1 else did_you_mean(path, known)
        return likely or "write Apten's name for it, not the CRM's, such as direction or durationSeconds"
