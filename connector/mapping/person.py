"""`person`: by what the person is looked up whom the call was with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping import source
from connector.mapping.codes.file import NOT_ALLOWED
from connector.mapping.problems import did_you_mean, listed
from connector.mapping.reading import section, text, word
from connector.mapping.shape import PERSON
from connector.yaml_text import Sequence

if TYPE_CHECKING:
    from connector.mapping.problems import Problems
    from connector.mapping.types import Run
    from connector.yaml_text import Node

CLUES = ("lead.externalLeadId",)
"""What a person can be looked up by."""

_UNLINKED = ("log_unlinked",)


def clues(node: Node, problems: Problems) -> tuple[tuple[str, Run], ...]:
    """What to look the person up by, in the mapping's order, each with how it is read."""
    found = section(node, PERSON, problems, "person")
    for name in ("if_none", "if_many"):
        if name in found:
            word(found[name][1], _UNLINKED, problems, name)
    if "by" not in found:
        return ()
    by = found["by"][1]
    items = by.items if isinstance(by, Sequence) else (by,)
    named = [path for item in items if (path := _clue(item, problems))]
    return tuple((path, source.SOURCES[path].plan.run) for path in dict.fromkeys(named))


def _clue(node: Node, problems: Problems) -> str | None:
    written = text(node, problems, "a clue to the person")
    if written is None or written in CLUES:
        return written
    label = f"people are looked up by {listed(CLUES)}"
    problems.add(NOT_ALLOWED, node.place, label, did_you_mean(written, CLUES))
    return None
