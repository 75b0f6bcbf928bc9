"""Several mappings in their order: one that takes every call leaves nothing to those behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.codes.file import NEVER_REACHED
from connector.mapping.elaborate import elaborate
from connector.mapping.problems import Problems
from connector.yaml_text import Mapping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.diagnostics import Diagnostic
    from connector.mapping.load import MappingFile
    from connector.model import Target


def never_reached(mappings: Sequence[MappingFile]) -> tuple[Diagnostic, ...]:
    """Warnings for mappings that no call gets to, since an earlier one with the same target takes them all."""
    takes_all: dict[Target, str] = {}
    problems = Problems()
    for mapping in mappings:
        elaborated = elaborate(mapping, None)
        target, root = elaborated.heading.target, mapping.root
        activity = root.get("activity") if isinstance(root, Mapping) else None
        if target is None or activity is None:
            continue
        if earlier := takes_all.get(target):
            label = f"{earlier} stands before it and takes every call, since it has no log_when"
            problems.add(NEVER_REACHED, activity.place, label, "let this one stand first in crm.mappings")
        if not elaborated.log_when:
            takes_all.setdefault(target, mapping.file.name)
    return problems.sorted()
