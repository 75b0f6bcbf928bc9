"""`person`: how the person is found whom the call was with, and what becomes of a call without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.crm_kinds import CLUES
from connector.mapping import source
from connector.mapping.codes.file import NOT_ALLOWED, NOT_IN_THIS_CRM, UNKNOWN_COUNTRY
from connector.mapping.problems import listed, suggestion
from connector.mapping.reading import section, text, word
from connector.mapping.shape import IF_UNLINKED, PERSON
from connector.model import Clue, IfUnlinked, PersonSearch
from connector.yaml_text import Sequence

if TYPE_CHECKING:
    from connector.crm_kinds import CrmKind
    from connector.mapping.problems import Problems
    from connector.mapping.reading import Section
    from connector.mapping.types import Run
    from connector.source_model import Call, Lead
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class People:
    """The checked `person` section; `clues` are in the mapping's order, each with how it is read.

    `parts` are what the fields take of the person, as in `PersonRef`. `broken`: a mistake in it has been reported, so
    that it cannot be told what records will be found.
    """

    clues: tuple[tuple[str, Run], ...]
    objects: tuple[str, ...]
    country: str | None
    if_none: IfUnlinked
    if_many: IfUnlinked
    parts: frozenset[str] = frozenset()
    broken: bool = False

    def search(self, call: Call, lead: Lead | None) -> PersonSearch:
        """How to find the person of this call."""
        clues = tuple(
            Clue(by, value) for by, run in self.clues if (value := source.canonical(run(call, lead))) is not None
        )
        return PersonSearch(clues, self.objects, self.country, self.if_none, self.if_many, self.parts)


def read_people(node: Node, crm: CrmKind | None, problems: Problems) -> People:
    """The `person` section; what is wrong in it is reported."""
    found = section(node, PERSON, problems, "person")
    objects = _objects(found, crm, problems)
    clues = _clues(found["by"][1], crm, problems) if "by" in found else []
    return People(
        tuple((path, source.SOURCES[path].plan.run) for path in dict.fromkeys(clues)),
        objects or (),
        _country(found, problems),
        _if_unlinked("if_none", found, problems),
        _if_unlinked("if_many", found, problems),
        broken=objects is None,
    )


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _clues(node: Node, crm: CrmKind | None, problems: Problems) -> list[str]:
    named = []
    for item in _items(node):
        written = text(item, problems, "a clue to the person")
        if written is None:
            continue
        if written not in CLUES:
            label = f"people are looked up by {listed(CLUES)}"
            problems.add(NOT_ALLOWED, item.place, label, suggestion(written, CLUES))
        elif crm is not None and written not in crm.clues:
            problems.add(NOT_IN_THIS_CRM, item.place, f"here a person is known by {listed(crm.clues)} alone")
        else:
            named.append(written)
    return named


def _objects(found: Section, crm: CrmKind | None, problems: Problems) -> tuple[str, ...] | None:
    """The objects that are searched; None, and reported, if one of them is none."""
    if "in" in found.empty:
        return None
    if "in" not in found:
        return crm.people if crm else ()
    key, node = found["in"]
    if crm is not None and not crm.people:
        problems.add(NOT_IN_THIS_CRM, key.place, "people are not looked for here", "leave this line out")
        return ()
    named = []
    for item in _items(node):
        allowed = crm.people if crm else ()
        name = word(item, allowed, problems, "in") if allowed else text(item, problems, "an object")
        if name is None:
            return None
        named.append(name)
    return tuple(dict.fromkeys(named))


def _country(found: Section, problems: Problems) -> str | None:
    """The country; None if none is named, and never None if one was meant to be."""
    if "phone_country" not in found:
        return "" if "phone_country" in found.empty else None
    # Imported where it is used: it brings the numbering plans of all countries along.
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415

    node = found["phone_country"][1]
    written = text(node, problems, "phone_country") or ""
    if not written or written in SUPPORTED_REGIONS:
        return written
    help_ = f"write {written.upper()}" if written.upper() in SUPPORTED_REGIONS else "write US, say"
    problems.add(UNKNOWN_COUNTRY, node.place, f'there is no country "{written}"', help_)
    return written


def _if_unlinked(name: str, found: Section, problems: Problems) -> IfUnlinked:
    written = word(found[name][1], IF_UNLINKED, problems, name) if name in found else None
    return IfUnlinked(written) if written else IfUnlinked.LOG
