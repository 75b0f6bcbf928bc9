"""What a mapping says to `find`, to be asked of the CRM before any call is: `check --live`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.mapping.codes.crm import CANNOT_FIND, FINDS_NOT_ONE
from connector.mapping.source import canonical
from connector.model import Lookup
from connector.yaml_text import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Several

    from connector.diagnostics import Diagnostic, Place
    from connector.mapping.load import MappingFile
    from connector.yaml_text import Node


@dataclass(frozen=True, slots=True)
class Find:
    """One `find` of a mapping.

    `lookup` is what it asks for; a value that depends on the call is empty in it, and finds nothing. `fixed`: it asks
    for the same on every call.
    """

    place: Place
    lookup: Lookup
    fixed: bool


def finds(mapping: MappingFile) -> tuple[Find, ...]:
    """Every `find` of the mapping, in its order."""
    fields = mapping.root.get("fields") if isinstance(mapping.root, Mapping) else None
    return tuple(_in_fields(fields)) if isinstance(fields, Mapping) else ()


def amiss(find: Find, found: Several[str]) -> Diagnostic | None:
    """What is wrong about what was found; nothing, where it depends on the call."""
    if not find.fixed or len(found) == 1:
        return None
    what = f"{'several records' if found else 'no record'} of {find.lookup.object}"
    fits = "fit what `where` says" if found else "fits what `where` says"
    return FINDS_NOT_ONE.at(find.place, f"{what} {fits}", "on every call this counts as missing")


def refused(find: Find, why: str) -> Diagnostic:
    """The CRM cannot be asked for it at all."""
    return CANNOT_FIND.at(find.place, why)


def _in_fields(fields: Mapping) -> Iterator[Find]:
    for _, written in fields.pairs:
        yield from _inside(written)


def _inside(node: Node) -> Iterator[Find]:
    if isinstance(node, Mapping):
        object_, where = node.get("find"), node.get("where")
        if isinstance(object_, Scalar) and isinstance(where, Mapping):
            held = [(key.text, value.text if isinstance(value, Scalar) else None) for key, value in where.pairs]
            wanted = tuple(sorted((name, canonical(text) or "") for name, text in held))
            yield Find(object_.place, Lookup(object_.text, wanted), all(text is not None for _, text in held))
        for _, value in node.pairs:
            yield from _inside(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _inside(item)
