"""Drift: what a mapping was written for, and the CRM no longer is, though the mapping still suits it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from connector.mapping.codes.crm import DRIFT
from connector.mapping.problems import Problems
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connector.crm_schema import FieldSchema, ObjectSchema
    from connector.diagnostics import Diagnostic, Place
    from connector.mapping.load import MappingFile
    from connector.yaml_text import Node

_HELP = "look whether the mapping still does what you want, then save the schema anew: apten-crm schema pull"


def drift(
    mapping: MappingFile, saved: ObjectSchema, live: ObjectSchema, known: Iterable[Diagnostic]
) -> tuple[Diagnostic, ...]:
    """Warnings for fields that the mapping uses and the CRM has narrowed since the schema was saved.

    `known` is what checking the mapping against `live` found: a field with an error there is wrong, not adrift (one
    that is gone, for instance).
    """
    if not isinstance(mapping.root, Mapping) or (saved.crm, saved.object) != (live.crm, live.object):
        return ()
    entries = _Entries(mapping.root)
    wrong = {entries.around(each.place) for each in known if each.is_error}
    problems = Problems()
    for written in _used(mapping.root):
        was, now = saved.fields.get(written.text), live.fields.get(written.text)
        if was is not None and now is not None and entries.around(written.place) not in wrong:
            for label in _narrowed(was, now):
                problems.add(DRIFT, written.place, label, _HELP)
    return problems.sorted()


def _used(root: Mapping) -> Iterator[Scalar]:
    """The key field, and the name of every field that is written."""
    key: Node | None = root.get("key")
    if isinstance(key, Mapping):
        key = key.get("field")
    if isinstance(key, Scalar):
        yield key
    yield from _names(root.get("fields"))


def _names(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Mapping):
        yield from (name for name, _ in node.pairs)


class _Entries:
    """The mapping cut into its top-level keys and its fields, each reaching up to the next."""

    def __init__(self, root: Mapping) -> None:
        self._starts = sorted(_at(name.place) for name in (*_names(root), *_names(root.get("fields"))))

    def around(self, place: Place) -> int:
        """Which of them a place lies in."""
        return bisect_right(self._starts, _at(place))


def _at(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _narrowed(was: FieldSchema, now: FieldSchema) -> Iterator[str]:
    """What the field no longer is or lets be done."""
    if was.type is not now.type:
        yield f"was {was.type} when the schema was saved, and is {now.type} now"
    if now.length is not None and (was.length is None or now.length < was.length):
        yield f"held {was.length or 'any number of'} characters when the schema was saved, and holds {now.length} now"
    if now.required and not was.required:
        yield "is required now, and was not when the schema was saved"
    kept = {one.value for one in now.values}
    lost = [one.value for one in was.values if one.value not in kept]
    if lost and now.values:
        yield f"no longer has the value{'s' if len(lost) > 1 else ''} {', '.join(lost)}"
    if now.restricted and not was.restricted:
        yield "takes no values but its own now, and took others when the schema was saved"
    if now.email and not was.email:
        yield "takes e-mail addresses only now, and took any text when the schema was saved"
    if was.updateable and not now.updateable:
        yield "could be updated when the schema was saved, and is set at creation only now"
