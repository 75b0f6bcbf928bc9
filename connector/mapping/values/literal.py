"""Plain values: what is typed, read as the kind of thing the CRM field holds; never guessed from its look."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from connector.canonical import canonical_text
from connector.crm_schema import FieldType
from connector.mapping.addresses import address_in
from connector.mapping.codes.crm import CANNOT_BE_WRITTEN, NEW_IN_PICKLIST, NOT_IN_PICKLIST, RECORD_ID
from connector.mapping.codes.file import WRONG_SHAPE
from connector.mapping.codes.types import BAD_LITERAL, NEEDS_ZONE, OUT_OF_RANGE, TOO_LONG
from connector.mapping.problems import suggestion
from connector.mapping.scalars import as_date, as_flag, as_number, as_time, as_whole, meant_flag
from connector.mapping.types import BROKEN, Kind, Plan, Type, constant, one_of
from connector.record_ids import full_id
from connector.yaml_text import Scalar

if TYPE_CHECKING:
    from connector.diagnostics import Place
    from connector.mapping.scope import Scope
    from connector.mapping.values.slot import Slot
    from connector.yaml_text import Node

ID = r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?"
_RECORD_ID_LENGTH = 18
# Every CRM and database keeps these; Salesforce no others. Source: its field types, Date.
_YEARS = range(1700, 4001)
_EXAMPLES = {
    FieldType.INTEGER: "a whole number, such as 30",
    FieldType.NUMBER: "a number, such as 1.5",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "a date, such as 2026-06-15",
    FieldType.DATETIME: "a time, such as 2026-06-15T14:30:00Z",
}


def literal(node: Node, slot: Slot, scope: Scope) -> Plan:
    """The value as the field holds it; what the field would refuse is reported."""
    if not isinstance(node, Scalar):
        scope.problems.add(WRONG_SHAPE, node.place, "a single value is due here, not a list or a map")
        return BROKEN
    if not slot.told:
        return BROKEN
    return _READERS.get(slot.type, _text)(node, slot, scope) if slot.type else _text(node, slot, scope)


def _other(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    scope.problems.add(CANNOT_BE_WRITTEN, node.place, f"{slot.name} is of a kind that is not known here")
    return BROKEN


def _flag(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    flag = as_flag(node.text)
    return _refused(node, slot, scope) if flag is None else constant(flag, Type(Kind.BOOLEAN))


def _day(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    day = as_date(node.text)
    if day is None:
        return _refused(node, slot, scope)
    _check_year(day, node, slot, scope)
    return constant(day, Type(Kind.DATE))


def _check_year(day: date, node: Scalar, slot: Slot, scope: Scope) -> None:
    if day.year not in _YEARS:
        label = f"{slot.name} takes days from {_YEARS[0]} to {_YEARS[-1]}"
        scope.problems.add(OUT_OF_RANGE, node.place, label)


def _refused(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    wanted = _EXAMPLES.get(slot.type, "a value") if slot.type else "a value"
    help_ = f"write {meant_flag(node.text)}" if slot.type is FieldType.BOOLEAN else ""
    scope.problems.add(BAD_LITERAL, node.place, f"{slot.name} takes {wanted}", help_)
    return BROKEN


def _text(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    text = canonical_text(node.text)
    problems, place = scope.problems, node.place
    if not text:
        problems.add(
            BAD_LITERAL, place, "there is nothing in it", "to empty a field, write {from: …, if_missing: clear}"
        )
        return BROKEN
    if slot.type is FieldType.PICKLIST:
        _check_in_picklist(text, slot, place, scope)
    if slot.id_length == _RECORD_ID_LENGTH and not re.fullmatch(ID, text):
        label = f"{slot.name} takes a record's id: 15 or 18 letters and digits, not a name"
        object_ = slot.references[-1] if slot.references else "…"
        problems.add(BAD_LITERAL, place, label, f"write {{find: {object_}, where: {{Name: {text}}}}}, say")
        return BROKEN
    if slot.type is FieldType.REFERENCE:
        label = "this id is the same on every call and in every org"
        help_ = "write {find: …, where: {…}}, or leave the field out for the CRM's own default"
        problems.add(RECORD_ID, place, label, help_)
    if slot.limit is not None and (length := scope.length(text)) > slot.limit:
        problems.add(TOO_LONG, place, f"{length:,} characters; {slot.name} holds {slot.limit:,}")
    if slot.type is FieldType.REFERENCE:
        # The CRM gives the long form back, which must not look like somebody's edit.
        text = full_id(text) if slot.id_length == _RECORD_ID_LENGTH else text
        return constant(text, Type(Kind.RECORD, longest=len(text)))
    if slot.address is not None:
        return _address(text, node, slot, scope)
    return constant(text, one_of((text,), scope.counted))


def _address(text: str, node: Scalar, slot: Slot, scope: Scope) -> Plan:
    address = address_in(text, slot.address)
    if address is None:
        scope.problems.add(BAD_LITERAL, node.place, f"{slot.name} takes an e-mail address, such as apten@acme.com")
        return BROKEN
    return constant(address, one_of((address,), scope.counted))


def _check_in_picklist(text: str, slot: Slot, place: Place, scope: Scope) -> None:
    allowed = slot.api_names
    if not allowed or text in allowed:
        return
    labelled = next((value for value in slot.values if value.label.lower() == text.lower()), None)
    if labelled and labelled.label != labelled.value:
        help_ = f'"{labelled.label}" is the label; write "{labelled.value}"'
    else:
        help_ = suggestion(text, allowed)
    if slot.restricted:
        scope.problems.add(NOT_IN_PICKLIST, place, f'{slot.name} does not take "{text}"', help_)
    else:
        scope.problems.add(NEW_IN_PICKLIST, place, f'{slot.name} does not list "{text}"', help_)


def _number(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    value = as_whole(node.text) if slot.type is FieldType.INTEGER else as_number(node.text)
    if value is None:
        return _refused(node, slot, scope)
    low, high = slot.minimum, slot.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        scope.problems.add(OUT_OF_RANGE, node.place, f"{slot.name} takes {low} to {high}")
    if slot.scale is not None and len(node.text.partition(".")[2].rstrip("0")) > slot.scale:
        label = f"{slot.name} keeps {slot.scale} decimal places and would round this"
        scope.problems.add(OUT_OF_RANGE, node.place, label)
    kind = Kind.INTEGER if isinstance(value, int) else Kind.NUMBER
    return constant(value, Type(kind, low=math.floor(value), high=math.ceil(value)))


def _moment(node: Scalar, slot: Slot, scope: Scope) -> Plan:
    found = as_time(node.text)
    if found is None:
        try:
            local = datetime.fromisoformat(node.text)
        except ValueError:
            return _refused(node, slot, scope)
        if scope.time is None or scope.time.name is not None:
            scope.problems.add(NEEDS_ZONE, node.place, "which moment this is depends on the place", "add Z for UTC")
            return BROKEN
        found = as_time(local.replace(tzinfo=scope.time.zone).isoformat())
    if found is None:
        return _refused(node, slot, scope)
    _check_year(found, node, slot, scope)
    return constant(found, Type(Kind.DATETIME))


_READERS = {
    FieldType.INTEGER: _number,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _flag,
    FieldType.DATE: _day,
    FieldType.DATETIME: _moment,
    FieldType.OTHER: _other,
}
