"""Where calls go: per target the mappings that may take a call; the first that lets it through takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.model import Draft, Skip
from connector.open_values import settled
from connector.sync import fingerprint
from connector.sync.link import of_person

if TYPE_CHECKING:
    from connector.crm_schema import ObjectSchema
    from connector.mapping.apply import Mapping
    from connector.model import Target, Value
    from connector.source_model import Call, Lead


@dataclass(slots=True)
class Route:
    """One target with its mappings.

    `scanned`: the ledger has been told of every record that the target held, or need not be. `complete`: of every one
    that it holds, so an unknown key is new.

    `tried` is a fingerprint of mappings and schema: a call that is parked fares no better while it stays the same.
    """

    target: Target
    schema: ObjectSchema
    mappings: tuple[Mapping, ...]
    scanned: bool = True
    complete: bool = False
    tried: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.tried = fingerprint.of_trial((mapping.fingerprint for mapping in self.mappings), self.schema)

    def apply(self, call: Call, lead: Lead | None) -> tuple[Mapping, Draft] | Skip:
        """The first mapping that lets the call through, with its draft; else the first one's reason to skip it."""
        reasons = []
        for mapping in self.mappings:
            made = mapping.apply(call, lead)
            if isinstance(made, Draft):
                return mapping, made
            reasons.append(made)
        return reasons[0]

    def left_alone(self, draft: Draft, *, overwrite: bool) -> frozenset[str]:
        """Fields that an update does not send: create-only by the CRM's rules, or by the mapping's unless overruled."""
        return self.schema.create_only if overwrite else self.schema.create_only | draft.on_create

    def linked_later(self, draft: Draft) -> frozenset[str]:
        """Fields that hold the person, or something of theirs, and can be filled after the record was created."""
        return of_person(draft) - self.schema.create_only

    def merges(self, draft: Draft) -> bool:
        """Whether an update has to look first what people have changed."""
        return not draft.unless_edited.isdisjoint(self.comparable(draft))

    def filled_once(self, draft: Draft) -> dict[str, Value]:
        """The fields that only a creation sends, by the mapping's rules."""
        once = draft.on_create - self.schema.create_only
        return {name: value for name, value in settled(draft).items() if name in once}

    def comparable(self, draft: Draft) -> dict[str, Value]:
        """The fields that an update sends: they decide whether a draft differs from what was written before."""
        left_alone = self.left_alone(draft, overwrite=False)
        return {name: value for name, value in settled(draft).items() if name not in left_alone}
