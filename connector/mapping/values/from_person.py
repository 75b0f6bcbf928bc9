"""The form `{from: person}`: something of the person, which stays open until the person is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.mapping.codes.file import NOT_IN_THIS_CRM, OPTION_OUT_OF_PLACE
from connector.mapping.codes.source import NO_PERSON
from connector.mapping.source import PERSON, part_of_person
from connector.mapping.types import BROKEN, Kind, Plan, Type, constant, one_of
from connector.mapping.values.fit import check_fit
from connector.model import PersonRef

if TYPE_CHECKING:
    from connector.mapping.reading import Section
    from connector.mapping.scope import Scope
    from connector.mapping.values.slot import Slot

RECORD_ID_LENGTH = 18
TAKES = ("from", "when", "default", "write")
_OF_OBJECT = {"owner": ("User",), "account": ("Account",)}


def from_person(path: str, found: Section, slot: Slot, scope: Scope) -> Plan:
    """The part of the person that `path` names (`person`, `person.owner`), checked against the slot."""
    place = found["from"][1].place
    for name, (key, _) in found.items():
        if name not in TAKES:
            scope.problems.add(OPTION_OUT_OF_PLACE, key.place, f"{name} does not go with the person")
    if scope.people is None:
        scope.problems.add(NO_PERSON, place, "nobody is looked up", "add person: {by: [lead.externalLeadId]}")
    if path != PERSON and scope.crm is not None and not scope.crm.finds:
        scope.problems.add(NOT_IN_THIS_CRM, place, "of the person only the id is known", f"write {PERSON}")
    if scope.people is not None and scope.people.broken:
        return BROKEN
    objects = scope.people.objects if scope.people else ()
    part = part_of_person(path)
    type_ = _type(part, objects, scope)
    check_fit(type_, slot, place, scope.problems)
    if part == "id":
        fitting = tuple(name for name in objects if not slot.references or name in slot.references)
        return constant(PersonRef(part, fitting if len(fitting) < len(objects) else ()), type_)
    return constant(PersonRef(part), type_)


def _type(part: str, objects: tuple[str, ...], scope: Scope) -> Type:
    if part == "object":
        known = one_of(objects, scope.counted)
        return Type(
            Kind.TEXT, missing=True, open=True, values=objects, closed=bool(objects), longest=known.longest or None
        )
    longest = RECORD_ID_LENGTH if scope.crm is None or scope.crm.finds else None
    absent_for = scope.crm.without_account if scope.crm and part == "account" else frozenset()
    of = _OF_OBJECT.get(part, objects)
    return Type(Kind.RECORD, missing=True, open=True, longest=longest, objects=of, absent_for=absent_for)
