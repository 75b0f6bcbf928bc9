"""The form `{find: Object, where: {…}}`: the id of the only record that fits, found when the activity is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.mapping.codes.file import BAD_NAME, MISSING_KEY, NOT_IN_THIS_CRM, OPTION_OUT_OF_PLACE, WRONG_SHAPE
from connector.mapping.codes.source import UNSUITABLE
from connector.mapping.functions.prose import TEXT
from connector.mapping.functions.use import use
from connector.mapping.reading import is_empty, section, text
from connector.mapping.shape import FROM
from connector.mapping.source import canonical
from connector.mapping.types import BROKEN, Kind, Plan, Type, constant
from connector.mapping.values.fit import check_fit
from connector.mapping.values.from_person import RECORD_ID_LENGTH
from connector.model import Lookup
from connector.yaml_text import Mapping, Scalar

if TYPE_CHECKING:
    from connector.mapping.reading import Section
    from connector.mapping.scope import Scope
    from connector.mapping.types import Run
    from connector.mapping.values.slot import Slot
    from connector.source_model import Call, Lead
    from connector.yaml_text import Node

NAME = r"[A-Za-z][A-Za-z0-9_]{0,79}"
FOUND_BY = (Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN)
"""Kinds of sources by which a record can be found."""


def find(found: Section, slot: Slot, scope: Scope, *, fixed: bool = False) -> Plan:
    """The record whose fields hold what `where` says; `fixed` allows no values of the call in it."""
    key, node = found["find"]
    object_ = text(node, scope.problems, "find")
    if scope.crm is not None and not scope.crm.finds:
        scope.problems.add(NOT_IN_THIS_CRM, key.place, "there are no records to be found")
        return BROKEN
    if object_ is None or not _is_name(object_, node, scope):
        return BROKEN
    if "where" not in found:
        help_ = "add where: {Name: …}"
        scope.problems.add(MISSING_KEY, key.place, "find needs to know which record: where its fields hold what", help_)
        return BROKEN
    where = _where(found["where"][1], scope, fixed=fixed)
    type_ = Type(Kind.RECORD, missing=True, open=True, longest=RECORD_ID_LENGTH, objects=(object_,))
    check_fit(type_, slot, node.place, scope.problems)
    if where is None:
        return BROKEN
    plain = [(name, value) for name, value in where if isinstance(value, str)]
    if len(plain) == len(where):
        return constant(Lookup(object_, tuple(sorted(plain))), type_)
    return Plan(type_, _looks_up(object_, sorted(where, key=lambda pair: pair[0])))


def _is_name(name: str, node: Node, scope: Scope) -> bool:
    if re.fullmatch(NAME, name):
        return True
    scope.problems.add(BAD_NAME, node.place, "an API name has letters, digits and _ only")
    return False


def _where(node: Node, scope: Scope, *, fixed: bool) -> list[tuple[str, str | Run]] | None:
    """What each field has to hold; None, and reported, where something is wrong."""
    if not isinstance(node, Mapping):
        scope.problems.add(WRONG_SHAPE, node.place, "where is a map of fields", "write where: {Name: …}")
        return None
    found: list[tuple[str, str | Run]] = []
    for key, written in node.pairs:
        if is_empty(key, written, scope.problems) or not _is_name(key.text, key, scope):
            continue
        value = text(written, scope.problems, key.text) if isinstance(written, Scalar) else None
        held = value if isinstance(written, Scalar) else _from(written, scope, fixed=fixed)
        found += [(key.text, held)] if held is not None else []
    return found if len(found) == len(node.pairs) else None


def _from(node: Node, scope: Scope, *, fixed: bool) -> Run | None:
    found = section(node, FROM, scope.problems, "what the field holds")
    if "from" not in found:
        return None
    named = found["from"][1]
    if fixed:
        scope.problems.add(OPTION_OUT_OF_PLACE, named.place, "here the record is the same on every call")
        return None
    path = text(named, scope.problems, "from")
    plan = scope.read(path, named.place) if path else None
    if plan is None:
        return None
    if plan.type.kind not in FOUND_BY:
        scope.problems.add(UNSUITABLE, named.place, f"no record can be found by {plan.type.kind}")
        return None
    return use(TEXT, (), plan, named.place, scope).run


def _looks_up(object_: str, where: list[tuple[str, str | Run]]) -> Run:
    """A value that is missing finds nothing."""

    def run(call: Call, lead: Lead | None) -> Lookup | None:
        held = [(name, one if isinstance(one, str) else canonical(one(call, lead))) for name, one in where]
        known = tuple((name, value) for name, value in held if value is not None)
        return Lookup(object_, known) if len(known) == len(held) else None

    return run
