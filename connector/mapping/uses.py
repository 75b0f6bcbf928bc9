"""What a mapping uses of its CRM: known from the file alone, for setting the CRM up and for looking it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.elaborate import elaborate
from connector.mapping.finds import finds
from connector.preparation import Use
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from connector.mapping.load import MappingFile
    from connector.model import Target


def use_of(mapping: MappingFile, target: Target) -> Use:
    """What a mapping without errors, which writes to `target`, uses of the CRM."""
    elaborated = elaborate(mapping, None)
    people = elaborated.people
    looked_at: dict[str, dict[str, None]] = {}
    for find in finds(mapping):
        looked_at.setdefault(find.lookup.object, {}).update((name, None) for name, _ in find.lookup.where)
    zone = mapping.root.get("timezone") if isinstance(mapping.root, Mapping) else None
    return Use(
        mapping.file.name,
        target,
        tuple(field.name for field in elaborated.fields),
        people=people.objects if people else (),
        clues=tuple(by for by, _ in people.clues) if people else (),
        accounts=people is not None and "account" in people.parts,
        finds={name: tuple(fields) for name, fields in looked_at.items()},
        time_zone=zone.text if isinstance(zone, Scalar) else None,
    )
